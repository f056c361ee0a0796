// Which tracks are taken: those of the film and the subtitles beside it, or those that were asked for.
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chooseTracks, readChoice } from '../../../src/cli/upload/film/choice.ts'
import { writeMultivariant } from '../../../src/core/packaging/multivariant.ts'
import { findSidecars, readSidecarName } from '../../../src/cli/upload/subtitles/sidecar.ts'
import { placeAudio, placeSubtitles } from '../../../src/cli/upload/film/tracks.ts'
import { sayDecision } from '../../../src/cli/upload/film/verdicts.ts'
import { withoutRights } from '../../support/other-user.ts'
import { evenly, sourceInfo, filmOf, picture, sound, subtitleTrack, words } from '../../support/probed-film.ts'

describe('readSidecarName', () => {
  const nothing = { language: undefined, isForced: false, isForHearingImpaired: false }
  it.each([
    ['film.srt', nothing],
    ['film.SRT', nothing],
    ['film.de.vtt', { ...nothing, language: 'de' }],
    ['film.ger.webvtt', { ...nothing, language: 'de' }],
    ['film.pt-BR.ass', { ...nothing, language: 'pt-BR' }],
    ['film.en.forced.srt', { ...nothing, language: 'en', isForced: true }],
    ['film.forced.en.srt', { ...nothing, language: 'en', isForced: true }],
    ['film.en.sdh.srt', { ...nothing, language: 'en', isForHearingImpaired: true }],
    ['film.en.hi.ssa', { ...nothing, language: 'en', isForHearingImpaired: true }],
    ['film.hi.srt', { ...nothing, language: 'hi' }],
    ['film.cc.srt', { ...nothing, isForHearingImpaired: true }],
    ['film.default.en.srt', { ...nothing, language: 'en' }],
  ])('F43: takes %s', (name, said) => expect(readSidecarName('/films/film.mp4', name)).toEqual(said))

  it.each([
    ['film.part2.srt'],
    ['film 2.srt'],
    ['films.srt'],
    ['film.en.de.srt'],
    ['film.txt'],
    ['film.en'],
    ['film.mp4'],
    ['srt'],
    ['other.srt'],
  ])('F43: leaves %s to another film', (name) => expect(readSidecarName('/films/film.mp4', name)).toBeUndefined())

  it('F43: knows names with dots, and accents that a system takes apart', () => {
    expect(readSidecarName('/films/a.b.c.mkv', 'a.b.c.en.srt')).toMatchObject({ language: 'en' })
    expect(readSidecarName('/films/a.b.c.mkv', 'a.b.en.srt')).toBeUndefined()
    expect(readSidecarName('/films/für.mkv', 'fu\u0308r.en.srt')).toMatchObject({ language: 'en' })
    expect(readSidecarName('/films/film.srt', 'film.srt')).toBeUndefined()
  })
})

