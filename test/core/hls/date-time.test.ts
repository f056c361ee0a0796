// Dates of EXT-X-PROGRAM-DATE-TIME, checked against the platform's own Date.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDateTime } from '../../../src/core/hls/date-time.ts'

describe('parseDateTime', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2010-02-19T14:54:23.031+08:00', Date.UTC(2010, 1, 19, 6, 54, 23, 31)],
    ['2010-02-19T14:54:23.031-0330', Date.UTC(2010, 1, 19, 18, 24, 23, 31)],
    ['2010-02-19T14:54:23+05', Date.UTC(2010, 1, 19, 9, 54, 23)],
    ['2024-02-29T00:00:00.123456Z', Date.UTC(2024, 1, 29, 0, 0, 0, 123)],
    ['2024-03-01T00:00Z', Date.UTC(2024, 2, 1)],
    ['2024-03-01 00:00:00', Date.UTC(2024, 2, 1)],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
  ])('reads %s', (text, expected) => {
    expect(parseDateTime(text)).toBe(expected)
  })

  it.each(['', 'now', '2024-13-01T00:00:00Z', '2024-00-01T00:00:00Z', '2024-01-32T00:00:00Z', '2024-01-01', '1e999'])(
    'gives nothing for %j',
    (text) => {
      expect(parseDateTime(text)).toBeUndefined()
    },
  )

  it('agrees with Date on every moment of the years 1 to 9999', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
        (date) => {
          expect(parseDateTime(date.toISOString())).toBe(date.getTime())
        },
      ),
    )
  })
})
