// Tests odd films, one by one: each becomes a stream that lasts as long as it does, with its sound where it was, and plays
// in hls.js; or it is refused in one sentence before any work.
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fraction } from '../../../src/cli/upload/picture/frame-rate.ts'
import { ladderFor } from '../../../src/core/packaging/ladder.ts'
import { probeFilm } from '../../../src/cli/upload/film/probe.ts'
import { makeStream } from '../../../src/cli/upload/making/stream.ts'
import { sayDecision } from '../../../src/cli/upload/film/verdicts.ts'
import { hasBrowser, launchBrowser } from '../../support/browser.ts'
import { knownEncoders, ODD_FILMS, type Becomes, type OddFilm } from './films.ts'
import { measureColour, measureOffset, probeStreams } from './measure.ts'
import { startPageServer, type PageServer } from '../page-server.ts'
import { openRoom, type Room } from '../viewing.ts'
import { hasFfmpeg } from '../../support/programs.ts'

const encoders = hasFfmpeg ? knownEncoders() : new Set<string>()
const canMake = ({ needs = [] }: OddFilm): boolean => needs.every((name) => encoders.has(name))

/** As many as vitest runs together. */
const AT_ONCE = 5

/** `ODD_FILMS=HDR npx vitest …` tests those alone that have this in their names. */
export function testOddFilms(isSlow: boolean): void {
  const wanted = ODD_FILMS.filter((film) => (film.isSlow ?? false) === isSlow).filter(({ name }) =>
    name.includes(process.env['ODD_FILMS'] ?? ''),
  )
  describe.skipIf(!hasFfmpeg)('odd films (skipped where ffmpeg is missing)', () => {
    let root = ''
    let files: Server
    let pages: PageServer
    let browser: Browser | undefined
    const rooms: Room[] = []
    let origin = ''

    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'lynxgate-odd-'))
      files = createServer((request, response) => {
        const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname)
        response.setHeader('Access-Control-Allow-Origin', '*')
        createReadStream(join(root, path))
          .on('error', () => response.writeHead(404).end())
          .pipe(response)
      })
      await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve))
      const address = files.address()
      origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
      pages = await startPageServer()
      if (!hasBrowser) return
      browser = await launchBrowser()
      for (let i = 0; i < AT_ONCE; i++) rooms.push(await openRoom(browser, pages.url))
    })
    afterAll(async () => {
      await browser?.close()
      await pages.stop()
      files.close()
      await rm(root, { recursive: true, force: true })
    })

    it('F33: are at least forty', () => expect(ODD_FILMS.length).toBeGreaterThanOrEqual(40))

    for (const [i, film] of wanted.entries()) {
      const promise = film.refused === undefined ? 'made and played' : 'refused in one sentence'
      it.skipIf(!canMake(film))(
        `${film.fault}: ${film.name}, ${promise}`,
        { timeout: 180_000, concurrent: true },
        async () => {
          const folder = join(root, String(i))
          await mkdir(folder)
          const file = join(folder, film.file)
          film.make(file, folder)
          if (film.refused !== undefined) return await isRefused(file, film.refused)
          const made = await makeOdd(file, join(folder, 'made'))
          await isAsPromised(file, made, film.becomes ?? {})
          const room = rooms.pop()
          if (room === undefined) return
          try {
            await playsInHlsJs(room, `${origin}/${i}/made/hls/index.m3u8`, made)
          } finally {
            rooms.push(room)
          }
        },
      )
    }
  })
}

interface Made {
  readonly hls: string
  readonly thumbnail: string
  readonly durationSeconds: number
  /** All that is said about it. */
  readonly said: string
  readonly frameRate: string
  readonly hasSound: boolean
}

async function isRefused(file: string, sentence: RegExp): Promise<void> {
  const refusal = await probeFilm(file, {}).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(Error)
  const { message, name } = refusal as Error
  expect(name).toBe('CommandProblem')
  expect(message).toMatch(sentence)
  expect(message).not.toContain('\n')
}

async function makeOdd(file: string, folder: string): Promise<Made> {
  const film = await probeFilm(file, {})
  const said = [...film.decisions.map(sayDecision), ...film.doubts]
  const ladder = ladderFor({ ...film, framesPerSecond: fraction(film.frameRate) })
  const settings = { preset: 'ultrafast', isReproducible: false, audioKilobits: () => 96 }
  const notice = (sentence: string): void => void said.push(sentence)
  const order = { source: file, film, ladder, settings, folder, onNotice: notice, onDoubt: notice }
  const { durationSeconds } = await makeStream(order)
  return {
    hls: join(folder, 'hls'),
    thumbnail: join(folder, 'thumbnail.jpg'),
    durationSeconds,
    said: said.join('\n'),
    frameRate: film.frameRate,
    hasSound: film.audio.length > 0,
  }
}

