// What an object is, by its content: the name of a file proves nothing.
import { describe, expect, it } from 'vitest'
import { sniff } from '../../../src/core/hls/sniff.ts'

describe('sniff', () => {
  it.each([
    ['a playlist', '#EXTM3U\n', 'playlist'],
    ['a playlist after a mark and blank lines', '\uFEFF\n\n#EXTM3U\n', 'playlist'],
    ['a playlist after comments', '# by hand\n#EXTM3U\n', 'playlist'],
    ['a playlist without a head', '#EXTINF:1,\na.ts\n', 'playlist'],
    ['a list with a comment before its first tag', '# by hand\na.ts\n#EXTINF:1,\nb.ts\n', 'playlist'],
    ['a storyboard', 'WEBVTT\n\n00:00.000 --> 00:01.000\na.jpg#xywh=0,0,1,1\n', 'storyboard'],
    ['an asset list', '{"ASSETS":[]}', 'json'],
    ['captions', 'WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n', 'other'],
    ['a web page', '<!doctype html>\n#EXTM3U\n', 'other'],
    ['other JSON', '{"name":"film"}', 'other'],
    ['a shell script', '#!/bin/sh\necho\n', 'other'],
    ['bytes of a segment', 'G@\u0000\uFFFD\n#EXTM3U\n', 'other'],
    ['nothing', '', 'other'],
  ])('takes %s for %s', (_, text, content) => {
    expect(sniff(text)).toBe(content)
  })
})
