// The encoding that both ends of a signature must agree on, byte for byte.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeComponent, encodePath } from '../../src/core/uri-encoding.ts'

const UNRESERVED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~'

const POINT = fc.oneof(fc.nat(0x7f), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))

const TEXT = fc.array(POINT, { maxLength: 40 }).map((points) => String.fromCodePoint(...points))

/** The rule read literally: unreserved bytes stay, every other byte becomes %XX. */
function encodeBytewise(text: string, kept: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => {
    const character = String.fromCharCode(byte)
    return kept.includes(character) ? character : `%${(byte + 256).toString(16).slice(1).toUpperCase()}`
  }).join('')
}

describe('encodeComponent', () => {
  it('encodes every ASCII character but the unreserved', () => {
    for (let code = 0; code < 128; code++) {
      const character = String.fromCharCode(code)
      expect(encodeComponent(character)).toBe(encodeBytewise(character, UNRESERVED))
    }
  })

  it('encodes the UTF-8 bytes of any text', () => {
    fc.assert(
      fc.property(TEXT, (text) => {
        expect(encodeComponent(text)).toBe(encodeBytewise(text, UNRESERVED))
      }),
    )
  })

  it('refuses a lone surrogate as a caller’s mistake', () => {
    expect(() => encodeComponent('a\ud800')).toThrow(TypeError)
  })
})

describe('encodePath', () => {
  it.each([
    ['/', '/'],
    ['/a b+c', '/a%20b%2Bc'],
    ["/it's (1)!*.ts", '/it%27s%20%281%29%21%2A.ts'],
    ['/100%', '/100%25'],
    ['/already%20encoded', '/already%2520encoded'],
    ['/film/ሴ/😀.m4s', '/film/%E1%88%B4/%F0%9F%98%80.m4s'],
    ['//double//slash/', '//double//slash/'],
    ['/./a/../b/.hidden/..', '/./a/../b/.hidden/..'],
    ['/~user/-_.~', '/~user/-_.~'],
    ['/a?b#c&d=e;f:g@h', '/a%3Fb%23c%26d%3De%3Bf%3Ag%40h'],
    ['/back\\slash', '/back%5Cslash'],
  ])('encodes %j once and normalises nothing', (path, encoded) => {
    expect(encodePath(path)).toBe(encoded)
  })

  it('keeps slashes and encodes the UTF-8 bytes of any text', () => {
    fc.assert(
      fc.property(TEXT, (text) => {
        expect(encodePath(text)).toBe(encodeBytewise(text, `${UNRESERVED}/`))
      }),
    )
  })

  it('refuses a lone surrogate as a caller’s mistake', () => {
    expect(() => encodePath('/a/\udfff.ts')).toThrow(TypeError)
  })
})
