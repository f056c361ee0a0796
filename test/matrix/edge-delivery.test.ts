// The same players when the Worker serves the bytes itself: they play and seek, on its own origin and on another.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Request } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser, launchBrowser } from '../support/browser.ts'
import { seedVideos } from '../support/local-seed.ts'
import { spawnLocalService, type LocalService } from '../support/local-service.ts'
import { FILM_SECONDS, makeFilm } from '../players/media/film.ts'
import { PACKAGINGS, urlOf, type Packaging } from '../players/packagings.ts'
import type { PlayerName } from '../players/page/lab.ts'
import { startPageServer, type PageServer } from '../players/page-server.ts'
import { openRoom, view } from '../players/viewing.ts'
import { hasFfmpeg } from '../support/programs.ts'

/** The richest stream, one file read in ranges, and a plain MP4. */
const TITLES = [/^fMP4, two qualities, two languages/, /^fMP4, byte ranges/, /^MP4, progressive/]
const films = PACKAGINGS.filter(({ title }) => TITLES.some((start) => start.test(title)))
const playerOf = ({ kind }: Packaging) => (kind === 'hls' ? 'hls.js' : '<video>')

describe.skipIf(!hasBrowser || !hasFfmpeg)('with edge delivery', () => {
  let folder = ''
  let service: LocalService
  let pages: PageServer
  let browser: Browser

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lynxgate-edge-'))
    service = await spawnLocalService(['--delivery', 'edge'], async (state) => {
      const film = await makeFilm(folder)
      for (const { jobId, write } of films) await write(film, join(folder, jobId))
      const seeds = films.map(({ jobId, title }) => ({
        jobId,
        name: title,
        durationSeconds: FILM_SECONDS,
        folder: join(folder, jobId),
      }))
      await seedVideos(state, seeds)
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

  it('finds the films it means', () => {
    expect(films).toHaveLength(TITLES.length)
  })

  const rows = films.map((film) => [playerOf(film), film.title, film] as const)
  it.each(rows)('%s plays, seeks and ends, on both origins: %s', async (player, _title, film) => {
    const rooms = [
      () => openRoom(browser, `${service.url}/players-under-test`, pages.html),
      () => openRoom(browser, pages.url),
    ]
    for (const open of rooms) {
      const room = await open()
      const media: string[] = []
      room.page.on('request', (request) => media.push(new URL(request.url()).pathname))
      await view(room, { player, url: urlOf(service.url, film), film })
      expect(media.some((path) => path.startsWith(film.kind === 'hls' ? '/v/' : '/media/users/'))).toBe(true)
      expect(media.filter((path) => path.startsWith('/cdn-cgi/'))).toEqual([])
      await room.page.close()
    }
  })

  it.each([
    ['hls.js, CMCD in headers', (request) => request.headers()['cmcd-session'] !== undefined],
    ['hls.js, CMCD in the query', (request) => new URL(request.url()).searchParams.has('CMCD')],
  ] satisfies [PlayerName, (request: Request) => boolean][])(
    'F27: %s plays, seeks and ends on another origin',
    async (player, isReporting) => {
      const [film] = films
      if (film === undefined) throw new Error('no film')
      const room = await openRoom(browser, pages.url)
      const reported = new Set<string>()
      room.page.on('request', (request) => {
        if (isReporting(request)) reported.add(new URL(request.url()).pathname.split('/')[1] ?? '')
      })
      await view(room, { player, url: urlOf(service.url, film), film })
      expect(reported).toEqual(new Set(['api', 'v']))
      await room.page.close()
    },
  )
})
