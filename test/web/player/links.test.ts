import { describe, expect, it } from 'vitest'
import { linkAt, parseMoment } from '../../../src/web/player/links.ts'

describe('parseMoment', () => {
  it.each([
    ['90', 90],
    ['90s', 90],
    ['1m30s', 90],
    ['1m30', 90],
    ['2m', 120],
    ['1h2m3s', 3723],
    ['1.5', 1.5],
    [' 1M30S ', 90],
  ])('reads %s as %d seconds', (text, seconds) => {
    expect(parseMoment(text)).toBe(seconds)
  })

  it.each(['', '-5', '1:30', 'NaN', '1e9', '9'.repeat(40), 'm', undefined, null])('refuses %s', (text) => {
    expect(parseMoment(text)).toBeUndefined()
  })
})

describe('linkAt', () => {
  it('puts whole seconds into the address and leaves the rest of it', () => {
    expect(linkAt('https://films.example/watch/1?token=a.b&t=3#x', 90.7)).toBe(
      'https://films.example/watch/1?token=a.b&t=90',
    )
  })
})
