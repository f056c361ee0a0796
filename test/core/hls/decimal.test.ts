// Durations as they stand in a playlist, read as Number.parseFloat reads them.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDecimal } from '../../../src/core/hls/decimal.ts'

const read = (text: string): number => readDecimal(`#EXTINF:${text}`, 8, 8 + text.length)

describe('readDecimal', () => {
  it.each([
    '6.006,',
    '6',
    '.5',
    '6.',
    '0.1,title',
    '',
    ',',
    '-3',
    '+4',
    ' 7',
    '1e3',
    '1E-2',
    '1e',
    '1.2.3',
    'Infinity',
    '1_0',
    '0x10',
    '.',
    '.e1',
  ])('reads %j as parseFloat does', (text) => {
    expect(read(text)).toBe(Number.parseFloat(text))
  })

  it('rounds every decimal as parseFloat does', () => {
    const digits = fc.stringMatching(/^[0-9]{0,17}$/)
    fc.assert(
      fc.property(digits, digits, fc.boolean(), (whole, fraction, hasPoint) => {
        const text = hasPoint ? `${whole}.${fraction}` : whole
        expect(read(text)).toBe(Number.parseFloat(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('reads no further than its span', () => {
    expect(readDecimal('12345', 1, 3)).toBe(23)
  })
})
