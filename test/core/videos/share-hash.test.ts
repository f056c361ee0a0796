import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatShareHash, isShareHash, SHARE_HASH_BYTES } from '../../../src/core/videos/share-hash.ts'

describe('formatShareHash', () => {
  it('has at least 128 bits in 22 digits or more', () => {
    expect(SHARE_HASH_BYTES * 8).toBeGreaterThanOrEqual(128)
    expect(formatShareHash(new Uint8Array(SHARE_HASH_BYTES))).toBe('0'.repeat(23))
    expect(formatShareHash(new Uint8Array(SHARE_HASH_BYTES).fill(255))).toHaveLength(23)
  })

  it('gives different bytes different hashes, and what it gives is one', () => {
    const bytes = fc.uint8Array({ minLength: SHARE_HASH_BYTES, maxLength: SHARE_HASH_BYTES })
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(isShareHash(formatShareHash(a))).toBe(true)
        expect(formatShareHash(a) === formatShareHash(b)).toBe(a.every((byte, index) => byte === b[index]))
      }),
    )
  })

  it('takes no other number of bytes', () => {
    expect(() => formatShareHash(new Uint8Array(16))).toThrow(TypeError)
  })
})

describe('isShareHash', () => {
  it.each(['', 'a', 'a'.repeat(22), 'a'.repeat(24), `${'a'.repeat(22)}-`, `${'a'.repeat(22)}%`, `${'a'.repeat(23)}\n`])(
    'says no to %j',
    (text) => {
      expect(isShareHash(text)).toBe(false)
    },
  )
})
