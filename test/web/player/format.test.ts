import { describe, expect, it } from 'vitest'
import { formatTime, speakTime } from '../../../src/web/player/format.ts'

describe('formatTime', () => {
  it.each([
    [0, '0:00'],
    [7.9, '0:07'],
    [754, '12:34'],
    [3723, '1:02:03'],
    [Number.NaN, '0:00'],
    [Infinity, '0:00'],
    [-3, '0:00'],
  ])('shows %d s as %s', (seconds, shown) => {
    expect(formatTime(seconds)).toBe(shown)
  })
})

describe('speakTime', () => {
  it.each([
    [0, '0 seconds'],
    [1, '1 second'],
    [65, '1 minute 5 seconds'],
    [7260, '2 hours 1 minute'],
  ])('says %d s as %s', (seconds, words) => {
    expect(speakTime(seconds)).toBe(words)
  })
})