describe('findSidecars', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lynxgate-sidecar-'))
    await chmod(folder, 0o755)
    for (const name of ['film.mp4', 'film.en.srt', 'film.de.vtt', 'film.part2.srt']) {
      await writeFile(join(folder, name), 'x')
    }
    await writeFile(join(folder, 'film.fr.srt'), 'x', { mode: 0o000 })
    await writeFile(join(folder, 'film.es.srt'), Buffer.alloc(20_000_001))
    await mkdir(join(folder, 'film.it.srt'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('F43: finds those of this film, and says which it cannot use', async () => {
    const { tracks, notices } = await withoutRights(() => findSidecars(join(folder, 'film.mp4')))
    expect(tracks.map(({ file, language, index }) => [file?.name, file?.sizeBytes, language, index])).toEqual([
      ['film.de.vtt', 1, 'de', undefined],
      ['film.en.srt', 1, 'en', undefined],
    ])
    expect(notices).toEqual([
      'Subtitles film.es.srt are left out: the file is too large for subtitles.',
      'Subtitles film.fr.srt are left out: this user may not read the file.',
      'Subtitles film.it.srt are left out: it is not a file.',
    ])
  })
})

describe('readChoice', () => {
  it.each([
    [undefined, undefined],
    ['none', []],
    ['de, 2', ['de', '2']],
  ])('F43: of %j is %j', (list, words) => expect(readChoice('audio', list)).toEqual(words))

  it.each([[''], ['de,'], ['de,none']])('F43: refuses %j', (list) => {
    expect(() => readChoice('audio', list)).toThrow(/^--audio takes /)
  })
})

describe('chooseTracks', () => {
  const file = { name: 'film.en.srt', path: '/films/film.en.srt', sizeBytes: 1, modifiedMs: 1 }
  const tracks = [
    subtitleTrack({ index: 2, language: 'de-AT' }),
    subtitleTrack({ index: 3, language: 'en' }),
    subtitleTrack({ index: 4, language: 'de' }),
    subtitleTrack({ index: 5 }),
    subtitleTrack({ index: undefined, file, language: 'en' }),
  ]
  it.each([
    ['all', undefined, [2, 3, 4, 5, 'film.en.srt']],
    ['none', [], []],
    ['all of a language', ['ger'], [2, 4]],
    ['an exact one', ['de-AT'], [2]],
    ['numbers', ['5', '3'], [5, 3]],
    ['a file', ['film.en.srt'], ['film.en.srt']],
    ['each once', ['3', 'en'], [3, 'film.en.srt']],
  ])('F43: takes %s', (_, wanted, expected) => {
    expect(chooseTracks('subtitles', tracks, wanted).map((track) => track.index ?? track.file?.name)).toEqual(expected)
  })

  it.each([['fr'], ['9'], ['other.srt']])('F43: says what there is instead of %s', (word) => {
    expect(() => chooseTracks('subtitles', tracks, [word])).toThrow(
      `--subtitles: no track is ${word}. There are 2 (de-AT), 3 (en), 4 (de), 5, film.en.srt (en).`,
    )
    expect(() => chooseTracks('audio', [], [word])).toThrow(`--audio: no track is ${word}. There is none.`)
  })
})

describe('decideTracks', () => {
  const tag = (language: string) => ({ tags: { language } })
  const source = sourceInfo([
    picture(),
    sound(1, { ...tag('eng'), disposition: { default: 1 } }),
    sound(2, tag('ger')),
    sound(3),
    words(4, 'subrip', { language: 'eng' }),
    words(5, 'hdmv_pgs_subtitle'),
  ])
  const file = { name: 'film.forced.srt', path: '/f', sizeBytes: 1, modifiedMs: 1 }
  const beside = [subtitleTrack({ index: undefined, file, codec: 'text', isForced: true })]

  it('F43: takes the sounds that were asked for, the first as the default, and says what it leaves', () => {
    const film = filmOf(source, { audio: ['fr', 'de'], languages: ['fr'] })
    expect(placeAudio(film).map(({ track, name }) => [track.index, name, track.isDefault])).toEqual([
      [3, 'Français', true],
      [2, 'Deutsch', false],
    ])
    expect(film.decisions.map(sayDecision)).toContain('Sound 1 (aac, eng) is left out: other tracks were asked for')
  })

  it('F43: makes a silent film, though all its sounds could be made', () => {
    expect(filmOf(source, { audio: [] })).toMatchObject({ audio: [], durationSeconds: 10 })
  })

  it('F43: leaves the length of the film to the sounds that are taken', () => {
    const times = new Map([...source.times, [2, evenly(30, 0.02)]])
    expect(filmOf({ ...source, times }).durationSeconds).toBe(30)
    expect(filmOf({ ...source, times }, { audio: ['1'] }).durationSeconds).toBe(10)
  })

  it('F43: adds the files beside the film', () => {
    const film = filmOf(source, { beside, subtitleLanguages: ['de'] })
    expect(placeSubtitles(film).map(({ track, folder, name }) => [track.index, folder, name])).toEqual([
      [4, 'subtitles/en', 'English'],
      [undefined, 'subtitles/de', 'Deutsch (forced)'],
    ])
    expect(film.decisions.at(-1)).toMatchObject({ index: undefined, track: 'Subtitles film.forced.srt (de)' })
    expect(filmOf(source, { beside, subtitles: ['4'] }).decisions).toHaveLength(6)
  })
})

describe('writeMultivariant', () => {
  it('F43: tells players which subtitles describe sounds', () => {
    const track = { ...subtitleTrack({ language: 'en' }), folder: 'subtitles/en', name: 'English (SDH)' }
    const text = (isForHearingImpaired: boolean): string =>
      writeMultivariant({ variants: [], sounds: [], words: [{ ...track, isForHearingImpaired }], iframes: undefined })
    expect(text(true)).toContain('CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog,public.acc')
    expect(text(false)).not.toContain('CHARACTERISTICS')
  })
})