async function isAsPromised(source: string, made: Made, becomes: Becomes): Promise<void> {
  for (const words of becomes.says ?? []) expect(made.said).toMatch(words)
  if (becomes.rate !== undefined) expect(fraction(made.frameRate)).toBeCloseTo(fraction(becomes.rate), 3)
  const [rung = ''] = (await readdir(join(made.hls, 'video'))).sort((a, b) => parseInt(b) - parseInt(a))
  const picture = join(made.hls, 'video', rung, 'index.m3u8')
  const entry = join(made.hls, 'index.m3u8')
  const { streams, seconds } = await probeStreams(entry)
  const videos = streams.filter(({ codec_type: type }) => type === 'video')
  const sounds = streams.filter(({ codec_type: type }) => type === 'audio')
  if (becomes.size !== undefined) expect(`${videos[0]?.width}x${videos[0]?.height}`).toBe(becomes.size)
  if (becomes.frames !== undefined) {
    expect(Number((await probeStreams(picture)).streams[0]?.nb_read_packets)).toBe(becomes.frames)
  }
  if (becomes.sounds !== undefined) expect(sounds).toHaveLength(becomes.sounds)
  if (becomes.sampleRate !== undefined) expect(sounds[0]?.sample_rate).toBe(String(becomes.sampleRate))
  for (const video of videos) {
    const tags = { color_space: 'bt709', color_transfer: 'bt709', color_primaries: 'bt709', color_range: 'tv' }
    expect(video).toMatchObject({ ...tags, pix_fmt: 'yuv420p' })
    expect(video.side_data_list).toBeUndefined()
  }
  // Everything begins together, and lasts as long as the film does.
  expect(new Set(streams.map(({ start_time: start }) => Number(start).toFixed(2))).size).toBe(1)
  const expected = becomes.seconds ?? (await probeStreams(source)).seconds
  const isWhole = !made.said.includes('cut off')
  if (isWhole) expect(Math.abs(made.durationSeconds - expected)).toBeLessThan(0.2)
  if (isWhole) expect(Math.abs(seconds - expected)).toBeLessThan(0.2)
  const inits = (await readdir(made.hls, { recursive: true })).filter((name) => name.endsWith('init.mp4'))
  expect(inits.length).toBeGreaterThan(made.hasSound ? 1 : 0)
  for (const init of inits) expect((await readFile(join(made.hls, init))).includes('elst')).toBe(false)
  if (made.hasSound && becomes.isUnmeasured !== true) {
    const [language = ''] = await readdir(join(made.hls, 'audio'))
    const sound = join(made.hls, 'audio', language, 'index.m3u8')
    const [before, after] = [await measureOffset(source, source, becomes), await measureOffset(picture, sound)]
    expect(Math.abs(after - before)).toBeLessThan(0.02)
  }
  if (becomes.colour !== undefined) isNear(await measureColour(picture, becomes.colour.at), becomes.colour.rgb)
  const thumbnail = (await probeStreams(made.thumbnail)).streams[0]
  if (becomes.thumbnail?.size !== undefined) {
    expect(`${thumbnail?.width}x${thumbnail?.height}`).toBe(becomes.thumbnail.size)
  }
  if (becomes.thumbnail?.rgb !== undefined) isNear(await measureColour(made.thumbnail), becomes.thumbnail.rgb)
}

function isNear(found: readonly number[], wanted: readonly number[]): void {
  const away = found.map((value, i) => Math.abs(value - (wanted[i] ?? 0)))
  expect(Math.max(...away), `${found.join()} for ${wanted.join()}`).toBeLessThan(10)
}

async function playsInHlsJs(room: Room, url: string, made: Made): Promise<void> {
  const { page } = room
  room.takeFaults()
  const first = await page.evaluate((address) => window.lab.open('hls.js', address), url)
  expect(Math.abs(first.duration - made.durationSeconds)).toBeLessThan(0.2)
  expect(first.frames).toBeGreaterThan(0)
  if (made.hasSound) expect(first.soundBytes).toBeGreaterThan(0)
  await page.evaluate(() => window.lab.finish())
  const complaints = await page.evaluate(() => window.lab.close())
  expect([...complaints, ...room.takeFaults()]).toEqual([])
}
