// The types of messages that cross to the engine, and how their header is written.
import { describe, expect, it } from 'vitest'
import { formType, isJsonType, readFormType } from '../../../src/core/engine/body-type.ts'

describe('isJsonType', () => {
  it.each([
    'application/json',
    'Application/JSON',
    'application/json;charset=utf-8',
    'application/json ; charset="UTF-8"',
    'application/json; charset=utf8;',
  ])('takes %s', (text) => {
    expect(isJsonType(text)).toBe(true)
  })

  it.each([
    '',
    'text/json',
    'application/json5',
    'application/problem+json',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-7',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8-sig',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf-8; charset=utf-7',
    'application/json; charset=utf-8, application/json; charset=utf-7',
    "application/json; charset*=utf-8''utf-7",
    'application/json; charset=',
    'application/json; charset="utf-8',
    'application/json; charset="utf\\-7"',
    'application/json; boundary=x',
    'application/json; profile=x',
    'application/json charset=utf-8',
  ])('refuses %j', (text) => {
    expect(isJsonType(text)).toBe(false)
  })

  it('takes time in proportion to the length', () => {
    expect(isJsonType(`application/json${' ; '.repeat(50_000)}x`)).toBe(false)
    expect(isJsonType(`application/json;${' '.repeat(100_000)}"`)).toBe(false)
  })
})

describe('readFormType', () => {
  it.each([
    ['multipart/form-data; boundary=x', 'x'],
    ['Multipart/Form-Data;BOUNDARY="x"', 'x'],
    ['multipart/form-data; charset=UTF-8; boundary=a-b_c.d', 'a-b_c.d'],
    ['multipart/form-data; boundary="\'()+_./:=?-"', "'()+_./:=?-"],
    ["multipart/form-data; boundary='()+_./:=?-", "'()+_./:=?-"],
    [`multipart/form-data; boundary=${'x'.repeat(70)}`, 'x'.repeat(70)],
  ])('reads %s', (text, boundary) => {
    expect(readFormType(text)).toEqual({ ok: true, boundary })
  })

  it.each([
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=""',
    'multipart/form-data; boundary=x,y',
    'multipart/form-data; boundary="x "',
    'multipart/form-data; boundary=" x"',
    'multipart/form-data; boundary="x;y"',
    'multipart/form-data; boundary="x\\y"',
    'multipart/form-data; boundary=x; boundary=y',
    'multipart/form-data; boundary=x; Boundary=x',
    'multipart/form-data; boundary=x y',
    'multipart/form-data; boundary=x*',
    'multipart/form-data; boundary=ä',
    `multipart/form-data; boundary=${'x'.repeat(71)}`,
  ])('finds no boundary in %j', (text) => {
    expect(readFormType(text)).toEqual({ ok: false, reason: 'boundary' })
  })

  it.each([
    '',
    'application/x-www-form-urlencoded',
    'application/octet-stream',
    'multipart/mixed; boundary=x',
    'multipart/form-datax; boundary=x',
    'multipart/form-data; boundary=x; charset=utf-7',
    'multipart/form-data; boundary=x; charset=hz',
    "multipart/form-data; boundary*=utf-8''x",
    'multipart/form-data; boundary*0=x; boundary*1=y',
    'multipart/form-data; boundary=x; start=y',
  ])('takes %j for no form', (text) => {
    expect(readFormType(text)).toEqual({ ok: false, reason: 'not_form' })
  })
})

describe('formType', () => {
  it.each([
    ['----WebKitFormBoundary7MA4YWxkTrZu0gW', 'multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW'],
    ['===============1==', 'multipart/form-data; boundary="===============1=="'],
    ['a/b', 'multipart/form-data; boundary="a/b"'],
    ["a'+_.-", "multipart/form-data; boundary=a'+_.-"],
  ])('writes %s', (boundary, header) => {
    expect(formType(boundary)).toBe(header)
    expect(readFormType(header)).toEqual({ ok: true, boundary })
  })
})
