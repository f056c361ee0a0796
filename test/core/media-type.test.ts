import { describe, expect, it } from 'vitest'
import { mediaType } from '../../src/core/media-type.ts'

describe('mediaType', () => {
  it.each([
    ['a/b/seg-1.ts', undefined, 'video/mp2t'],
    ['init.mp4', undefined, 'video/mp4'],
    ['seg.m4s', undefined, 'video/iso.segment'],
    ['SEG.TS', undefined, 'video/mp2t'],
    ['thumb.jpg', 'image/jpeg', 'image/jpeg'],
    ['audio.m4s', 'audio/mp4', 'audio/mp4'],
    ['words.vtt', 'text/vtt; charset=utf-8', 'text/vtt'],
    ['film.mp4', 'application/octet-stream', 'video/mp4'],
    ['film.mp4', 'VIDEO/QuickTime', 'video/quicktime'],
    ['index.m3u8', undefined, 'application/vnd.apple.mpegurl'],
    ['1.key', undefined, 'application/octet-stream'],
    ['noextension', undefined, 'application/octet-stream'],
    ['.mp4', undefined, 'video/mp4'],
    ['a.constructor', undefined, 'application/octet-stream'],
  ])('%s stored as %s is %s', (key, stored, expected) => {
    expect(mediaType(key, stored)).toBe(expected)
  })

  it.each([
    'text/html',
    'TEXT/HTML; charset=utf-8',
    ' text/html',
    'image/svg+xml',
    'application/xhtml+xml',
    'text/xml',
    'application/javascript',
    'text/javascript',
    'application/pdf',
    'text/plain',
    'multipart/x-mixed-replace',
    'video/mp4, text/html',
    'toString',
    '',
  ])('never says %j, whatever was stored', (stored) => {
    for (const key of ['page.html', 'page.svg', 'page.xml', 'page.js', 'page', 'page.mp4']) {
      expect(['application/octet-stream', 'video/mp4']).toContain(mediaType(key, stored))
    }
  })
})
