// The player on pages of other origins: in an iframe, and as `<lynx-player>`.
import { createServer, type Server } from 'node:http'
import type { Frame, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser, usePages } from '../support/browser.ts'
import { startLocalService } from '../support/local-service.ts'

const { url, demoJobId } = await startLocalService()

/** What the embedding page heard, and from which origin. */
interface Heard {
  readonly origin: string
  readonly type?: string
  readonly [fact: string]: unknown
}

declare global {
  interface Window {
    heard: Heard[]
  }
}

describe.skipIf(!hasBrowser)('the player on another origin', () => {
  const pages = usePages({ viewport: { width: 800, height: 600 } })
  let server: Server
  let host = ''
  const bodies = new Map<string, { readonly type: string; body(): string }>()

  beforeAll(async () => {
    server = createServer((request, response) => {
      const found = bodies.get(new URL(request.url ?? '/', 'http://host').pathname)
      if (!found) return response.writeHead(404).end()
      return response.writeHead(200, { 'Content-Type': found.type }).end(found.body())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    host = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  })
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve))
  })

  function putPage(path: string, body: string): void {
    const html = `<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="data:,"><body>${body}`
    bodies.set(path, { type: 'text/html; charset=utf-8', body: () => html })
  }

  async function open(path: string): Promise<{ page: Page; complaints: string[] }> {
    const page = await pages.open(url)
    const complaints: string[] = []
    page.on('console', (entry) => void (entry.type() === 'error' && complaints.push(entry.text())))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(host + path)
    return { page, complaints }
  }

  const playing = (frame: Frame, from: number): Promise<unknown> =>
    frame.waitForFunction((seconds) => {
      const video = document.querySelector('video')
      return video !== null && !video.seeking && !video.paused && video.currentTime > seconds
    }, from)

  describe('in an iframe', () => {
    async function openFrame(): Promise<{ page: Page; frame: Frame; complaints: string[] }> {
      const allow = 'autoplay; fullscreen; picture-in-picture'
      putPage(
        '/frame',
        `<iframe title="A film" src="${url}/embed/${demoJobId}" width="640" height="360" allow="${allow}"></iframe>
        <script>heard = []; onmessage = ({ origin, data }) => heard.push({ origin, ...data })</script>`,
      )
      const opened = await open('/frame')
      await opened.page.waitForFunction(() => window.heard.some(({ type }) => type === 'ready'))
      const frame = opened.page.frames()[1]
      if (!frame) throw new Error('no frame')
      return { ...opened, frame }
    }
    const tell = (page: Page, message: Readonly<Record<string, unknown>>): Promise<void> =>
      page.evaluate(([text, origin]) => window.frames[0]?.postMessage(JSON.parse(text), origin), [
        JSON.stringify({ lynxgate: 1, ...message }),
        url,
      ] as const)
    const hears = (page: Page, type: string): Promise<Heard | undefined> =>
      page
        .waitForFunction((wanted) => window.heard.find((message) => message.type === wanted), type)
        .then((found) => found.jsonValue())

    it('obeys the page around it, and tells it what happens, at most four times a second', async () => {
      const { page, frame, complaints } = await openFrame()
      expect(await hears(page, 'ready')).toMatchObject({ origin: new URL(url).origin, lynxgate: 1, duration: 24 })
      await tell(page, { type: 'mute', muted: true })
      await tell(page, { type: 'play' })
      await playing(frame, 1.5)
      await tell(page, { type: 'seek', seconds: 12 })
      await playing(frame, 12.5)
      await tell(page, { type: 'pause' })
      await hears(page, 'pause')
      await tell(page, { type: 'state' })
      expect(await hears(page, 'state')).toMatchObject({ paused: true, muted: true, speed: 1 })
      const heard = await page.evaluate(() => window.heard.map(({ type, seconds }) => [type, seconds] as const))
      expect(heard.findLast(([type]) => type === 'seeked')?.[1]).toBeCloseTo(12, 0)
      const times = heard.filter(([type, seconds]) => type === 'time' && Number(seconds) < 1.5)
      expect(times.length).toBeGreaterThan(1)
      expect(times.length).toBeLessThanOrEqual(7)
      // Nonsense is ignored.
      for (const message of [{ type: 'seek', seconds: 'x' }, { type: 'toString' }, {}]) await tell(page, message)
      await page.evaluate((origin) => window.frames[0]?.postMessage('play', origin), url)
      await tell(page, { type: 'play' })
      await playing(frame, 12.5)
      expect(complaints).toEqual([])
      await page.close()
    })

    it('changes quality and subtitles and goes full screen by its own controls', async () => {
      const { page, frame, complaints } = await openFrame()
      await frame.getByRole('button', { name: 'Play film' }).click()
      await playing(frame, 0.5)
      const choose = async (list: string, label: string): Promise<void> => {
        await frame.locator('video').hover()
        await frame.getByRole('button', { name: 'settings' }).click()
        await frame.getByRole('menuitem', { name: list }).first().click()
        await frame.getByRole('menuitemradio', { name: label }).click()
        await frame.getByRole('menuitem').first().waitFor({ state: 'hidden' })
      }
      await choose('Quality', '144p')
      await frame.waitForFunction(() => document.querySelector('video')?.videoHeight === 144)
      await choose('Subtitles', 'Deutsch')
      await frame.waitForFunction(() => (document.querySelector('.cues-bottom')?.textContent ?? '') !== '')
      await frame.getByRole('button', { name: 'enter fullscreen mode' }).click()
      await frame.waitForFunction(() => document.fullscreenElement?.className === 'player')
      expect(await page.evaluate(() => document.fullscreenElement?.tagName)).toBe('IFRAME')
      expect(complaints).toEqual([])
      await page.close()
    })
  })

  describe('<lynx-player>', () => {
    const script = `<script type="module" src="${url}/assets/lynx-player.js"></script>`

    it('plays, seeks, chooses and goes full screen, with what a video element has', async () => {
      putPage('/element', `<lynx-player job-id="${demoJobId}" lang="de" muted start="1m"></lynx-player>${script}`)
      const { page, complaints } = await open('/element')
      await page.getByRole('button', { name: 'Film abspielen' }).waitFor()
      const facts = await page.evaluate(async () => {
        const player = document.querySelector('lynx-player') as unknown as HTMLVideoElement
        const heard = new Set<string>()
        for (const type of ['play', 'playing', 'timeupdate', 'seeked', 'volumechange']) {
          player.addEventListener(type, () => heard.add(type))
        }
        const happens = (type: string) =>
          new Promise((resolve) => player.addEventListener(type, resolve, { once: true }))
        await player.play()
        player.currentTime = 6
        await happens('seeked')
        player.volume = 0.5
        await happens('timeupdate')
        const { paused, muted, duration, currentTime, volume } = player
        player.pause()
        return {
          paused,
          muted,
          duration,
          currentTime,
          volume,
          isPausedThen: player.paused,
          heard: [...heard].toSorted(),
        }
      })
      expect(facts).toMatchObject({ paused: false, muted: true, volume: 0.5, isPausedThen: true })
      expect(facts.currentTime).toBeGreaterThanOrEqual(6)
      expect(facts.duration).toBeCloseTo(24, 0)
      expect(facts.heard).toEqual(['play', 'playing', 'seeked', 'timeupdate', 'volumechange'])
      await page.locator('lynx-player video').hover()
      await page.getByRole('button', { name: 'Vollbildmodus' }).click()
      await page.waitForFunction(() => document.fullscreenElement?.tagName === 'LYNX-PLAYER')
      expect(complaints).toEqual([])
      await page.close()
    })

    it('gets a token before it begins, a new one before that ends, and signs the next load with it', async () => {
      let asked = 0
      const tokenUntil = (seconds: number): string =>
        `e30.${Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1000) + seconds })).toString('base64url')}.t${asked}`
      bodies.set('/token', {
        type: 'application/json',
        body() {
          asked += 1
          // The first ends within a minute, so the next is asked for at once.
          return JSON.stringify({ token: tokenUntil(asked === 1 ? 30 : 3600) })
        },
      })
      putPage('/private', `<lynx-player job-id="${demoJobId}" token-url="/token"></lynx-player>${script}`)
      const { page } = await open('/private')
      const signed: string[] = []
      let isRefused = false
      // The demo film is public: what counts here is which token goes along.
      await page.route('**/index.m3u8?token=*', async (route) => {
        signed.push(new URL(route.request().url()).searchParams.get('token')?.split('.')[2] ?? '')
        await route.continue()
      })
      await page.route(/segment-[3-9]\.m4s/, (route) => (isRefused ? route.fulfill({ status: 403 }) : route.continue()))
      await page.reload()
      await page.getByRole('button', { name: 'Play film' }).click()
      await expect.poll(() => asked, { timeout: 30_000 }).toBeGreaterThanOrEqual(2)
      isRefused = true
      await page.locator('lynx-player').press('5')
      await expect.poll(() => signed.length, { timeout: 30_000 }).toBeGreaterThan(1)
      isRefused = false
      expect(new Set(signed).size).toBe(signed.length)
      await page.waitForFunction(
        () => (document.querySelector('lynx-player') as unknown as HTMLVideoElement).currentTime > 12.5,
      )
      await page.close()
    })

    it('plays the file itself when the film has no stream', async () => {
      const { page } = await (async () => {
        putPage('/original', `<lynx-player job-id="${demoJobId}" muted></lynx-player>${script}`)
        return await open('/original')
      })()
      await page.route('**/index.m3u8*', (route) => route.fulfill({ status: 404 }))
      await page.reload()
      await page.getByRole('button', { name: 'Play film' }).click()
      await page.waitForFunction(
        () => (document.querySelector('lynx-player') as unknown as HTMLVideoElement).currentTime > 0.5,
      )
      expect(await page.locator('.message:visible').count()).toBe(0)
      await page.close()
    })
  })
})
