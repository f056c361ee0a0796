// The resolver: what a player would request, and every spelling that must not leave the stream's folder.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LEAVES_FOLDER, NOT_UNICODE, resolveReference, TOO_LONG } from '../../../src/core/hls/reference.ts'
import { encodeComponent, encodePath } from '../../../src/core/uri-encoding.ts'
import { FOLDER } from './place.ts'

describe('resolveReference', () => {
  it('gives for any encoded path of names what decoding and encoding each of them gives', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), fc.boolean(), (names, isCanonical) => {
        const encoded = names.map((each) => (isCanonical ? encodeComponent(each) : encodeURIComponent(each))).join('/')
        const path = names.join('/')
        const isRefused = names.some((each) => /[\p{Cc}\\/]/u.test(each))
        const isDotted = names.some((each) => each === '.' || each === '..')
        if (isDotted) return
        const resolved = resolveReference(encoded, 'v/index.m3u8')
        if (isRefused) expect(resolved.kind).toBe('refused')
        else expect(resolved).toMatchObject({ encodedPath: encodePath(`v/${path}`) })
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['seg.ts', 'index.m3u8', 'seg.ts'],
    ['seg.ts', 'video/720p.m3u8', 'video/seg.ts'],
    ['../audio/1.aac', 'video/720p.m3u8', 'audio/1.aac'],
    ['./a/./b.ts', 'index.m3u8', 'a/b.ts'],
    ['a/../b.ts', 'index.m3u8', 'b.ts'],
    ['a//b.ts', 'index.m3u8', 'a//b.ts'],
    ['my film.ts', 'index.m3u8', 'my film.ts'],
    ['my%20film.ts', 'index.m3u8', 'my film.ts'],
    ['%41.ts', 'index.m3u8', 'A.ts'],
    ['caf%C3%A9.ts', 'index.m3u8', 'café.ts'],
    ['日本.ts', 'index.m3u8', '日本.ts'],
    ['a+b.ts', 'index.m3u8', 'a+b.ts'],
    ['12:30:00.ts', 'index.m3u8', '12:30:00.ts'],
    ['a%3Fb%23c.ts', 'index.m3u8', 'a?b#c.ts'],
    ['...', 'index.m3u8', '...'],
    ['..a/b..', 'index.m3u8', '..a/b..'],
    ['a..;b/...;c.ts', 'index.m3u8', 'a..;b/...;c.ts'],
    ['%25', 'index.m3u8', '%'],
    ['100%.ts', 'index.m3u8', '100%.ts'],
    ['a%zz.ts', '100%/index.m3u8', '100%/a%zz.ts'],
    ['%%20%2', 'index.m3u8', '% %2'],
    ['a%2520b.ts', 'index.m3u8', 'a%20b.ts'],
    ['a%2Eb.ts', 'index.m3u8', 'a.b.ts'],
    ['．．/x.ts', 'index.m3u8', '．．/x.ts'],
    ['', 'video/720p.m3u8', 'video/720p.m3u8'],
    ['x'.repeat(940), 'index.m3u8', 'x'.repeat(940)],
    ['é'.repeat(470), 'index.m3u8', 'é'.repeat(470)],
    ['😀'.repeat(235), 'index.m3u8', '😀'.repeat(235)],
  ])('takes %j in %s for an object inside', (reference, playlistPath, path) => {
    const encodedPath = encodePath(path)
    const expected = { kind: 'inside', encodedPath, query: '', fragment: '' }
    expect(resolveReference(reference, playlistPath)).toEqual(expected)
  })

  it.each([
    ['a.ts?b=1#t=2', '?b=1', '#t=2'],
    ['a.ts#t=2?b', '', '#t=2?b'],
    ['a.ts?x="y" z', '?x=%22y%22%20z', ''],
    ['a.ts?{$v}', '?%7B$v%7D', ''],
    ['a.ts?%7E#é', '?%7E', '#%C3%A9'],
    ['a.ts?', '?', ''],
  ])(
    'splits %j and leaves nothing in it that could end an attribute or name a variable',
    (reference, query, fragment) => {
      const expected = { kind: 'inside', encodedPath: 'a.ts', query, fragment }
      expect(resolveReference(reference, 'index.m3u8')).toEqual(expected)
    },
  )

  it.each([
    'https://cdn.example.net/a.ts',
    'HTTP://cdn.example.net/a.ts',
    'https://cdn.example.net/../../a.ts',
    '//cdn.example.net/a.ts',
    '///cdn.example.net/a.ts',
    'data:text/plain;base64,AAAA',
    'skd://key-1',
    'urn:uuid:5f3e9a52-7d6b-4a0e-8f4c-0d6c7e9b1a22',
    'file:///etc/passwd',
    'blob:https://a/b',
    'C:\\Music\\a.mp3',
    'x+y-z.1:a',
  ])('takes %j for foreign', (reference) => {
    expect(resolveReference(reference, 'index.m3u8')).toEqual({ kind: 'foreign' })
  })

  it.each(['https:a.ts', 'http:../a.ts', 'https:/a.ts', 'https:\\\\host\\a.ts'])(
    'refuses %j, which is relative for one player and absolute for another',
    (reference) => {
      expect(resolveReference(reference, 'index.m3u8')).toEqual({ kind: 'refused', reason: 'malformed URI' })
    },
  )

  it('refuses one .. more than the playlist is deep', () => {
    expect(resolveReference('../../a.ts', 'a/b/c.m3u8')).toMatchObject({ kind: 'inside', encodedPath: 'a.ts' })
    expect(resolveReference('../../../a.ts', 'a/b/c.m3u8')).toEqual({ kind: 'refused', reason: LEAVES_FOLDER })
  })

  it.each([
    ['a byte too long', 'x'.repeat(941), TOO_LONG],
    ['a byte too long in UTF-8', 'é'.repeat(470) + 'x', TOO_LONG],
    ['a byte too long in surrogate pairs', '😀'.repeat(235) + 'x', TOO_LONG],
    ['a lone surrogate', 'a\uD800.ts', NOT_UNICODE],
  ])('F30: refuses %s and says so', (_, reference, reason) => {
    expect(resolveReference(reference, 'index.m3u8')).toEqual({ kind: 'refused', reason })
  })
})

