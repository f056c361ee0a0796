// What ffmpeg and ffprobe open, and what they do not take for a film.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { filmInput, inputArguments, rawInput } from '../../../src/cli/upload/tools/input.ts'
import { ladderFor } from '../../../src/core/packaging/ladder.ts'
import { joinOriginal } from '../../../src/cli/upload/making/original.ts'
import { probeFilm, whyUnreadable } from '../../../src/cli/upload/film/probe.ts'
import { makeStream } from '../../../src/cli/upload/making/stream.ts'
import { recordCalls } from '../../support/recorded-calls.ts'
import { makeFilm } from '../../support/upload-command.ts'
import { hasFfmpeg } from '../../support/programs.ts'

// Tools are started, which takes its time on a machine that has other things to do.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe('inputArguments', () => {
  it('F40: names the protocols and formats before every input, and lets a name be anything', () => {
    expect(inputArguments(filmInput('-i https://x.mp4', '-ss', '1')).join(' ')).toMatch(
      /^-protocol_whitelist file,pipe -format_whitelist mov,[\w,]+ -analyzeduration \S+ -probesize \S+ -ss 1 -i file:-i https:\/\/x\.mp4$/,
    )
    expect(inputArguments(rawInput('a', 's16le'))).toContain('s16le')
  })

  it('F40: takes no list of files, script, device or pattern of names for a film', () => {
    const dangerous = ['hls', 'concat', 'dash', 'imf', 'sdp', 'image2', 'lavfi', 'avisynth', 'vobsub', 'ffmetadata']
    expect(filmInput('x').formats.filter((format) => dangerous.includes(format))).toEqual([])
  })
})

describe('whyUnreadable', () => {
  it('says what the file is, or what it lacks', () => {
    expect(whyUnreadable("[hls @ 0x55] Format not on whitelist 'mov'\nx: Invalid argument\n")).toContain('format hls')
    expect(whyUnreadable('[mov,mp4 @ 0x55] moov atom not found\n')).toContain('cut off')
    expect(whyUnreadable('Invalid data found')).toBeUndefined()
  })
})

describe.skipIf(!hasFfmpeg)('a file that names other files (skipped where ffmpeg is missing)', () => {
  let folder = ''
  let secret = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lynxgate-input-'))
    secret = join(folder, 'secret.mp4')
    makeFilm(secret, { size: '160x90', seconds: 1, sounds: 1 })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each<[string, string, (path: string) => string]>([
    ['an HLS playlist', 'hls', (path) => `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${path}\n#EXT-X-ENDLIST\n`],
    [
      'an HLS multivariant playlist',
      'hls',
      (path) => `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nfile:${path}\n#EXT-X-ENDLIST\n`,
    ],
    ['a list to concatenate', 'concat', (path) => `ffconcat version 1.0\nfile '${path}'\n`],
    [
      'a DASH manifest',
      'dash',
      (path) =>
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011">' +
        `<Period><AdaptationSet><Representation id="1" bandwidth="1"><BaseURL>file:${path}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
    ],
  ])('F40: %s with the name of a film is refused and opens nothing', async (_, format, write) => {
    for (const name of ['film.mp4', 'film.mkv']) {
      const list = join(folder, name)
      await writeFile(list, write(secret))
      await expect(probeFilm(list, {})).rejects.toThrow(`ffmpeg cannot read ${name} as a video: its content is of the`)
      await expect(probeFilm(list, {})).rejects.toThrow(`format ${format}`)
    }
  })

  it('F40: every call of ffmpeg and ffprobe says what its inputs may be', async () => {
    const calls = await recordCalls(folder, async () => {
      const film = await probeFilm(secret, {})
      const ladder = ladderFor({ ...film, framesPerSecond: 25 })
      const settings = { preset: 'ultrafast', isReproducible: false, audioKilobits: () => 64 }
      const work = join(folder, 'work')
      await makeStream({ source: secret, film, ladder, settings, folder: work })
      await joinOriginal({ folder: work, film, ladder })
    })
    const opening = calls.filter((call) => call.includes('-i'))
    expect(opening.length).toBeGreaterThanOrEqual(6)
    for (const call of opening) {
      const inputs = call.filter((argument) => argument === '-i').length
      for (const option of ['-protocol_whitelist', '-format_whitelist']) {
        expect(call.filter((argument) => argument === option)).toHaveLength(inputs)
      }
    }
  })
})
