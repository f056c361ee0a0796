// Our own SHA-256 and HMAC against the published vectors and, for every length, against crypto.subtle.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex, utf8 } from '../../src/core/bytes.ts'
import { hmacKey, hmacSha256, midstate, paddedLength, sha256, writePadding } from '../../src/core/sha256.ts'

const LONGEST = 300

/** Bytes that differ from place to place, so that a block read at the wrong offset is noticed. */
function patterned(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (index * 151 + (index >> 3)) & 0xff)
}

async function subtleSha256(message: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', message)))
}

async function subtleHmac(key: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign'])
  return hex(new Uint8Array(await crypto.subtle.sign('HMAC', imported, message)))
}

describe('sha256', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
    [
      'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn' +
        'hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
      'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1',
    ],
  ])('gives the digest published with FIPS 180-4 for %j', (text, digest) => {
    expect(hex(sha256(utf8(text)))).toBe(digest)
  })

  it('gives the digest published with FIPS 180-4 for a million times the letter a', () => {
    const digest = hex(sha256(new Uint8Array(1_000_000).fill(0x61)))
    expect(digest).toBe('cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0')
  })

  it('agrees with crypto.subtle at every length across several blocks', async () => {
    for (let length = 0; length <= LONGEST; length++) {
      expect(hex(sha256(patterned(length))), `length ${length}`).toBe(await subtleSha256(patterned(length)))
    }
  })

  it('agrees with crypto.subtle on random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 1000 }), async (bytes) => {
        expect(hex(sha256(bytes))).toBe(await subtleSha256(Uint8Array.from(bytes)))
      }),
    )
  })

  it('reads only the bytes of a view into a larger buffer', () => {
    const large = patterned(200)
    expect(sha256(large.subarray(7, 140))).toEqual(sha256(large.slice(7, 140)))
  })

  it('leaves its input as it was', () => {
    const message = patterned(100)
    sha256(message)
    expect(message).toEqual(patterned(100))
  })
})

describe('midstate', () => {
  it('continues to the digest of the whole message from every block boundary', () => {
    const message = patterned(LONGEST)
    for (let cut = 0; cut <= LONGEST; cut += 64) {
      expect(sha256(message.subarray(cut), midstate(message.subarray(0, cut)))).toEqual(sha256(message))
    }
  })

  it('continues from another midstate', () => {
    const message = patterned(200)
    const first = midstate(message.subarray(0, 64))
    const second = midstate(message.subarray(64, 192), first)
    expect(second.byteLength).toBe(192)
    expect(sha256(message.subarray(192), second)).toEqual(sha256(message))
  })

  it('serves many continuations without changing', () => {
    const start = midstate(patterned(64))
    const words = Array.from(start.words)
    const once = hex(sha256(utf8('one'), start))
    sha256(utf8('another'), start)
    midstate(patterned(128), start)
    expect(Array.from(start.words)).toEqual(words)
    expect(hex(sha256(utf8('one'), start))).toBe(once)
  })

  it.each([1, 63, 65])('refuses %i bytes, which are no whole blocks', (length) => {
    expect(() => midstate(patterned(length))).toThrow(TypeError)
  })
})

describe('writePadding', () => {
  it('counts the bits of a message too long for 32 bits', () => {
    const block = new Uint8Array(64).fill(0xff)
    writePadding(block, 5, 2 ** 40 + 3)
    expect(hex(block)).toBe(`ffffffffff80${'00'.repeat(50)}0000080000000018`)
  })

  it('leaves room for the mark and the length, and no block more', () => {
    expect([0, 55, 56, 64, 119, 120].map((length) => paddedLength(length))).toEqual([64, 64, 128, 128, 128, 192])
  })
})

describe('hmacSha256', () => {
  const long = new Uint8Array(131).fill(0xaa)
  it.each([
    [
      1,
      new Uint8Array(20).fill(0x0b),
      utf8('Hi There'),
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    ],
    [
      2,
      utf8('Jefe'),
      utf8('what do ya want for nothing?'),
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    [
      3,
      new Uint8Array(20).fill(0xaa),
      new Uint8Array(50).fill(0xdd),
      '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
    ],
    [
      4,
      Uint8Array.from({ length: 25 }, (_, index) => index + 1),
      new Uint8Array(50).fill(0xcd),
      '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
    ],
    [5, new Uint8Array(20).fill(0x0c), utf8('Test With Truncation'), 'a3b6167473100ee06e0c796c2955552b'],
    [
      6,
      long,
      utf8('Test Using Larger Than Block-Size Key - Hash Key First'),
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
    [
      7,
      long,
      utf8(
        'This is a test using a larger than block-size key and a larger than block-size data. ' +
          'The key needs to be hashed before being used by the HMAC algorithm.',
      ),
      '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
    ],
  ])('gives the code of test case %i of RFC 4231', (_, key, message, code) => {
    expect(hex(hmacSha256(hmacKey(key), message)).slice(0, code.length)).toBe(code)
  })

  it('agrees with crypto.subtle at every key length around a block', async () => {
    const message = patterned(70)
    for (let length = 1; length <= 130; length++) {
      const key = patterned(length)
      expect(hex(hmacSha256(hmacKey(key), message)), `key of ${length}`).toBe(await subtleHmac(key, message))
    }
  })

  it('agrees with crypto.subtle at every message length, with one key for all', async () => {
    const key = patterned(32)
    const prepared = hmacKey(key)
    for (let length = 0; length <= LONGEST; length++) {
      const message = patterned(length)
      expect(hex(hmacSha256(prepared, message)), `length ${length}`).toBe(await subtleHmac(key, message))
    }
  })

  it('takes an empty key, which crypto.subtle may refuse', () => {
    const code = 'b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad'
    expect(hex(hmacSha256(hmacKey(new Uint8Array()), new Uint8Array()))).toBe(code)
  })
})
