// Attribute lists (RFC 8216bis §4.2): quotes, boundaries of names, and the shapes real packagers write.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findAttribute, readAttributes } from '../../../src/core/hls/attributes.ts'

function pairs(text: string): readonly (readonly [string, string])[] | undefined {
  return readAttributes(text, 0, text.length)?.map(({ name, start, end }) => [name, text.slice(start, end)])
}

describe('readAttributes', () => {
  it.each([
    [
      'a plain list',
      'A=1,B=two',
      [
        ['A', '1'],
        ['B', 'two'],
      ],
    ],
    [
      'commas and equal signs inside quotes',
      'A="x,y=z",B=2',
      [
        ['A', 'x,y=z'],
        ['B', '2'],
      ],
    ],
    [
      'an empty quoted value',
      'URI="",B=2',
      [
        ['URI', ''],
        ['B', '2'],
      ],
    ],
    [
      'an empty bare value',
      'URI=,B=2',
      [
        ['URI', ''],
        ['B', '2'],
      ],
    ],
    [
      'spaces around names, values and commas',
      ' A = 1 , B = "2" ,C=3 ',
      [
        ['A', '1'],
        ['B', '2'],
        ['C', '3'],
      ],
    ],
    [
      'trailing and doubled commas',
      'A=1,,B=2,',
      [
        ['A', '1'],
        ['B', '2'],
      ],
    ],
    ['a name without a value', 'FLAG,A=1', [['A', '1']]],
    [
      'what stands between a closing quote and the comma',
      'A="1"x,B=2',
      [
        ['A', '1'],
        ['B', '2'],
      ],
    ],
    [
      'an unquoted URI with equal signs',
      'URI=k.php?a=1&b=2,IV=0x0',
      [
        ['URI', 'k.php?a=1&b=2'],
        ['IV', '0x0'],
      ],
    ],
    [
      'a data URI',
      'URI="data:text/plain;base64,AAAA==",B=1',
      [
        ['URI', 'data:text/plain;base64,AAAA=='],
        ['B', '1'],
      ],
    ],
    [
      'a repeated name',
      'URI="a",URI="b"',
      [
        ['URI', 'a'],
        ['URI', 'b'],
      ],
    ],
    ['nothing', '', []],
  ])('reads %s', (_, text, expected) => {
    expect(pairs(text)).toEqual(expected)
  })

  it('does not take the end of a longer name for a name', () => {
    const attributes = readAttributes('SERVER-URI="a",X-ASSET-URI="b"', 0, 30) ?? []
    expect(findAttribute(attributes, 'URI')).toBeUndefined()
  })

  it('refuses an unterminated quote', () => {
    expect(pairs('A=1,URI="a.ts')).toBeUndefined()
  })

  it('does not look for a closing quote beyond its end', () => {
    expect(readAttributes('URI="a\nB="', 0, 6)).toBeUndefined()
  })

  it('says whether a value is quoted, and where its name begins', () => {
    expect(readAttributes('A=1, B="2"', 0, 10)).toEqual([
      { name: 'A', from: 0, start: 2, end: 3, isQuoted: false },
      { name: 'B', from: 5, start: 8, end: 9, isQuoted: true },
    ])
  })

  it('gives spans in order and inside the list, whatever the text', () => {
    const text = fc.string({ unit: fc.constantFrom('A', 'URI', '=', ',', '"', ' ', '\t', '\\', '{$v}', 'é') })
    fc.assert(
      fc.property(text, (value) => {
        let position = 0
        for (const { from, start, end, isQuoted } of readAttributes(value, 0, value.length) ?? []) {
          expect(from).toBeGreaterThanOrEqual(position)
          expect(start).toBeGreaterThan(from - 1)
          expect(end).toBeGreaterThanOrEqual(start)
          if (isQuoted) expect(value.slice(start, end)).not.toContain('"')
          position = end
        }
        expect(position).toBeLessThanOrEqual(value.length)
      }),
    )
  })
})

describe('findAttribute', () => {
  it('finds the last one of a repeated name', () => {
    const text = 'URI="a",URI="b"'
    const found = findAttribute(readAttributes(text, 0, text.length) ?? [], 'URI')
    expect(found && text.slice(found.start, found.end)).toBe('b')
  })
})
