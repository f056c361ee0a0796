import { describe, expect, it } from 'vitest'
import { contentRange, parseRange, resolveRange, type RangeSpec } from '../../../src/core/http/range.ts'

const from = (first: number, last?: number): RangeSpec => ({ kind: 'from', first, last })
const suffix = (length: number): RangeSpec => ({ kind: 'suffix', length })

describe('parseRange', () => {
  it.each<[string, RangeSpec]>([
    ['bytes=0-0', from(0, 0)],
    ['bytes=0-499', from(0, 499)],
    ['bytes=500-', from(500)],
    ['bytes=-500', suffix(500)],
    ['bytes=-0', suffix(0)],
    ['bytes=007-008', from(7, 8)],
    ['BYTES=1-2', from(1, 2)],
    ['bytes= 1-2 ', from(1, 2)],
    ['bytes=\t1-2', from(1, 2)],
    ['bytes=0-99999999999999999999', from(0, 1e20)],
    [`bytes=${'9'.repeat(400)}-`, from(Infinity)],
  ])('reads %s', (header, spec) => {
    expect(parseRange(header)).toEqual(spec)
  })

  it.each([
    undefined,
    '',
    'bytes',
    'bytes=',
    'bytes=-',
    'bytes=--1',
    'bytes=a-b',
    'bytes=1-b',
    'bytes=2-1',
    'bytes=1',
    'bytes=1 - 2',
    'bytes=+1-2',
    'bytes=1.5-2',
    'bytes=0x0-0x5',
    'bytes=١-٢',
    'bytes =0-1',
    'bytes:0-1',
    ' bytes=0-1',
    'items=0-1',
    'bytes=0-1,3-4',
    'bytes=0-1,',
    ',bytes=0-1',
    'bytes=0-1;q=1',
    'bytes=0-1\n',
  ])('ignores %j, so that the whole is sent', (header) => {
    expect(parseRange(header)).toBeUndefined()
  })
})

describe('resolveRange', () => {
  it.each<[RangeSpec, number, ReturnType<typeof resolveRange>]>([
    [from(0, 0), 10, { offset: 0, length: 1 }],
    [from(0, 9), 10, { offset: 0, length: 10 }],
    [from(0, 10), 10, { offset: 0, length: 10 }],
    [from(0, 1e20), 10, { offset: 0, length: 10 }],
    [from(9), 10, { offset: 9, length: 1 }],
    [from(3, 5), 10, { offset: 3, length: 3 }],
    [from(10), 10, 'unsatisfiable'],
    [from(10, 12), 10, 'unsatisfiable'],
    [from(Infinity), 10, 'unsatisfiable'],
    [from(0), 0, 'unsatisfiable'],
    [from(0, 0), 0, 'unsatisfiable'],
    [suffix(0), 10, 'unsatisfiable'],
    [suffix(0), 0, 'unsatisfiable'],
    [suffix(1), 10, { offset: 9, length: 1 }],
    [suffix(10), 10, { offset: 0, length: 10 }],
    [suffix(11), 10, { offset: 0, length: 10 }],
    [suffix(Infinity), 10, { offset: 0, length: 10 }],
    [suffix(5), 0, 'whole'],
  ])('%j of %i bytes', (spec, size, expected) => {
    expect(resolveRange(spec, size)).toEqual(expected)
  })
})

describe('contentRange', () => {
  it('names the first and the last byte and the size', () => {
    expect(contentRange({ offset: 3, length: 4 }, 10)).toBe('bytes 3-6/10')
  })
})
