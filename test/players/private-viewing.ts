// Private films in real players: each gets one URL with a token, and nothing else: no cookie, no header, no script of ours.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { playbackTokens } from '../../src/platform/playback/token-verifier.ts'
import { hasBrowser, launchBrowser } from '../support/browser.ts'
import { seedVideos } from '../support/local-seed.ts'
import { spawnLocalService, type OwnLocalService } from '../support/local-service.ts'
import { decode, probeSeconds } from './media/ffmpeg.ts'
import { FILM_SECONDS, makeFilm } from './media/film.ts'
import { ENCRYPTED_FMP4, urlOf, type Packaging } from './packagings.ts'
import type { PlayerName } from './page/lab.ts'
import { startPageServer, type PageServer } from './page-server.ts'
import { openRoom, view } from './viewing.ts'
import { hasFfmpeg } from '../support/programs.ts'

const PLAYERS = ['hls.js', 'Video.js', 'Shaka', '<video>'] as const satisfies readonly PlayerName[]

/** What a player can do with a packaging from any server: see streams.ts. */
function canPlay(player: (typeof PLAYERS)[number], { kind, title }: Packaging): boolean {
  if (player === 'hls.js') return kind === 'hls'
  return player !== '<video>' || title !== ENCRYPTED_FMP4
}

/** Tests of these films with a delivery, in players on another origin and in ffmpeg: a TV that knows the URL alone. */
export function describePrivateFilms(delivery: 'edge' | 's3', films: readonly Packaging[]): void {
  describe.skipIf(!hasBrowser || !hasFfmpeg)(`private films with ${delivery} delivery`, () => {
    let folder = ''
    let service: OwnLocalService
    let pages: PageServer
    let browser: Browser
    let secret = ''

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lynxgate-private-'))
      service = await spawnLocalService(['--delivery', delivery], async (state) => {
        const film = await makeFilm(folder)
        for (const { jobId, write } of films) await write(film, join(folder, jobId))
        await seedVideos(
          state,
          films.map(({ jobId, title }) => ({
            jobId,
            name: title,
            durationSeconds: FILM_SECONDS,
            folder: join(folder, jobId),
            playback: 'private',
          })),
        )
      })
      secret = await service.variable('EDGE_SIGNING_SECRET')
      pages = await startPageServer()
      browser = await launchBrowser()
    })
    afterAll(async () => {
      await browser.close()
      await pages.stop()
      await service.stop()
      await rm(folder, { recursive: true, force: true })
    })

    async function tokenUrl(film: Packaging): Promise<string> {
      const iat = Math.floor(Date.now() / 1000)
      const token = await playbackTokens([secret]).sign({ sub: film.jobId, iat, exp: iat + 600 })
      const url = urlOf(service.url, film)
      return `${url}${url.includes('?') ? '&' : '?'}token=${token}`
    }

    it('are closed without a token', async () => {
      for (const film of films) expect((await fetch(urlOf(service.url, film))).status).toBe(403)
    })

    it.each(delivery === 'edge' ? films.filter(({ kind }) => kind === 'hls') : [])(
      'have their playlists below the session byte for byte as they are stored: $title',
      async (film) => {
        const entry = await fetch(await tokenUrl(film), { redirect: 'manual' })
        const text = entry.headers.get('Location') ?? (await entry.text())
        const prefix = /\/v\/[\w-]{82}\//.exec(text)?.[0] ?? ''
        const stored = join(folder, film.jobId)
        const names = (await readdir(stored, { recursive: true })).filter((name) => name.endsWith('.m3u8'))
        expect(names.length).toBeGreaterThan(0)
        for (const name of names) {
          const address = service.url + prefix + name.split('/').map(encodeURIComponent).join('/')
          expect(await (await fetch(address)).text(), name).toBe(await readFile(join(stored, name), 'utf8'))
        }
      },
    )

    const rows = PLAYERS.flatMap((player) =>
      films.filter((film) => canPlay(player, film)).map((film) => [player, film.title, film] as const),
    )
    it.each(rows)('play, seek and end in %s: %s', { timeout: 300_000 }, async (player, _title, film) => {
      const room = await openRoom(browser, pages.url)
      // The previews of our own page are no part of a third-party player's URL.
      const isPlain = player === '<video>'
      const seen = isPlain ? { hasLanguages: false, hasSubtitles: false } : {}
      await view(room, {
        player,
        url: await tokenUrl(film),
        film: { ...film, hasStoryboard: false, ...seen },
      })
      await room.page.close()
    })

    it.each(films)('are decoded to their end by ffmpeg without a complaint: $title', async (film) => {
      expect(Math.abs((await probeSeconds(await tokenUrl(film))) - FILM_SECONDS)).toBeLessThan(0.1)
      expect(Math.abs((await decode(await tokenUrl(film))) - FILM_SECONDS)).toBeLessThan(0.1)
    })
  })
}
