// The texts of a stream: entry playlist, subtitles, storyboard; and the end of a segment's first frame.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { placeFragment, readFragment } from '../../../src/core/packaging/fragment.ts'
import { readInitSegment } from '../../../src/core/packaging/init-segment.ts'
import { writeMultivariant } from '../../../src/core/packaging/multivariant.ts'
import { anchorSubtitles, gridFor, timestamp, writeStoryboard } from '../../../src/core/packaging/webvtt.ts'

const variant = {
  folder: 'video/240p',
  width: 426,
  height: 240,
  codec: 'avc1.4D4015',
  framesPerSecond: 25,
  peak: 1000,
  average: 800,
}
const sound = {
  folder: 'audio/en',
  name: 'English',
  language: 'en',
  codec: 'mp4a.40.2',
  channels: 2,
  peak: 100,
  average: 90,
}

describe('writeMultivariant', () => {
  it('adds the sound to the bits of each size', () => {
    const text = writeMultivariant({ variants: [variant], sounds: [sound], words: [], iframes: undefined })
    expect(text).toContain('BANDWIDTH=1100,AVERAGE-BANDWIDTH=890,CODECS="avc1.4D4015,mp4a.40.2",RESOLUTION=426x240')
    expect(text).toContain('CHANNELS="2",URI="audio/en/index.m3u8"')
    expect(text).not.toContain('SUBTITLES=')
  })

  it('names no sound where there is none', () => {
    const text = writeMultivariant({ variants: [variant], sounds: [], words: [], iframes: undefined })
    expect(text).toContain('CODECS="avc1.4D4015",')
    expect(text).not.toContain('AUDIO')
  })

  it('offers each size with the sounds of each codec, which are groups of their own', () => {
    const surround = { ...sound, folder: 'audio/en-2', codec: 'ec-3', channels: 6, peak: 400, average: 390 }
    const text = writeMultivariant({ variants: [variant], sounds: [sound, surround], words: [], iframes: undefined })
    expect(text).toContain('GROUP-ID="sound-2",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="6"')
    expect(text).toContain('BANDWIDTH=1100,AVERAGE-BANDWIDTH=890,CODECS="avc1.4D4015,mp4a.40.2"')
    expect(text).toMatch(/BANDWIDTH=1400,AVERAGE-BANDWIDTH=1190,CODECS="avc1.4D4015,ec-3".*,AUDIO="sound-2"/)
  })

  it('lets no title of a track break out of its line', () => {
    const hostile = { ...sound, name: 'a",URI="x\n#EXT-X-ENDLIST', language: undefined }
    const text = writeMultivariant({ variants: [variant], sounds: [hostile], words: [], iframes: undefined })
    expect(text).toContain('NAME="a ,URI= x #EXT-X-ENDLIST",DEFAULT=YES')
  })
})

describe('WebVTT', () => {
  it.each([
    [0, '00:00:00.000'],
    [59.9996, '00:01:00.000'],
    [3723.5, '01:02:03.500'],
  ])('%d s is %s', (seconds, text) => expect(timestamp(seconds)).toBe(text))

  it('says that subtitles begin with the film', () => {
    expect(anchorSubtitles('WEBVTT\n\n00:01.000 --> 00:02.000\nWEBVTT\n', 0.08)).toBe(
      'WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:7200\n\n00:01.000 --> 00:02.000\nWEBVTT\n',
    )
  })

  it.each([
    [
      { width: 1920, height: 1080, durationSeconds: 24 },
      { columns: 4, count: 12, width: 160, height: 90, everySeconds: 2 },
    ],
    [
      { width: 1080, height: 1920, durationSeconds: 0.5 },
      { columns: 1, count: 1, width: 90, height: 160, everySeconds: 2 },
    ],
    [
      { width: 1920, height: 800, durationSeconds: 7200 },
      { columns: 10, count: 100, width: 160, height: 66, everySeconds: 72 },
    ],
  ])('cuts a storyboard for %j', (film, grid) => expect(gridFor(film, 's.jpg')).toEqual({ image: 's.jpg', ...grid }))

  it('gives each tile its rectangle and its time', () => {
    const board = writeStoryboard({ image: 's.jpg', columns: 2, count: 3, width: 160, height: 90, everySeconds: 2 })
    expect(board).toMatch(/00:00:04\.000 --> 00:00:06\.000\ns\.jpg#xywh=0,90,160,90\n$/)
  })
})

describe('readFragment', () => {
  const folder = 'test/fixtures/demo/hls/video/144p'
  const segment = readFileSync(`${folder}/segment-0.m4s`)
  const second = readFileSync(`${folder}/segment-1.m4s`)

  it('finds the end of the first frame where the I-frame playlist says it is', () => {
    const [, length] =
      /#EXT-X-BYTERANGE:(\d+)@0\nsegment-0\.m4s/.exec(readFileSync(`${folder}/iframes.m3u8`, 'utf8')) ?? []
    expect(readFragment(segment)?.firstSampleEnd).toBe(Number(length))
  })

  it('F2: knows how long the file must be, its frames and its length', () => {
    expect(readFragment(segment)).toMatchObject({ bytes: segment.length, samples: 96, decodeTime: 0 })
    expect(readFragment(segment.subarray(0, 4000))?.bytes).toBe(segment.length)
    const timescale = readInitSegment(readFileSync(`${folder}/init.mp4`))?.timescale ?? 0
    expect((readFragment(segment)?.duration ?? 0) / timescale).toBe(4)
    expect((readFragment(second)?.decodeTime ?? 0) / timescale).toBe(4)
  })

  it('F2: is nothing where the file is cut off in its head, empty, or something else', () => {
    for (const bytes of [segment.subarray(0, 200), readFileSync(`${folder}/init.mp4`), new Uint8Array(0)]) {
      expect(readFragment(bytes)).toBeUndefined()
    }
    expect(readFragment(new Uint8Array(64).fill(255))).toBeUndefined()
    expect(readFragment(new Uint8Array(64))).toBeUndefined()
  })

  it('F34: can be given another place in time', () => {
    const fragment = readFragment(segment)
    const moved = Buffer.from(segment)
    if (fragment === undefined) throw new Error('this is a segment')
    for (const { at, bytes } of placeFragment(fragment, 7, 123_456)) moved.set(bytes, at)
    expect(readFragment(moved)).toEqual({ ...fragment, decodeTime: 123_456 })
    expect(moved.readUInt32BE(fragment.fields.sequence)).toBe(8)
  })
})

describe('readInitSegment', () => {
  const init = readFileSync('test/fixtures/demo/hls/video/144p/init.mp4')

  it('reads timescale and codec', () => {
    expect(readInitSegment(init)).toMatchObject({ timescale: 12_288, videoCodec: expect.stringMatching(/^avc1\.4D/) })
    const sound = readFileSync('test/fixtures/demo/hls/audio/en/init.mp4')
    expect(readInitSegment(sound)).toMatchObject({ videoCodec: undefined })
  })

  it('F2: is nothing where it is cut off', () => {
    expect(readInitSegment(init.subarray(0, 300))).toBeUndefined()
    expect(readInitSegment(new Uint8Array(0))).toBeUndefined()
  })
})