describe('resolveReference, against the URL standard', () => {
  const host = 'https://player.example.org'
  const piece = fc.constantFrom(
    '..',
    '.',
    '/',
    '//',
    '\\',
    '%2e',
    '%2E',
    '%2f',
    '%5c',
    '%00',
    '%25',
    '%',
    '%c0%ae',
    '%E2%82%AC',
    'a',
    'ü',
    '€',
    '?',
    '#',
    ':',
    'http:',
    'https://',
    'data:',
    '\t',
    ' ',
    '\u0000',
    '\u2028',
    '..;',
    '%252e',
    '%252f',
    '%255c',
    '%2500',
    '%%32e',
    '%25%32%65',
    '%3b',
    '@',
    ';',
    '[',
    '|',
    '😀',
  )
  const reference = fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join('').trim())
  const playlistPath = fc.constantFrom('index.m3u8', 'video/720p.m3u8', 'a b/ü/100%/x.m3u8', 'a//b/c.m3u8')

  it('signs exactly what a player would have requested, and always below the folder', () => {
    fc.assert(
      fc.property(reference, playlistPath, (value, path) => {
        const resolved = resolveReference(value, path)
        if (resolved.kind !== 'inside') return
        const decoded = decodeURIComponent(resolved.encodedPath)
        expect(resolved.encodedPath).toBe(encodePath(decoded))
        const wanted = new URL(value, `${host}/${FOLDER}${encodePath(path)}`)
        expect(wanted.origin).toBe(host)
        expect(decodeOnce(wanted.pathname)).toBe(`/${FOLDER}${decoded}`)
        const emitted = new URL(`${host}/${FOLDER}${resolved.encodedPath}${resolved.query}${resolved.fragment}`)
        expect(decodeURIComponent(emitted.pathname)).toBe(`/${FOLDER}${decoded}`)
        expect(emitted.pathname.startsWith(`/${FOLDER}`)).toBe(true)
      }),
      { numRuns: 5_000 },
    )
  })

  it('F19: signs nothing that is a dot segment, a slash, a backslash or NUL when it is decoded again', () => {
    let accepted = 0
    fc.assert(
      fc.property(reference, playlistPath, (value, path) => {
        const resolved = resolveReference(value, path)
        if (resolved.kind !== 'inside') return
        accepted += 1
        const once = decodeURIComponent(resolved.encodedPath)
        const segments = once.split('/').length
        for (let reading = once, times = 0; times < 6; times += 1) {
          expect(reading).not.toMatch(/(?:^|\/)\.\.?(?:;[^/]*)?(?:\/|$)|\\|\0/)
          expect(reading.split('/')).toHaveLength(segments)
          reading = reading.replace(/%([0-7][0-9a-f])/gi, (_, digits: string) =>
            String.fromCharCode(Number.parseInt(digits, 16)),
          )
        }
      }),
      { numRuns: 20_000 },
    )
    expect(accepted).toBeGreaterThan(1000)
  })

  it('keeps as foreign only what no player takes for a path on our own host', () => {
    fc.assert(
      fc.property(reference, (value) => {
        if (resolveReference(value, 'index.m3u8').kind !== 'foreign') return
        const base = `${host}/${FOLDER}index.m3u8`
        if (URL.canParse(value, base)) expect(new URL(value, base).origin).not.toBe(host)
      }),
      { numRuns: 5_000 },
    )
  })

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (value, path) => {
        expect(['foreign', 'inside', 'refused']).toContain(resolveReference(value, path).kind)
      }),
    )
  })
})

/** As the URL Standard does: a percent sign that begins no escape is itself. */
function decodeOnce(path: string): string {
  return decodeURIComponent(path.replace(/%(?![0-9a-f]{2})/gi, '%25'))
}
