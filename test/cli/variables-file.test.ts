// The one reader of files of variables, and what it refuses rather than guesses.
import { describe, expect, it } from 'vitest'
import { parseVariables } from '../../src/cli/variables-file.ts'

const read = (text: string): Record<string, string> => Object.fromEntries(parseVariables(text, 'production.env'))

describe('parseVariables', () => {
  it.each([
    ['NAME=value', 'value'],
    ['NAME=a#b # c', 'a#b # c'],
    ['NAME=$HOME ${HOME} `id`', '$HOME ${HOME} `id`'],
    ['NAME=a=b=c', 'a=b=c'],
    [String.raw`NAME=C:\new\table`, String.raw`C:\new\table`],
    ['NAME=it\'s "so"', 'it\'s "so"'],
    ['NAME="a "quoted" word"', 'a "quoted" word'],
    ["NAME=' spaces '", ' spaces '],
    ['  NAME  =  value  ', 'value'],
    [String.raw`NAME="line one\nline two"`, 'line one\nline two'],
    [String.raw`NAME='line one\nline two'`, String.raw`line one\nline two`],
    [String.raw`NAME={"a":"b\n"}`, String.raw`{"a":"b\n"}`],
    ['NAME=value\r\n', 'value'],
    ['\uFEFFNAME=value', 'value'],
    ['# NAME=other\n\n   # more\nNAME=value', 'value'],
  ])('F9: reads %j as it stands there', (text, value) => {
    expect(read(text)).toEqual({ NAME: value })
  })

  it('F9: takes an empty value for unset', () => {
    expect(read('A=\nB=""\nC=c')).toEqual({ C: 'c' })
  })

  it.each([
    ['NAME', 'production.env, line 1: expected NAME=value.'],
    ['\nNAME with spaces=1', 'production.env, line 2: expected NAME=value.'],
    ['A=1\nA=2', 'production.env, line 2: A is set a second time.'],
    ['A=\nA=2', 'production.env, line 2: A is set a second time.'],
    ['A="-----BEGIN PUBLIC KEY-----\nabc', 'the quote before the value of A is not closed on this line.'],
    ['A="', 'the quote before the value of A is not closed on this line.'],
  ])('F9: refuses %j without showing a value', (text, sentence) => {
    expect(() => read(text)).toThrow(sentence)
    expect(() => read(text)).not.toThrow(/abc|BEGIN/)
  })
})
