import { describe, expect, it } from 'vitest'
import { formatApiKey, hashApiKey, isApiKey, parseKeyHash, keyPrefix } from '../../../src/core/auth/api-key.ts'

const DIGITS = '00112233445566778899aabbccddeeff'.repeat(2)
const KEY = `lvz_live_${DIGITS}`

describe('formatApiKey', () => {
  it('is the prefix and the bytes in lower-case hex', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, index) => (index % 16) * 0x11)
    expect(formatApiKey(bytes)).toBe(KEY)
  })

  it.each([0, 31, 33])('refuses %i bytes', (length) => {
    expect(() => formatApiKey(new Uint8Array(length))).toThrow(TypeError)
  })
})

describe('isApiKey', () => {
  it('takes the one spelling', () => {
    expect(isApiKey(KEY)).toBe(true)
  })

  it.each([
    ['another prefix', `lvz_test_${DIGITS}`],
    ['an upper-case prefix', `LVZ_LIVE_${DIGITS}`],
    ['upper-case digits', `lvz_live_${DIGITS.toUpperCase()}`],
    ['63 digits', KEY.slice(0, -1)],
    ['65 digits', `${KEY}0`],
    ['full-width digits', `lvz_live_${'０'.repeat(64)}`],
    ['a NUL at the end', `${KEY}\0`],
    ['a space at the end', `${KEY} `],
    ['a line feed at the end', `${KEY}\n`],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(isApiKey(text)).toBe(false)
  })
})

describe('hashApiKey', () => {
  it('is the SHA-256 of the whole text, prefix included', async () => {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(KEY)))
    expect(hashApiKey(KEY)).toBe([...digest].map((byte) => byte.toString(16).padStart(2, '0')).join(''))
    expect(parseKeyHash(hashApiKey(KEY))).toBe(hashApiKey(KEY))
  })
})

describe('parseKeyHash', () => {
  it.each(['', 'a'.repeat(63), 'A'.repeat(64), 'g'.repeat(64), `${'a'.repeat(64)}\n`])('refuses %j', (text) => {
    expect(parseKeyHash(text)).toBeUndefined()
  })
})

describe('keyPrefix', () => {
  it('shows eight digits and no more', () => {
    expect(keyPrefix(KEY)).toBe('lvz_live_00112233...')
  })
})
