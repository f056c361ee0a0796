// A search whose time depends on the number of bytes alone, against the runtime's own.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { searchFor } from '../../src/core/byte-search.ts'

const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

describe('searchFor', () => {
  it('finds what String.indexOf finds, from every position', () => {
    const letters = fc.string({ unit: fc.constantFrom('-', 'a', 'b'), maxLength: 60 })
    const mark = fc.string({ unit: fc.constantFrom('-', 'a', 'b'), minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(letters, mark, fc.nat(60), (text, sought, from) => {
        const start = Math.min(from, text.length)
        expect(searchFor(bytesOf(sought))(bytesOf(text), start)).toBe(text.indexOf(sought, start))
      }),
      { numRuns: 2000 },
    )
  })

  it('compares each byte a bounded number of times', () => {
    const search = searchFor(bytesOf(`${'-'.repeat(69)}x`))
    // A search that begins again behind each failure would compare 70 times as often: a thousand million times.
    expect(search(new Uint8Array(16_000_000).fill(0x2d), 0)).toBe(-1)
  })
})
