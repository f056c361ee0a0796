// WebVTT storyboards: images are presigned, captions are left alone.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isStoryboard } from '../../../src/core/hls/storyboard.ts'
import { API_BASE, ORIGIN, rewriteStoryboard, signAll, signed } from './place.ts'

const place = { path: 'thumbs/index.vtt', apiBase: API_BASE, origin: ORIGIN, signAll }
const cue = (payload: string): string => `WEBVTT\n\n1\n00:00:00.000 --> 00:00:05.000\n${payload}\n`

describe('rewriteStoryboard', () => {
  it.each([
    ['a sprite', 'sprite 1.jpg#xywh=0,0,160,90', `${signed('thumbs/sprite 1.jpg')}#xywh=0,0,160,90`],
    ['a sprite with a unit', '../s.webp?v=1#t=1&xywh=pixel:0,0,9,9', `${signed('s.webp')}#t=1&xywh=pixel:0,0,9,9`],
    ['a whole image', '0001.png', signed('thumbs/0001.png')],
    ['an image with a query', '0001.JPEG?x=1', signed('thumbs/0001.JPEG')],
    ['an image elsewhere', 'https://img.example.net/a.jpg#xywh=0,0,1,1', 'https://img.example.net/a.jpg#xywh=0,0,1,1'],
    ['a caption', 'Look at a.jpg!', 'Look at a.jpg!'],
    [
      'a caption that names a file',
      'see a.jpg\n\n00:05.000 --> 00:06.000\nDo you?',
      'see a.jpg\n\n00:05.000 --> 00:06.000\nDo you?',
    ],
    ['two lines of a caption', 'first a.jpg\nthen b.jpg', 'first a.jpg\nthen b.jpg'],
    ['markup', '<v Bob>a.jpg', '<v Bob>a.jpg'],
  ])('rewrites %s', (_, before, after) => {
    expect(rewriteStoryboard(cue(before), place)).toEqual({ ok: true, text: cue(after) })
  })

  it('F32: knows images with spaces in their names where every cue is one', () => {
    const cues = ['0001 - first.jpg', 'folder one/0002 (2).PNG?x=1', 'sprite 3.webp#t=1', 'plain.jpg']
    const times = cues.map((_, index) => `00:0${index}.000 --> 00:0${index + 1}.000`)
    const write = (images: readonly string[]): string =>
      `WEBVTT - a storyboard\n\nNOTE\nof a film.jpg\n\n${images.map((image, index) => `${index}\n${times[index]}\n${image}\n`).join('\n')}`
    const text = write(cues)
    expect(isStoryboard(text)).toBe(true)
    const after = [
      signed('thumbs/0001 - first.jpg'),
      signed('thumbs/folder one/0002 (2).PNG'),
      `${signed('thumbs/sprite 3.webp')}#t=1`,
      signed('thumbs/plain.jpg'),
    ]
    expect(rewriteStoryboard(text, place)).toEqual({ ok: true, text: write(after) })
    // One cue of words, and the others are sentences too; what holds no space is an image as before.
    const captions = write([...cues, 'Look.'].slice(1))
    expect(rewriteStoryboard(captions, place)).toEqual({
      ok: true,
      text: captions.replace('plain.jpg', signed('thumbs/plain.jpg')),
    })
  })

  it('touches nothing outside of cues: identifiers, notes, settings', () => {
    const text = 'WEBVTT a.jpg\n\nNOTE\na.jpg\n\na.jpg\n00:00.000 --> 00:01.000 a.jpg\nhello\n\nb.jpg\n'
    expect(rewriteStoryboard(text, place)).toEqual({ ok: true, text })
  })

  it('asks for one signature for a sprite of many cues', () => {
    const asked: string[] = []
    rewriteStoryboard(`${cue('a.jpg#xywh=0,0,1,1')}a.jpg#xywh=1,0,1,1\n`, {
      ...place,
      signAll: (leaves) => {
        asked.push(...leaves.map(({ name }) => name))
        return signAll(leaves)
      },
    })
    expect(asked).toEqual(['thumbs/a.jpg'])
  })

  it('refuses what is not WebVTT', () => {
    expect(rewriteStoryboard('WEBVTTX\n', place)).toEqual({ ok: false, line: 1, reason: 'not a WebVTT file' })
  })

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        rewriteStoryboard(`WEBVTT\n00:00.000 --> 00:01.000\n${text}#xywh=`, place)
      }),
    )
  })
})

describe('isStoryboard', () => {
  it('tells storyboards from captions and from other texts', () => {
    expect(isStoryboard(`\uFEFF${cue('a.jpg')}`)).toBe(true)
    expect(isStoryboard(cue('Hello'))).toBe(false)
    expect(isStoryboard('a.jpg#xywh=0,0,1,1')).toBe(false)
  })
})
