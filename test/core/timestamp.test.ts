import { describe, expect, it } from 'vitest'
import { formatTimestamp, parseTimestamp } from '../../src/core/timestamp.ts'

describe('parseTimestamp', () => {
  it.each([
    ['2026-11-21T12:07:00Z', '2026-11-21T12:07:00.000Z'],
    ['2026-11-21T12:07:00.5Z', '2026-11-21T12:07:00.500Z'],
    ['2028-02-29T23:59:59.999Z', '2028-02-29T23:59:59.999Z'],
  ])('reads %s', (text, instant) => {
    expect(formatTimestamp(parseTimestamp(text) ?? 0)).toBe(instant)
  })

  it.each([
    '',
    '2026-11-21',
    '2026-11-21T12:07Z',
    '2026-11-21T12:07:00',
    '2026-11-21T12:07:00+01:00',
    '2026-11-21 12:07:00Z',
    '2026-11-21t12:07:00z',
    '2026-02-29T00:00:00Z',
    '2026-02-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T12:60:00Z',
    '1795262820',
    ' 2026-11-21T12:07:00Z',
  ])('refuses %j', (text) => {
    expect(parseTimestamp(text)).toBeUndefined()
  })
})
