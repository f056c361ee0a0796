// What ffprobe tells of a file → what will be done with each of its tracks.
import { describe, expect, it } from 'vitest'
import { decideTracks } from '../../../src/cli/upload/film/film.ts'
import { languageName, languageTag } from '../../../src/core/packaging/language.ts'
import type { SourceInfo } from '../../../src/cli/upload/probe/probed.ts'
import { placeAudio, placeSubtitles } from '../../../src/cli/upload/film/tracks.ts'
import { sayDecision } from '../../../src/cli/upload/film/verdicts.ts'
import { evenly, sourceInfo, filmOf, picture, sound, words } from '../../support/probed-film.ts'

const language = (tag: string) => ({ tags: { language: tag } })
const refusal = (source: SourceInfo): string => {
  const film = decideTracks(source)
  return 'refusal' in film ? film.refusal : 'none'
}

describe('decideTracks', () => {
  it('reads size, rate and length', () => {
    const film = filmOf(sourceInfo([picture()]))
    expect(film).toMatchObject({ width: 1920, height: 1080, frameRate: '25/1', frames: 250, durationSeconds: 10 })
    expect(film).toMatchObject({ audio: [], doubts: [], clock: { startSeconds: 0, jumps: [] } })
  })

  it('turns the picture upright', () => {
    const turned = (more: object) => filmOf(sourceInfo([picture(more)]))
    expect(turned({ side_data_list: [{}, { rotation: -90 }] })).toMatchObject({ width: 1080, height: 1920 })
    expect(turned({ tags: { rotate: '180' } })).toMatchObject({ width: 1920, height: 1080 })
  })

  it.each([
    ['0 65536 0', '-65536 0 0', ['transpose=clock']],
    ['0 -65536 0', '65536 0 0', ['transpose=cclock']],
    ['-65536 0 0', '0 -65536 0', ['hflip', 'vflip']],
    ['-65536 0 0', '0 65536 0', ['hflip']],
    ['0 65536 0', '65536 0 0', ['transpose=cclock_flip']],
    ['65536 0 0', '0 65536 0', []],
  ])('F35: turns by the matrix %s / %s', (first, second, turn) => {
    const displaymatrix = `\n00000000: ${first}\n00000001: ${second}\n00000002: 0 0 1073741824\n`
    expect(filmOf(sourceInfo([picture({ side_data_list: [{ displaymatrix, rotation: 0 }] })])).picture.turn).toEqual(
      turn,
    )
  })

  it('makes pixels square', () => {
    const wide = picture({ width: 720, height: 576, sample_aspect_ratio: '64:45' })
    expect(filmOf(sourceInfo([wide]))).toMatchObject({ width: 1024, height: 576 })
    expect(filmOf(sourceInfo([picture({ sample_aspect_ratio: '0:1' })]))).toMatchObject({ width: 1920 })
  })

  it.each<[string, SourceInfo, string]>([
    ['sound alone', sourceInfo([sound(0)]), 'it has no picture'],
    [
      'a cover with sound',
      sourceInfo([sound(0), picture({ index: 1, disposition: { attached_pic: 1 } })]),
      'it has no picture',
    ],
    ['nothing', sourceInfo([]), 'it has no picture'],
    ['no frame', sourceInfo([picture()], { times: new Map() }), 'its picture has not one frame'],
    [
      'a photograph',
      sourceInfo([picture()], { times: new Map([[0, evenly(0.04, 0.04)]]) }),
      'it is a single picture without sound',
    ],
    [
      'a picture without decoder',
      sourceInfo([picture({ codec_name: 'vvc' })]),
      'this ffmpeg cannot decode its picture (vvc)',
    ],
    [
      'a picture that fails',
      sourceInfo([picture()], { failures: new Map([[0, 'Invalid data']]) }),
      'ffmpeg fails to decode its picture: Invalid data',
    ],
    [
      'a film under DRM',
      sourceInfo([picture()], { times: new Map([[0, { ...evenly(10, 0.04), isEncrypted: true }]]) }),
      'its picture is encrypted (DRM)',
    ],
    [
      'no sound but one that cannot be decoded',
      sourceInfo([picture(), sound(1, { codec_name: 'unknown', codec_tag_string: 'apac' })]),
      'of its sound nothing can be made: this ffmpeg cannot decode it (apac)',
    ],
    [
      'a clock that is set back',
      sourceInfo([picture()], { times: new Map([[0, { ...evenly(10, 0.04), setBackAt: 12.3 }]]) }),
      'its clock is set back 12 s into it: write it anew with ffmpeg -fflags +genpts -i FILE -c copy NEW.mkv',
    ],
    [
      'HDR without the filters for it',
      sourceInfo([picture({ color_transfer: 'smpte2084' })], {
        abilities: { decoders: new Set(['h264']), filters: new Set(['scale']), hasInputFilters: false },
      }),
      'its picture is HDR (PQ), and this ffmpeg lacks the filters for it (zscale, tonemap): install a complete one, or export the film as SDR',
    ],
    [
      'Dolby Vision without a base that others show',
      sourceInfo([picture({ side_data_list: [{ dv_profile: 5 }] })]),
      'its picture is Dolby Vision of profile 5, which only a licensed decoder shows in the right colours',
    ],
  ])('F33: refuses %s before any work', (_, source, reason) => expect(refusal(source)).toBe(reason))

  it('F33: says of every track what becomes of it, and why', () => {
    const streams = [
      picture({ index: 0, codec_name: 'mjpeg', avg_frame_rate: '90000/1' }),
      picture({ index: 1, codec_name: 'hevc', color_transfer: 'arib-std-b67', side_data_list: [{ rotation: -90 }] }),
      sound(2, { sample_rate: '22254', ...language('eng') }),
      sound(3, { codec_name: 'none', codec_tag_string: 'apac' }),
      sound(4, { channels: 10, channel_layout: 'unknown' }),
      words(5, 'subrip'),
      words(6, 'hdmv_pgs_subtitle'),
      { index: 7, codec_type: 'data', codec_tag_string: 'tmcd' },
    ]
    const times = new Map([...sourceInfo(streams).times, [0, evenly(0.04, 0.04)] as const])
    expect(filmOf(sourceInfo(streams, { times })).decisions.map(sayDecision)).toEqual([
      'Picture 0 (mjpeg) is left out: the film has another picture',
      'Picture 1 (hevc) becomes H.264, 1080x1920 and smaller, 25 frames/s (turned upright, HDR (HLG) becomes SDR (BT.709))',
      'Sound 2 (aac, eng) becomes AAC, 24000 Hz, stereo (resampled from 22254 Hz)',
      'Sound 3 (apac) is left out: this ffmpeg cannot decode it (apac)',
      'Sound 4 (aac) becomes AAC, 48000 Hz, stereo (10 channels without a known place, left and right in turn mixed down)',
      'Subtitles 5 (subrip) becomes WebVTT',
      'Subtitles 6 (hdmv_pgs_subtitle) is left out: no text can be made of it',
      'Data 7 (tmcd) is left out: it is neither picture, sound nor subtitles',
    ])
  })

  it('F44: lasts as long as the longer of picture and sound', () => {
    const lasting = (seen: number, heard: number) =>
      filmOf(
        sourceInfo([picture(), sound(1)], {
          times: new Map([
            [0, evenly(seen, 0.04)],
            [1, evenly(heard, 0.02)],
          ]),
        }),
      )
    expect(lasting(4, 6)).toMatchObject({ frames: 150, pictureFrames: 100, durationSeconds: 6 })
    expect(lasting(6, 4)).toMatchObject({ frames: 150, pictureFrames: 150, durationSeconds: 6 })
    expect(lasting(6, 4).audio[0]?.endSeconds).toBeCloseTo(4)
  })

  it('F36: doubts what is shorter than it says, and clocks that jump', () => {
    const doubts = (source: SourceInfo): readonly string[] => filmOf(source).doubts
    expect(doubts(sourceInfo([picture()], { probe: { format: { duration: '20' } } }))).toEqual([
      'It says that it lasts 20.0 s, and there are 10.0 s of it: was it cut off?',
    ])
    expect(doubts(sourceInfo([picture({ tags: { 'DURATION-eng': '00:00:20.000' } })]))).toHaveLength(1)
    // A subtitle may be longer than the film.
    expect(doubts(sourceInfo([picture({ duration: '10.0' })], { probe: { format: { duration: '20' } } }))).toEqual([])
  })

  it('names the sounds that have no language, in order', () => {
    const source = sourceInfo([picture(), sound(1), sound(2, language('ger')), sound(3, language('und'))])
    const film = filmOf(source, { languages: ['en', 'fr'] })
    expect(film.audio.map((track) => track.language)).toEqual(['en', 'de', 'fr'])
  })

  it('takes subtitles of text', () => {
    const film = filmOf(
      sourceInfo([picture(), words(1, 'subrip'), words(2, 'hdmv_pgs_subtitle'), words(3, 'mov_text')]),
    )
    expect(film.subtitles.map(({ index }) => index)).toEqual([1, 3])
  })
})

