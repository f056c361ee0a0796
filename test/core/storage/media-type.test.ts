import { describe, expect, it } from 'vitest'
import {
  extensionOf,
  fitsExtension,
  isFilmExtension,
  isMediaExtension,
  mediaType,
  OCTET_STREAM,
  playsInBrowsers,
} from '../../../src/core/storage/media-type.ts'

const FILMS = 'mp4 mov avi mkv webm flv wmv m4v mpg mpeg 3gp ogv ts mts vob asf rm rmvb divx'.split(' ')
const PARTS = (
  'm3u8 m3u m4s m4a aac mp3 ac3 ec3 opus flac cmfv cmfa cmft ' +
  'vtt webvtt srt ttml key jpg jpeg png webp gif avif json'
).split(' ')

/** What runs when a browser opens it, or what a browser may take for such. */
const ACTIVE = [
  'text/html',
  'TEXT/HTML; charset=utf-8',
  ' text/html',
  'image/svg+xml',
  'application/xhtml+xml',
  'text/xml',
  'application/xml',
  'application/javascript',
  'text/javascript',
  'application/pdf',
  'text/plain',
  'multipart/x-mixed-replace',
  'video/mp4, text/html',
  'toString',
  '',
]

describe('extensionOf', () => {
  it.each([
    ['film.MP4', 'mp4'],
    ['a.tar.ts', 'ts'],
    ['film', undefined],
    ['film.', undefined],
    ['.mp4', undefined],
    ['', undefined],
  ])('of %j is %j', (name, extension) => {
    expect(extensionOf(name)).toBe(extension)
  })
})

describe('the extensions', () => {
  it.each(FILMS)('%s is a film', (extension) => {
    expect(isFilmExtension(extension) && isMediaExtension(extension)).toBe(true)
  })

  it.each(PARTS)('F29: %s is a part of a stream and no film', (extension) => {
    expect(isFilmExtension(extension)).toBe(false)
    expect(isMediaExtension(extension)).toBe(true)
  })

  it.each(['html', 'htm', 'svg', 'js', 'mjs', 'xml', 'xhtml', 'php', 'exe', 'pdf', 'constructor', '__proto__', ''])(
    '%j is neither',
    (extension) => {
      expect(isMediaExtension(extension)).toBe(false)
    },
  )
})

describe('playsInBrowsers', () => {
  it.each(['u/a.mp4', 'u/a.MOV', 'a.m4v', 'a.webm', 'a.ogv', 'a.m4a', 'a.mp3', 'a.opus'])('F6: %s', (key) => {
    expect(playsInBrowsers(key)).toBe(true)
  })
  it.each(['a.avi', 'a.mkv', 'a.wmv', 'a.m3u8', 'a.ts', 'a.jpg', 'a', 'mp4', 'a.mp4/x'])('F6: not %s', (key) => {
    expect(playsInBrowsers(key)).toBe(false)
  })
})

describe('fitsExtension', () => {
  it.each([
    ['mp4', 'video/mp4'],
    ['mp4', 'Video/MP4'],
    ['m3u8', 'application/vnd.apple.mpegurl'],
    ['m3u', 'audio/mpegurl'],
    ['cmfa', 'audio/mp4'],
    ['ttml', 'application/ttml+xml'],
    ['key', 'application/octet-stream'],
    ['vtt', 'text/vtt'],
  ])('%s may be %s', (extension, type) => {
    expect(fitsExtension(extension, type)).toBe(true)
  })

  it.each([...FILMS, ...PARTS])('%s may be bytes, and never markup or a script', (extension) => {
    expect(fitsExtension(extension, 'application/octet-stream')).toBe(true)
    for (const type of ACTIVE.filter((name) => name !== 'text/plain')) {
      expect(fitsExtension(extension, type)).toBe(false)
    }
  })

  it.each([
    ['mp4', 'video/webm'],
    ['jpg', 'image/png'],
    ['mp4', 'video/mp4; charset=x'],
    ['mp4', ' video/mp4'],
  ])('%s may not be %j', (extension, type) => {
    expect(fitsExtension(extension, type)).toBe(false)
  })
})

describe('mediaType', () => {
  it.each([...FILMS, ...PARTS])('F29: sends .%s as a type that it may be stored as', (extension) => {
    const type = mediaType(`users/u/x.${extension}`, undefined)
    expect(fitsExtension(extension, type)).toBe(true)
    expect(type === OCTET_STREAM).toBe(extension === 'key')
    // What an uploader may declare for it is what a player is told, but for plain text, which says nothing.
    for (const stored of ['audio/mp4', 'application/mp4', 'audio/ogg', 'audio/x-mpegurl', 'video/divx']) {
      if (fitsExtension(extension, stored)) expect(mediaType(`x.${extension}`, stored)).toBe(stored)
    }
  })

  it.each([
    ['F29: a.m3u', undefined, 'application/vnd.apple.mpegurl'],
    ['F29: a.m4a', undefined, 'audio/mp4'],
    ['F29: a.ac3', undefined, 'audio/ac3'],
    ['F29: a.ec3', undefined, 'audio/eac3'],
    ['F29: a.opus', undefined, 'audio/ogg'],
    ['F29: a.flac', undefined, 'audio/flac'],
    ['F29: a.cmfv', undefined, 'video/mp4'],
    ['F29: a.cmfa', undefined, 'audio/mp4'],
    ['F29: a.cmft', undefined, 'application/mp4'],
    ['F29: a.webvtt', undefined, 'text/vtt'],
    ['F29: a.ttml', undefined, 'application/ttml+xml'],
    ['F29: a.gif', undefined, 'image/gif'],
    ['F29: a.avif', undefined, 'image/avif'],
    ['F29: a.divx', undefined, 'video/divx'],
    ['a/b/seg-1.ts', undefined, 'video/mp2t'],
    ['init.mp4', undefined, 'video/mp4'],
    ['seg.m4s', undefined, 'video/iso.segment'],
    ['SEG.TS', undefined, 'video/mp2t'],
    ['thumb.jpg', 'image/jpeg', 'image/jpeg'],
    ['audio.m4s', 'audio/mp4', 'audio/mp4'],
    ['words.vtt', 'text/vtt; charset=utf-8', 'text/vtt'],
    ['words.srt', 'text/plain', 'application/x-subrip'],
    ['film.mp4', 'application/octet-stream', 'video/mp4'],
    ['film.mp4', 'VIDEO/QuickTime', 'video/quicktime'],
    ['index.m3u8', undefined, 'application/vnd.apple.mpegurl'],
    ['1.key', undefined, 'application/octet-stream'],
    ['noextension', undefined, 'application/octet-stream'],
    ['a.ts/noextension', undefined, 'application/octet-stream'],
    ['.mp4', undefined, 'video/mp4'],
    ['a.constructor', undefined, 'application/octet-stream'],
    ['a.', undefined, 'application/octet-stream'],
  ])('%s stored as %s is %s', (key, stored, expected) => {
    expect(mediaType(key, stored)).toBe(expected)
  })

  it.each(ACTIVE)('never says %j, whatever was stored', (stored) => {
    for (const key of ['page.html', 'page.svg', 'page.xml', 'page.js', 'page', 'page.mp4']) {
      expect(['application/octet-stream', 'video/mp4']).toContain(mediaType(key, stored))
    }
  })
})
