import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../../src/core/bytes.ts'
import { sanitizeFileName } from '../../../src/core/storage/file-name.ts'
import { parseObjectKey } from '../../../src/core/storage/object-key.ts'
import { parseUserId, type UserId } from '../../../src/core/auth/principal.ts'

const OWN = parseUserId('11111111-1111-4111-8111-111111111111') as UserId

describe('sanitizeFileName', () => {
  it.each([
    ['film.mp4', 'film.mp4'],
    ['My Film (final).MP4', 'My_Film_final.MP4'],
    ['  two  spaces\tand a tab .mov ', 'two_spaces_and_a_tab_.mov'],
    ['../../etc/passwd.mp4', 'etcpasswd.mp4'],
    ['..\\..\\film.mkv', 'film.mkv'],
    ['.hidden.webm', 'hidden.webm'],
    ['.mp4', 'video.mp4'],
    ['....mp4', 'video.mp4'],
    ['???.mp4', 'video.mp4'],
    ['<script>alert(1)</script>.mp4', 'scriptalert1script.mp4'],
    ['a\0b\r\nc.mp4', 'ab_c.mp4'],
    ['50%2e%2e%2f.mp4', '502e2e2f.mp4'],
    ['Zürich 東京 😀.mp4', 'Zürich_東京_.mp4'],
    ['e\u0301te\u0301.mp4', 'été.mp4'],
    ['e\u200d\u0301.mp4', 'é.mp4'],
    ['\u202egpj.mp4', 'gpj.mp4'],
    ['\ud800.mp4', 'video.mp4'],
    ['archive.tar.ts', 'archive.tar.ts'],
  ])('makes %j %j', (text, name) => {
    expect(sanitizeFileName(text)).toBe(name)
  })

  it.each([
    'film',
    'mp4',
    'film.',
    'film.exe',
    'film.mp4.html',
    'film.svg',
    'film.m3u8',
    'film.json',
    '',
    '...',
    'a.mp4\0.js',
  ])('does not take %j, which is no film', (text) => {
    expect(sanitizeFileName(text)).toBeUndefined()
  })

  it('cuts a stem between characters so that the name has at most 255 bytes', () => {
    const name = sanitizeFileName(`${'𠮷'.repeat(300)}.mp4`) ?? ''
    expect(utf8(name).byteLength).toBeLessThanOrEqual(255)
    expect(name).toMatch(/^𠮷+\.mp4$/u)
    expect(sanitizeFileName(`${'a'.repeat(300)}.mp4`)).toBe(`${'a'.repeat(251)}.mp4`)
  })

  it('makes of every text a key of the caller, and of that the same again', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom('..', '../', '..\\', '%2e%2e%2f')),
        fc.constantFrom('.mp4', '.MOV', ' .ts', '.m4v/', '.mts\0', ''),
        (stem, ending) => {
          const name = sanitizeFileName(stem + ending)
          if (name === undefined) return
          expect(name).not.toMatch(/^\.|[\s/\\%\p{Cc}]/u)
          const key = `users/${OWN}/${name}`
          expect(parseObjectKey(OWN, key)).toEqual({ ok: true, value: key })
          expect(sanitizeFileName(name)).toBe(name)
        },
      ),
      { numRuns: 10_000 },
    )
  }, 60_000)
})
