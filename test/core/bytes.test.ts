// UTF-8, hex and base64url against the runtime's own codecs, which core itself may not use.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, decodeBase64url, encodeBase64url, equalBytes, hex, utf8 } from '../../src/core/bytes.ts'

const BYTES = fc.uint8Array({ maxLength: 200 })

const POINT = fc.oneof(fc.nat(0x7ff), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))

const TEXT = fc.array(POINT, { maxLength: 100 }).map((points) => String.fromCodePoint(...points))

describe('utf8', () => {
  it.each([
    ['', []],
    ['\u{0}\u{7f}', [0x00, 0x7f]],
    ['\u{80}\u{7ff}', [0xc2, 0x80, 0xdf, 0xbf]],
    ['\u{800}\u{ffff}', [0xe0, 0xa0, 0x80, 0xef, 0xbf, 0xbf]],
    ['\u{d7ff}\u{e000}', [0xed, 0x9f, 0xbf, 0xee, 0x80, 0x80]],
    ['\u{10000}\u{10ffff}', [0xf0, 0x90, 0x80, 0x80, 0xf4, 0x8f, 0xbf, 0xbf]],
  ])('writes the first and last character of each length, %j', (text, bytes) => {
    expect([...utf8(text)]).toEqual(bytes)
  })

  it('writes what TextEncoder writes', () => {
    fc.assert(
      fc.property(TEXT, (text) => {
        expect(utf8(text)).toEqual(new TextEncoder().encode(text))
      }),
    )
  })

  it.each(['\ud800', 'a\udc00b', '\ud83d', '\ude00\ud83d', 'tail\udbff'])('refuses a lone surrogate, %j', (text) => {
    expect(() => utf8(text)).toThrow(TypeError)
  })
})

describe('hex', () => {
  it('writes two lower-case digits for every byte', () => {
    expect(hex(Uint8Array.of(0, 1, 15, 16, 171, 255))).toBe('00010f10abff')
    expect(hex(new Uint8Array())).toBe('')
  })

  it('reads back to the same bytes', () => {
    fc.assert(
      fc.property(BYTES, (bytes) => {
        expect(hex(bytes)).toBe(Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join(''))
      }),
    )
  })
})

describe('equalBytes', () => {
  it('accepts the same bytes in two arrays', () => {
    fc.assert(
      fc.property(BYTES, (bytes) => {
        expect(equalBytes(bytes, Uint8Array.from(bytes))).toBe(true)
      }),
    )
  })

  it('refuses a difference of one bit at any place', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), fc.nat(7), (bytes, place, bit) => {
        const other = Uint8Array.from(bytes)
        const at = place % other.length
        other[at] = (other[at] ?? 0) ^ (1 << bit)
        expect(equalBytes(bytes, other)).toBe(false)
      }),
    )
  })

  it('refuses another length, a prefix of zeros included', () => {
    expect(equalBytes(new Uint8Array(3), new Uint8Array(4))).toBe(false)
    expect(equalBytes(new Uint8Array(4), new Uint8Array(3))).toBe(false)
    expect(equalBytes(new Uint8Array(), new Uint8Array(1))).toBe(false)
  })
})

describe('encodeBase64url', () => {
  it.each([
    ['', ''],
    ['f', 'Zg'],
    ['fo', 'Zm8'],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg'],
    ['fooba', 'Zm9vYmE'],
    ['foobar', 'Zm9vYmFy'],
  ])('writes the vector of RFC 4648 §10 for %j without its padding', (text, encoded) => {
    expect(encodeBase64url(utf8(text))).toBe(encoded)
  })

  it('writes what btoa writes, in the URL alphabet', () => {
    fc.assert(
      fc.property(BYTES, (bytes) => {
        const standard = btoa(String.fromCharCode(...bytes))
        const expected = standard.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
        expect(encodeBase64url(bytes)).toBe(expected)
      }),
    )
  })
})

describe('decodeBase64url', () => {
  it('gives the bytes back', () => {
    fc.assert(
      fc.property(BYTES, (bytes) => {
        expect(decodeBase64url(encodeBase64url(bytes))).toEqual(bytes)
      }),
    )
  })

  it('accepts a text only if it is the one spelling of its bytes', () => {
    const nearly = fc.string({ unit: fc.constantFrom(...'ABab01-_/+= \n'.split('')), maxLength: 9 })
    fc.assert(
      fc.property(nearly, (text) => {
        const bytes = decodeBase64url(text)
        fc.pre(bytes !== undefined)
        expect(encodeBase64url(bytes)).toBe(text)
      }),
    )
  })

  it.each([
    ['padding', 'Zg=='],
    ['the standard alphabet', '-/'],
    ['a plus sign', '+-'],
    ['a space', 'Zm 9'],
    ['a line break at the end', 'Zm9v\n'],
    ['a character beyond ASCII', 'Zm9\u0176'],
    ['an impossible length', 'Zm9vY'],
    ['one character', 'A'],
    ['unused bits of two characters that are not zero', 'Zh'],
    ['unused bits of three characters that are not zero', 'Zm9'],
  ])('refuses %s', (_, text) => {
    expect(decodeBase64url(text)).toBeUndefined()
  })
})

describe('concatBytes', () => {
  it('joins chunks in their order', () => {
    const chunks = [new Uint8Array([1, 2]), new Uint8Array(), new Uint8Array([3])]
    expect([...concatBytes(chunks)]).toEqual([1, 2, 3])
    expect(concatBytes([]).length).toBe(0)
  })
})
