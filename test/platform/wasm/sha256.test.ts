// SHA-256 in WebAssembly against the platform's own and against core's.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hmacKey } from '../../../src/core/sha256.ts'
import { deriveSigningKey } from '../../../src/core/sigv4/steps.ts'
import { deriveKey, digestKey } from '../../../src/platform/wasm/sha256.ts'

/** The 32 bytes of a digest, two a UTF-16 unit, high byte first. */
async function platformKey(text: string): Promise<string> {
  const digest = new DataView(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return String.fromCharCode(...Array.from({ length: 16 }, (_, index) => digest.getUint16(2 * index)))
}

describe('digestKey', () => {
  it('gives the digest of every length across four blocks', async () => {
    for (let length = 0; length <= 256; length++) {
      const text = 'eyJhbGciOi'.repeat(26).slice(0, length)
      expect(digestKey(text), `${length} characters`).toBe(await platformKey(text))
    }
  })

  it('takes the UTF-8 of any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 400 }), async (text) => {
        expect(digestKey(text)).toBe(await platformKey(text))
      }),
    )
  })

  it('takes a text longer than the instance had memory for, and the next one after it', async () => {
    const long = 'x'.repeat(400_000)
    expect(digestKey(long)).toBe(await platformKey(long))
    expect(digestKey('')).toBe(await platformKey(''))
  })
})

describe('deriveKey', () => {
  it('derives what sigv4 derives, for secrets and names of any length', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 150 }),
        fc.record({ date: fc.constant('20261121'), region: fc.string({ maxLength: 80 }), service: fc.constant('s3') }),
        (secret, scope) => {
          expect(deriveKey(secret, scope)).toEqual(hmacKey(deriveSigningKey(secret, scope)))
        },
      ),
    )
  })
})
