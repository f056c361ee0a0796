import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeKeyCursor, decodeVideoCursor, encodeKeyCursor, encodeVideoCursor } from '../../src/core/cursor.ts'

describe('a cursor of videos', () => {
  it('comes back as it went', () => {
    fc.assert(
      fc.property(fc.nat(), fc.uuid(), (createdAtMs, jobId) => {
        const position = { createdAtMs, jobId }
        expect(decodeVideoCursor(encodeVideoCursor(position))).toEqual(position)
      }),
    )
  })

  it.each([
    '',
    '_',
    'x_y',
    '0_',
    `0_${'0'.repeat(31)}`,
    `00_${'0'.repeat(32)}`,
    `zzzzzzzzzz_${'0'.repeat(32)}`,
    `0_${'A'.repeat(32)}`,
    `-1_${'0'.repeat(32)}`,
    `0_${'0'.repeat(32)} OR 1=1`,
  ])('is not %j', (cursor) => {
    expect(decodeVideoCursor(cursor)).toBeUndefined()
  })
})

describe('a cursor of keys', () => {
  it('comes back as it went', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (key) => {
        fc.pre(key.isWellFormed())
        expect(decodeKeyCursor(encodeKeyCursor(key))).toBe(key)
      }),
    )
  })

  it.each(['', '=', 'a', '!!!!', 'JTI', 'YSBi', 'JTJl', 'JQ'])('is not %j', (cursor) => {
    expect(decodeKeyCursor(cursor)).toBeUndefined()
  })
})
