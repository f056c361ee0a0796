// Line spans: every kind of ending, and nothing lost between two lines.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readLines, trimSpan } from '../../../src/core/hls/lines.ts'

function contents(text: string): readonly string[] {
  return [...readLines(text)].map(({ start, end }) => text.slice(start, end))
}

describe('readLines', () => {
  it.each([
    ['LF', 'a\nb\n', ['a', 'b'], ['lf', 'lf']],
    ['CRLF', 'a\r\nb\r\n', ['a', 'b'], ['crlf', 'crlf']],
    ['a lone CR', 'a\rb\r', ['a', 'b'], ['cr', 'cr']],
    ['no ending at the end', 'a\nb', ['a', 'b'], ['lf', 'none']],
    ['CR CR LF as a line and a blank one', 'a\r\r\nb', ['a', '', 'b'], ['cr', 'crlf', 'none']],
    ['blank lines', '\n\n', ['', ''], ['lf', 'lf']],
  ])('splits at %s', (_, text, lines, endings) => {
    expect(contents(text)).toEqual(lines)
    expect([...readLines(text)].map(({ ending }) => ending)).toEqual(endings)
  })

  it('gives no line for an empty text', () => {
    expect([...readLines('')]).toEqual([])
  })

  it('keeps surrounding spaces and tabs out of the content', () => {
    expect(contents(' \ta b\t \n')).toEqual(['a b'])
  })

  it('keeps a byte order mark out of the first line only', () => {
    expect(contents('\uFEFF#EXTM3U\n\uFEFFa.ts')).toEqual(['#EXTM3U', '\uFEFFa.ts'])
  })

  it('counts from 1, blank lines included', () => {
    expect([...readLines('\n\na')].map(({ number }) => number)).toEqual([1, 2, 3])
  })

  it('covers every character exactly once, whatever the text', () => {
    const text = fc.string({ unit: fc.constantFrom('\n', '\r', ' ', '\t', '\uFEFF', 'a', '#', '\u2028') })
    fc.assert(
      fc.property(text, (value) => {
        const pieces = [...readLines(value)].map(({ from, next }) => value.slice(from, next))
        expect(pieces.join('')).toBe(value)
        for (const content of contents(value)) expect(content).not.toMatch(/[\r\n]|^[ \t]|[ \t]$/)
      }),
    )
  })
})

describe('trimSpan', () => {
  it('gives an empty span for white space alone', () => {
    const { start, end } = trimSpan('  \t ', 0, 4)
    expect(start).toBe(end)
  })
})
