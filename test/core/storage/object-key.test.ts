import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../../src/core/bytes.ts'
import { userFolder } from '../../../src/core/storage/media-key.ts'
import { fileNameOf, parseKeyPrefix, parseObjectKey } from '../../../src/core/storage/object-key.ts'
import { parseUserId, type UserId } from '../../../src/core/auth/principal.ts'

const OWN = parseUserId('11111111-1111-4111-8111-111111111111') as UserId
const FOLDER = userFolder(OWN)
const OTHER_FOLDER = 'users/22222222-2222-4222-8222-222222222222/'

/** Text made of what paths are attacked with, with ordinary letters between. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom('.', '..', '/', '\\', '%', '%2e', '%2E', '%2f', '%5c', '%252e', '%00', '\0', '\n', ' ', '~'),
      fc.constantFrom(FOLDER, OTHER_FOLDER, 'users/', '../', '..\\', '\ud800', '\u2025', '．', '／', 'a', 'ä.mp4'),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

describe('parseObjectKey', () => {
  it.each([
    ['film.mp4', `${FOLDER}film.mp4`],
    [`${FOLDER}film.mp4`, `${FOLDER}film.mp4`],
    [`${FOLDER}hls/x/seg 1+2%.m4s`, `${FOLDER}hls/x/seg 1+2%.m4s`],
    ['...mp4', `${FOLDER}...mp4`],
    ['ümlaut 漢字 😀.mp4', `${FOLDER}ümlaut 漢字 😀.mp4`],
    ['100%25.mp4', `${FOLDER}100%25.mp4`],
    ['100%.mp4', `${FOLDER}100%.mp4`],
    ['a%20b%41;v=1.mp4', `${FOLDER}a%20b%41;v=1.mp4`],
    [`${FOLDER}a..;b/...;c.mp4`, `${FOLDER}a..;b/...;c.mp4`],
  ])('takes %j literally', (text, key) => {
    expect(parseObjectKey(OWN, text)).toEqual({ ok: true, value: key })
  })

  it.each([
    `${OTHER_FOLDER}film.mp4`,
    `/${FOLDER}film.mp4`,
    `./${FOLDER}film.mp4`,
    `../film.mp4`,
    'hls/index.m3u8',
    `${FOLDER.toUpperCase()}film.mp4`,
    `users//${OWN}/film.mp4`,
    `users/${OWN}`,
    `users/${OWN}x/film.mp4`,
    `users/${OWN}%2ffilm.mp4/`,
    `https://storage.example.com/${FOLDER}film.mp4`,
    '/',
  ])('calls %j foreign', (text) => {
    expect(parseObjectKey(OWN, text)).toEqual({ ok: false, reason: 'foreign' })
  })

  it.each([
    ['', 'empty_segment'],
    [FOLDER, 'empty_segment'],
    [`${FOLDER}a//b.mp4`, 'empty_segment'],
    [`${FOLDER}a/`, 'empty_segment'],
    ['.', 'dot_segment'],
    ['..', 'dot_segment'],
    [`${FOLDER}../22222222-2222-4222-8222-222222222222/film.mp4`, 'dot_segment'],
    [`${FOLDER}a/./b.mp4`, 'dot_segment'],
    ['..\\film.mp4', 'backslash'],
    ['a\0.mp4', 'control_character'],
    ['a\r\nb.mp4', 'control_character'],
    ['a\u0085.mp4', 'control_character'],
    ['a\x7f.mp4', 'control_character'],
    [`${FOLDER}%2e%2e/film.mp4`, 'percent_encoded'],
    ['%2E%2E%2Ffilm.mp4', 'percent_encoded'],
    ['..%5cfilm.mp4', 'percent_encoded'],
    ['%252e%252e%252ffilm.mp4', 'percent_encoded'],
    ['%2525252ffilm.mp4', 'percent_encoded'],
    ['\ud800.mp4', 'not_unicode'],
  ])('refuses %j: %s', (text, reason) => {
    expect(parseObjectKey(OWN, text)).toEqual({ ok: false, reason })
  })

  it.each([
    // `%32` is `2`, `%65` is `e`: each of these becomes a dot, slash or backslash when it is decoded twice.
    ['%%32%65%%32%65', 'percent_encoded'],
    ['%2%66film.mp4', 'percent_encoded'],
    ['%%35c', 'percent_encoded'],
    ['%25%32%65', 'percent_encoded'],
    ['a%00.mp4', 'control_character'],
    ['a%2500.mp4', 'control_character'],
    ['a%%30%30.mp4', 'control_character'],
    [`${FOLDER}..;/film.mp4`, 'dot_segment'],
    [`${FOLDER}..;a=b/film.mp4`, 'dot_segment'],
    [`${FOLDER}.;/film.mp4`, 'dot_segment'],
    [`${FOLDER}a/..;`, 'dot_segment'],
    ['..%3b', 'dot_segment'],
    ['..%253Bx', 'dot_segment'],
  ])('F19: refuses %j, which another reader takes for a different path: %s', (text, reason) => {
    expect(parseObjectKey(OWN, text)).toEqual({ ok: false, reason })
    expect(parseKeyPrefix(OWN, text)).toEqual({ ok: false, reason })
  })

  it('counts bytes of UTF-8, of which a key has at most 1,024', () => {
    const room = 1024 - FOLDER.length
    expect(parseObjectKey(OWN, 'a'.repeat(room)).ok).toBe(true)
    expect(parseObjectKey(OWN, 'a'.repeat(room + 1))).toEqual({ ok: false, reason: 'too_long' })
    expect(parseObjectKey(OWN, 'ä'.repeat(room / 2 + 1))).toEqual({ ok: false, reason: 'too_long' })
  })

  it('lets no spelling out of the folder', () => {
    let accepted = 0
    fc.assert(
      fc.property(hostileText, (text) => {
        const parsed = parseObjectKey(OWN, text)
        if (!parsed.ok) return
        accepted += 1
        expectInside(parsed.value)
        expect(parsed.value === text || parsed.value === FOLDER + text).toBe(true)
        expect(fileNameOf(parsed.value)).not.toBe('')
      }),
      { numRuns: 20_000 },
    )
    expect(accepted).toBeGreaterThan(500)
  }, 60_000)
})

describe('parseKeyPrefix', () => {
  it.each([
    ['', FOLDER],
    ['hls', `${FOLDER}hls`],
    ['hls/', `${FOLDER}hls/`],
    ['hls/a/seg-', `${FOLDER}hls/a/seg-`],
    [`users/${OWN}`, FOLDER],
    [FOLDER, FOLDER],
    [`${FOLDER}hls/`, `${FOLDER}hls/`],
    ['users', `${FOLDER}users`],
  ])('reads %j', (text, prefix) => {
    expect(parseKeyPrefix(OWN, text)).toEqual({ ok: true, value: prefix })
  })

  it.each(['users/', `users/${OWN.slice(0, -1)}`, OTHER_FOLDER, `${OTHER_FOLDER}hls/`, `users/${OWN}x`])(
    'calls %j foreign',
    (text) => {
      expect(parseKeyPrefix(OWN, text)).toEqual({ ok: false, reason: 'foreign' })
    },
  )

  it.each([
    ['/', 'empty_segment'],
    ['/users', 'empty_segment'],
    ['a//', 'empty_segment'],
    ['..', 'dot_segment'],
    ['../', 'dot_segment'],
    [`${FOLDER}..`, 'dot_segment'],
    ['%2e%2e', 'percent_encoded'],
    ['a\\', 'backslash'],
  ])('refuses %j: %s', (text, reason) => {
    expect(parseKeyPrefix(OWN, text)).toEqual({ ok: false, reason })
  })

  it('lets no spelling out of the folder', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const parsed = parseKeyPrefix(OWN, text)
        if (parsed.ok) expectInside(`${parsed.value}x`)
      }),
      { numRuns: 20_000 },
    )
  }, 60_000)
})

/** However it is read: literally, by a URL parser, decoded any number of times, with either slash. */
function expectInside(key: string): void {
  expect(key.startsWith(FOLDER)).toBe(true)
  expect(utf8(key).byteLength).toBeLessThanOrEqual(1025)
  for (let reading = key, times = 0; times < 4; times++) {
    // No client can send these four raw, and a URL parser drops some of them.
    const sendable = reading.replace(/[\s?#\p{Cc}]/gu, encodeURIComponent)
    const path = new URL(`https://s3.example.com/${sendable}`).pathname
    expect(path.startsWith(`/${FOLDER}`)).toBe(true)
    reading = reading.replace(/%([0-9a-f]{2})/gi, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    )
  }
}
