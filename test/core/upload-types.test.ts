import { describe, expect, it } from 'vitest'
import {
  extensionOf,
  fitsExtension,
  isFilmExtension,
  isMediaExtension,
  usualTypeOf,
} from '../../src/core/upload-types.ts'

const FILMS = 'mp4 mov avi mkv webm flv wmv m4v mpg mpeg 3gp ogv ts mts vob asf rm rmvb divx'.split(' ')
const PARTS = 'm3u8 m4s aac mp3 vtt srt key jpg jpeg png webp json'.split(' ')

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

  it.each(PARTS)('%s is a part of a stream and no film', (extension) => {
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

describe('fitsExtension', () => {
  it.each([
    ['mp4', 'video/mp4'],
    ['mp4', 'Video/MP4'],
    ['m3u8', 'application/vnd.apple.mpegurl'],
    ['key', 'application/octet-stream'],
    ['vtt', 'text/vtt'],
  ])('%s may be %s', (extension, type) => {
    expect(fitsExtension(extension, type)).toBe(true)
  })

  it.each([...FILMS, ...PARTS])('%s may be bytes, and never markup or a script', (extension) => {
    expect(fitsExtension(extension, 'application/octet-stream')).toBe(true)
    for (const type of ['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/xml', 'text/javascript', '']) {
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

describe('usualTypeOf', () => {
  it('fits its own extension, and is missing where files have no type', () => {
    for (const extension of [...FILMS, ...PARTS]) {
      const type = usualTypeOf(extension)
      if (extension === 'key') expect(type).toBeUndefined()
      else expect(fitsExtension(extension, type ?? '')).toBe(true)
    }
    expect(usualTypeOf('html')).toBeUndefined()
  })
})