describe('where tracks go', () => {
  it('is a folder and a name of their own, the default first', () => {
    const streams = [
      picture(),
      sound(1, language('eng')),
      sound(2, { ...language('ger'), disposition: { default: 1 } }),
      sound(3, language('eng')),
      sound(4),
    ]
    expect(
      placeAudio(filmOf(sourceInfo(streams))).map(({ track, folder, name }) => [track.index, folder, name]),
    ).toEqual([
      [2, 'audio/de', 'Deutsch'],
      [1, 'audio/en', 'English'],
      [3, 'audio/en-2', 'English 2'],
      [4, 'audio/und', 'Track 4'],
    ])
  })

  it('takes a track’s title as its name', () => {
    const streams = [picture(), words(1, 'ass', { language: 'fre', title: 'Commentaire' }), words(2, 'ass')]
    expect(placeSubtitles(filmOf(sourceInfo(streams))).map(({ folder, name }) => [folder, name])).toEqual([
      ['subtitles/fr', 'Commentaire'],
      ['subtitles/und', 'Track 2'],
    ])
  })
})

describe('languageTag', () => {
  it.each([
    ['eng', 'en'],
    ['ger', 'de'],
    ['deu', 'de'],
    ['pt_BR', 'pt-BR'],
    [' fra ', 'fr'],
    ['und', undefined],
    ['zxx', undefined],
    ['qqq', undefined],
    ['?', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j is %j', (text, tag) => expect(languageTag(text)).toBe(tag))

  it('has a name in its own words', () => {
    expect(['de', 'fr', 'ja'].map(languageName)).toEqual(['Deutsch', 'Français', '日本語'])
  })
})
