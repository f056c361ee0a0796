// ffprobe's words → a film, and where its tracks go.
import { describe, expect, it } from 'vitest'
import { readFilm, type ProbedStream } from '../../src/cli/upload/film.ts'
import { languageName, languageTag } from '../../src/cli/upload/language.ts'
import { placeAudio, placeSubtitles } from '../../src/cli/upload/tracks.ts'

const video: ProbedStream = { index: 0, codec_type: 'video', width: 1920, height: 1080, avg_frame_rate: '30000/1001' }
const sound = (index: number, tags = {}, isDefault = 0): ProbedStream => ({
  index,
  codec_type: 'audio',
  channels: 2,
  sample_rate: '48000',
  tags,
  disposition: { default: isDefault },
})
const words = (index: number, codec: string, tags = {}): ProbedStream => ({
  index,
  codec_type: 'subtitle',
  codec_name: codec,
  tags,
})
const mkv = { format_name: 'matroska,webm', duration: '61.5' }

describe('readFilm', () => {
  it('reads size, rate and length', () => {
    expect(readFilm({ format: mkv, streams: [video] })).toMatchObject({
      width: 1920,
      height: 1080,
      frameRate: '30000/1001',
      durationSeconds: 61.5,
      isInterlaced: false,
      audio: [],
    })
  })

  it('turns the picture upright', () => {
    const turned = { ...video, side_data_list: [{}, { rotation: -90 }] }
    expect(readFilm({ streams: [turned] })).toMatchObject({ width: 1080, height: 1920 })
    expect(readFilm({ streams: [{ ...video, tags: { rotate: '180' } }] })).toMatchObject({ width: 1920, height: 1080 })
  })

  it('makes pixels square', () => {
    const wide = { ...video, width: 720, height: 576, sample_aspect_ratio: '64:45' }
    expect(readFilm({ streams: [wide] })).toMatchObject({ width: 1024, height: 576 })
    expect(readFilm({ streams: [{ ...video, sample_aspect_ratio: '0:1' }] })).toMatchObject({ width: 1920 })
  })

  it('takes a sensible rate when the file has none, and 60 at most', () => {
    const rate = (avg: string, r: string) =>
      readFilm({ streams: [{ ...video, avg_frame_rate: avg, r_frame_rate: r }] })?.frameRate
    expect([rate('0/0', '24/1'), rate('0/0', '0/0'), rate('120/1', '120/1')]).toEqual(['24/1', '25', '60'])
  })

  it.each([
    ['sound alone', { format: mkv, streams: [sound(0)] }],
    [
      'a cover picture with sound',
      { format: mkv, streams: [sound(0), { ...video, disposition: { attached_pic: 1 } }] },
    ],
    ['a photograph', { format: { format_name: 'png_pipe' }, streams: [video] }],
    ['a text file, which ffprobe shows as a terminal', { format: { format_name: 'tty' }, streams: [video] }],
    ['nothing', {}],
  ])('finds no film in %s', (_, probe) => expect(readFilm(probe)).toBeUndefined())

  it('names the sounds that have no language, in order', () => {
    const film = readFilm(
      { streams: [video, sound(1), sound(2, { language: 'ger' }), sound(3, { language: 'und' })] },
      ['en', 'fr'],
    )
    expect(film?.audio.map(({ language }) => language)).toEqual(['en', 'de', 'fr'])
  })

  it('takes subtitles of text and counts those of pictures', () => {
    const film = readFilm({ streams: [video, words(1, 'subrip'), words(2, 'hdmv_pgs_subtitle'), words(3, 'mov_text')] })
    expect(film?.subtitles.map(({ index }) => index)).toEqual([1, 3])
    expect(film?.pictureSubtitles).toBe(1)
  })
})

describe('where tracks go', () => {
  it('is a folder and a name of their own, the default first', () => {
    const streams = [
      video,
      sound(1, { language: 'eng' }),
      sound(2, { language: 'ger' }, 1),
      sound(3, { language: 'eng' }),
      sound(4),
    ]
    const film = readFilm({ streams })
    expect(film && placeAudio(film).map(({ track, folder, name }) => [track.index, folder, name])).toEqual([
      [2, 'audio/de', 'Deutsch'],
      [1, 'audio/en', 'English'],
      [3, 'audio/en-2', 'English 2'],
      [4, 'audio/und', 'Track 4'],
    ])
  })

  it('takes a track’s title as its name', () => {
    const film = readFilm({
      streams: [video, words(1, 'ass', { language: 'fre', title: 'Commentaire' }), words(2, 'ass')],
    })
    expect(film && placeSubtitles(film).map(({ folder, name }) => [folder, name])).toEqual([
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
