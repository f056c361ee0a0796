// Real players on every packaging; the table in the README is what was seen to work.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser, launchBrowser } from '../support/browser.ts'
import { seedVideos } from '../support/local-seed.ts'
import { spawnLocalService, type LocalService } from '../support/local-service.ts'
import { decode, probeSeconds } from './media/ffmpeg.ts'
import { FILM_SECONDS, makeFilm } from './media/film.ts'
import { ENCRYPTED_FMP4, PACKAGINGS, urlOf, type Packaging } from './packagings.ts'
import { startPageServer, type PageServer } from './page-server.ts'
import type { PlayerName } from './page/lab.ts'
import { collectOutcomes, putTable, type Outcome } from './readme-table.ts'
import { openRoom, view, type Room } from './viewing.ts'
import { hasFfmpeg } from '../support/programs.ts'

const SCREENSHOTS = 'test-results/players'
const PLAYERS = ['hls.js', 'Video.js', 'Shaka', '<video>'] as const satisfies readonly PlayerName[]
const ORIGINS = ['the service’s own origin', 'another origin'] as const

/** What a player is able to do with a packaging from any server, ours or not. */
function abilityOf(player: (typeof PLAYERS)[number], packaging: Packaging): Outcome {
  if (player === 'hls.js' && packaging.kind === 'progressive') return 'none'
  if (player !== '<video>') return 'all'
  // Chromium's own HLS player loads every byte of this one and never starts, also from a plain file server.
  if (packaging.title === ENCRYPTED_FMP4) return 'none'
  return packaging.hasLanguages || packaging.hasSubtitles ? 'plays' : 'all'
}

/** Tests every packaging in every player: on both origins, or on one of them, in turn. */
export function describeStreams(where: 'both origins' | 'one origin in turn'): void {
  const placeOf = (origin: (typeof ORIGINS)[number]): string => (where === 'both origins' ? origin : where)
  const outcomes = collectOutcomes((column) =>
    column === 'ffmpeg' ? ['terminal'] : where === 'both origins' ? ORIGINS : [where],
  )

  describe.skipIf(!hasBrowser || !hasFfmpeg)('every packaging', () => {
    let folder = ''
    let service: LocalService
    let pages: PageServer
    let browser: Browser

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lynxgate-players-'))
      await mkdir(SCREENSHOTS, { recursive: true })
      service = await spawnLocalService([], async (state) => {
        await packageFilms(folder)
        const films = PACKAGINGS.map(({ jobId, title }) => ({
          jobId,
          name: title,
          durationSeconds: FILM_SECONDS,
          folder: join(folder, jobId),
        }))
        await seedVideos(state, films)
      })
      pages = await startPageServer()
      browser = await launchBrowser()
    })
    afterAll(async () => {
      await browser.close()
      await pages.stop()
      await service.stop()
      await rm(folder, { recursive: true, force: true })
    })

    describe.each(PLAYERS)('in %s', (player) => {
      // Waiting for a film to play costs no processor: two rooms at a time halve it.
      describe.each(ORIGINS)('on %s', { concurrent: true }, (origin) => {
        let room: Room
        beforeAll(async () => {
          room = await (origin === 'another origin'
            ? openRoom(browser, pages.url)
            : openRoom(browser, `${service.url}/players-under-test`, pages.html))
        })
        afterAll(() => room.page.close())

        const rows = PACKAGINGS.map((packaging) => ({ ...packaging, ability: abilityOf(player, packaging) })).filter(
          (_row, index) => where === 'both origins' || index % 2 === ORIGINS.indexOf(origin),
        )
        it.each(rows.filter(({ ability }) => ability !== 'none'))(
          'plays, seeks and ends: $title',
          { concurrent: false, timeout: 300_000 },
          async ({ ability, ...packaging }) => {
            const film = ability === 'plays' ? { ...packaging, hasLanguages: false, hasSubtitles: false } : packaging
            const screenshot = join(SCREENSHOTS, `${fileName(`${player} ${packaging.title} on ${origin}`)}.png`)
            await view(room, { player, url: urlOf(service.url, packaging), film, screenshot })
            outcomes.record(player, packaging.title, placeOf(origin), ability)
          },
        )
        for (const { title, ability } of rows) {
          if (ability === 'none') outcomes.record(player, title, placeOf(origin), ability)
        }
      })
    })

    describe('in ffmpeg and ffprobe', { concurrent: true }, () => {
      it.each(PACKAGINGS)('is decoded to its end without a complaint: $title', async (packaging) => {
        const url = urlOf(service.url, packaging)
        expect(Math.abs((await probeSeconds(url)) - FILM_SECONDS)).toBeLessThan(0.1)
        expect(Math.abs((await decode(url)) - FILM_SECONDS)).toBeLessThan(0.1)
        outcomes.record('ffmpeg', packaging.title, 'terminal', 'all')
      })
    })

    it('is in the table of README.md as it was seen here', async () => {
      const rows = outcomes.rows()
      expect(rows.filter((row) => row.includes('✗'))).toEqual([])
      await expect(putTable(await readFile('README.md', 'utf8'), rows)).toMatchFileSnapshot(
        join(process.cwd(), 'README.md'),
      )
    })
  })
}

async function packageFilms(folder: string): Promise<void> {
  const film = await makeFilm(folder)
  for (const { jobId, write } of PACKAGINGS) await write(film, join(folder, jobId))
}

function fileName(text: string): string {
  return text.replaceAll(/[^a-zA-Z0-9.]+/g, '-').replaceAll(/^-|-$/g, '')
}
