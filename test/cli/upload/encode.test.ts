// What ffmpeg is told about a film's picture and sound, and which frame stands for it.
import { describe, expect, it } from 'vitest'
import {
  framesPerSegment,
  pictureArguments,
  pictureInput,
  soundArguments,
} from '../../../src/cli/upload/film/encode.ts'
import { ladderFor } from '../../../src/core/packaging/ladder.ts'
import { chooseStill, readLight } from '../../../src/core/packaging/still-choice.ts'
import { isMissed } from '../../../src/cli/upload/film/verdicts.ts'
import { evenly, sourceInfo, filmOf, picture, sound } from '../../support/probed-film.ts'

const settings = { preset: 'veryfast', isReproducible: false, audioKilobits: () => 128 }
const valuesOf = (args: readonly string[], flag: string): string[] =>
  args.flatMap((argument, i) => (argument === flag ? [args[i + 1] ?? ''] : []))

describe('pictureArguments', () => {
  const film = filmOf(sourceInfo([picture({ field_order: 'tt', side_data_list: [{ rotation: -90 }] }), sound(1)]))
  const ladder = ladderFor({ ...film, framesPerSecond: 25 })
  const args = pictureArguments(film, ladder, settings, 0)
  const [graph = ''] = valuesOf(args, '-filter_complex')

  it('F41: decodes once and splits into all sizes, each in a folder of its name', () => {
    expect(graph.match(/\[0:0\]/g)).toHaveLength(1)
    expect(graph).toContain('split=5[part0]')
    expect(valuesOf(args, '-c:v')).toEqual(Array(5).fill('libx264'))
    expect(valuesOf(args, '-hls_segment_filename')[4]).toBe('240p/segment-%d.m4s')
  })

  it('F35: sizes each frame by its own shape, then turns it, on a clock and at a rate of its own', () => {
    const order = [
      "setpts='PTS-(",
      'yadif',
      'fps=25/1:start_time=0',
      "scale=w='if(",
      'pad=1920:1080',
      'transpose=clock',
    ]
    const places = order.map((filter) => graph.indexOf(filter))
    expect(places.every((place, i) => place > (places[i - 1] ?? -1))).toBe(true)
    expect(graph).toContain('sidedata=mode=delete,split')
    expect(pictureInput('x', film).options.join(' ')).toContain('-noautorotate -reinit_filter 0')
  })

  it('F34: has key frames and segments of the same frames in all sizes, and no edit list', () => {
    expect(framesPerSegment(film)).toBe(100)
    expect(new Set(valuesOf(args, '-g'))).toEqual(new Set(['50']))
    expect(new Set(valuesOf(args, '-hls_time'))).toEqual(new Set(['4']))
    expect(new Set(valuesOf(args, '-hls_segment_options'))).toEqual(new Set(['use_editlist=0']))
    const ntsc = filmOf(
      sourceInfo([picture({ avg_frame_rate: '30000/1001' })], { times: new Map([[0, evenly(10, 1001 / 30_000)]]) }),
    )
    expect(framesPerSegment(ntsc)).toBe(120)
    expect(valuesOf(pictureArguments(ntsc, ladder.slice(0, 1), settings, 0), '-hls_time')).toEqual(['4.004'])
  })

  it('F34: keeps frames in order where the rate is so low that others would begin late', () => {
    const slow = filmOf(sourceInfo([picture({ avg_frame_rate: '1/1' })], { times: new Map([[0, evenly(10, 1)]]) }))
    expect(valuesOf(pictureArguments(slow, ladder.slice(0, 1), settings, 0), '-bf')).toEqual(['0'])
    expect(new Set(valuesOf(args, '-bf'))).toEqual(new Set(['2']))
  })

  it('F41: goes on at a segment, dropping what is decoded before it', () => {
    const rest = pictureArguments(film, ladder, settings, 200)
    expect(valuesOf(rest, '-filter_complex')[0]).toMatch(
      /fps=25\/1[^[]*,trim=start_frame=200,.*trim=end_frame=50,setpts=PTS-STARTPTS/,
    )
    expect(new Set(valuesOf(rest, '-start_number'))).toEqual(new Set(['2']))
  })

  it('F35: repairs reserved tags before the decoder', () => {
    const reserved = filmOf(
      sourceInfo([picture({ index: 2, color_space: 'reserved' })], { times: new Map([[2, evenly(10, 0.04)]]) }),
    )
    expect(pictureInput('x', reserved).options.join(' ')).toContain('-bsf:2 h264_metadata=')
  })
})

describe('soundArguments', () => {
  it('F34: cuts what the encoder puts before the first sample, and fills late beginnings and early ends', () => {
    const times = new Map([
      [0, evenly(10, 0.04)],
      [1, evenly(6, 0.02)],
    ])
    const film = filmOf(sourceInfo([picture(), sound(1, { channels: 1, sample_rate: '22254' })], { times }))
    const [track] = film.audio
    if (track === undefined) throw new Error('it has a sound')
    const [graph = ''] = valuesOf(soundArguments(film, track, settings, 'sound'), '-filter_complex')
    expect(graph).toMatch(/^\[0:1\]asetpts='PTS-\(0\.000000\)\/TB',aresample=async=1:first_pts=0/)
    expect(graph).toContain('aformat=sample_rates=24000:channel_layouts=mono,apad=pad_dur=4.100,atrim=end=10.000000')
    expect(graph).toMatch(/atrim=start_sample=1024\[a\]$/)
  })

  it('F33: sends channels of no known place left and right in turn', () => {
    const film = filmOf(sourceInfo([picture(), sound(1, { channels: 5, channel_layout: '5 channels' })]))
    expect(film.audio[0]?.mixing).toEqual(['pan=stereo|c0<c0+c2+c4|c1<c1+c3'])
    expect(
      filmOf(sourceInfo([picture(), sound(1, { channels: 6, channel_layout: '5.1(side)' })])).audio[0]?.mixing,
    ).toEqual([])
  })
})

describe('chooseStill', () => {
  const frames = (contrasts: readonly number[]) => contrasts.map((contrast, i) => ({ atSeconds: i * 2, contrast }))

  it.each([
    ['a tenth into the film', [90, 90, 90, 90, 90, 90], 2],
    ['later, where it begins black', [0, 1, 2, 80, 90], 6],
    ['earlier, where only the titles have a picture', [80, 0, 0, 0], 0],
    ['at the beginning of a film without any', [], 0],
  ])('F35: takes a frame worth looking at: %s', (_, contrasts, at) => {
    expect(chooseStill(frames(contrasts), 12)).toBe(at)
  })

  it('looks no later than a minute for the first of a long film', () => {
    expect(chooseStill(frames(Array<number>(3600).fill(90)), 7200)).toBe(60)
  })

  it('reads what ffmpeg prints of each frame', () => {
    const text =
      'frame:0    pts:0       pts_time:0\nlavfi.signalstats.YLOW=16\nlavfi.signalstats.YHIGH=200\n' +
      'frame:1    pts:25600   pts_time:2.5\nlavfi.signalstats.YLOW=16\nlavfi.signalstats.YHIGH=17\n'
    expect(readLight(text)).toEqual([
      { atSeconds: 0, contrast: 184 },
      { atSeconds: 2.5, contrast: 1 },
    ])
  })
})

describe('isMissed', () => {
  it('F33: says nothing of data that people do not know of', () => {
    const decision = { index: 1, becomes: undefined, why: undefined }
    expect(isMissed({ ...decision, track: 'Data 1 (mebx)' })).toBe(false)
    expect(isMissed({ ...decision, track: 'Sound 1 (apac)' })).toBe(true)
    expect(isMissed({ ...decision, track: 'Sound 1 (aac)', becomes: 'AAC' })).toBe(false)
  })
})
