// What examples/ shows works as it stands there: each is run as its README says, on a service of its own.
import { spawn } from 'node:child_process'
import { appendFile, readFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLocalState } from '../../src/cli/local-state.ts'
import { hasBrowser, launchBrowser } from '../support/browser.ts'
import { localCaller, type LocalCaller } from '../support/local-caller.ts'
import { freePort, spawnLocalService, type OwnLocalService } from '../support/local-service.ts'

const example = (path: string): string => fileURLToPath(new URL(`../../examples/${path}`, import.meta.url))
const FILM = fileURLToPath(new URL('../fixtures/demo/film.mp4', import.meta.url))

const enginePort = await freePort()
const engineUrl = `http://127.0.0.1:${enginePort}`
let service: OwnLocalService
let alice: LocalCaller
beforeAll(async () => {
  service = await spawnLocalService(['--delivery=edge'], async (state) => {
    await appendFile(openLocalState(state).envFile, `CLIPZY_ORIGIN=${engineUrl}\n`)
  })
  alice = await localCaller(service, 'user_alice')
})
afterAll(() => service.stop())

interface Run {
  readonly code: number | null
  readonly output: string
}

async function run(path: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Run> {
  const child = spawn(process.execPath, [example(path), ...args], { env: { ...process.env, ...env } })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return await new Promise((resolve) => child.once('close', (code) => resolve({ code, output })))
}

describe('upload-and-share', () => {
  it('uploads a film, shares it so that its page opens, and lists it', async () => {
    const env = { LYNXGATE_URL: service.url, LYNXGATE_KEY: alice.rawKey }
    const { code, output } = await run('upload-and-share/upload-and-share.mjs', [FILM], env)
    expect([code, output]).toEqual([0, expect.stringMatching(/^Shared: http.*\n.*Z {2}uploaded {2}film\.mp4\n$/)])
    const link = /^Shared: (\S+)/.exec(output)?.[1] ?? ''
    const page = await fetch(link)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<h1>film.mp4</h1>')
  })

  it('says in a sentence what the service refuses, and not the key', async () => {
    const env = { LYNXGATE_URL: service.url, LYNXGATE_KEY: `lvz_live_${'0'.repeat(64)}` }
    const { code, output } = await run('upload-and-share/upload-and-share.mjs', [], env)
    expect([code, output]).toEqual([1, '401 Invalid or inactive API key\n'])
  })
})

describe('webhook-receiver', () => {
  it('takes what the service sends by its queue, and nothing that is signed by another', async () => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}/`
    const [, endpoint] = await alice.answer('POST', '/api/webhooks/endpoints', { url, events: ['key.created'] })
    const env = { ...process.env, PORT: String(port), WEBHOOK_SECRET: (endpoint as { secret: string }).secret }
    const receiver = spawn(process.execPath, [example('webhook-receiver/receiver.mjs')], { env })
    try {
      let output = ''
      const printed = async (text: RegExp): Promise<void> =>
        await new Promise((resolve) => {
          const look = (): void => void (text.test(output) && resolve())
          receiver.stdout.on('data', (chunk: Buffer) => {
            output += chunk.toString()
            look()
          })
          look()
        })
      await printed(/Receiving/)
      const forged = await fetch(url, {
        method: 'POST',
        headers: {
          'webhook-id': 'evt_1',
          'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
          'webhook-signature': 'v1,AAAA',
        },
        body: '{"type":"key.deleted","data":{}}',
      })
      expect(forged.status).toBe(401)
      await alice.answer('POST', '/api/keys', { name: 'told of' })
      await printed(/key\.created .*"name":"told of"/)
      expect(output).not.toContain('key.deleted')
    } finally {
      receiver.kill()
    }
  })

  it('hears through npm run listen of what happens where no request reaches it', async () => {
    const port = await freePort()
    const [, { secret }] = (await alice.answer('GET', '/api/webhooks/default-secret')) as [number, { secret: string }]
    const env = { ...process.env, PORT: String(port), WEBHOOK_SECRET: secret }
    const receiver = spawn(process.execPath, [example('webhook-receiver/receiver.mjs')], { env })
    const args = ['src/cli/run.mjs', 'listen', '--forward', `http://127.0.0.1:${port}/`]
    const keys = { LYNXGATE_URL: service.url, LYNXGATE_KEY: alice.rawKey }
    const listen = spawn(process.execPath, args, { env: { ...process.env, ...keys } })
    try {
      let output = ''
      const printed = async (text: RegExp): Promise<void> => {
        for (;;) {
          if (text.test(output)) return
          await new Promise((resolve) => listen.stdout.once('data', resolve))
        }
      }
      listen.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
      await new Promise((resolve) => receiver.stdout.once('data', resolve))
      await printed(/signed with whsec_/)
      await alice.answer('POST', '/api/keys', { name: 'heard of' })
      await printed(/key\.created {2}.*"name":"heard of".* {2}→ 204\n/)
    } finally {
      listen.kill()
      receiver.kill()
    }
  })
})

describe('engine', () => {
  let engine: ReturnType<typeof spawn>
  beforeAll(async () => {
    const env = { ...process.env, PORT: String(enginePort), LYNXGATE_URL: service.url }
    engine = spawn(process.execPath, [example('engine/engine.mjs')], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise((resolve) => engine.stdout?.once('data', resolve))
  })
  afterAll(async () => {
    const ended = new Promise((resolve) => engine.once('close', resolve))
    engine.kill()
    await ended
  })

  it('believes the gate: a job is created, and shown to its owner', async () => {
    const [status, created] = await alice.answer('POST', '/api/v1/jobs', { video_id: 'vid_1' })
    expect([status, created]).toEqual([201, expect.objectContaining({ success: true })])
    const { job_id: jobId } = (created as { data: { job_id: string } }).data
    expect(await alice.answer('GET', `/api/v1/jobs/${jobId}`)).toEqual([
      200,
      expect.objectContaining({ data: expect.objectContaining({ job_id: jobId, video_id: 'vid_1' }) }),
    ])
  })

  it.each([
    ['no assertion', {}],
    ['a user without one', { 'X-Lynxgate-User': '00000000-0000-4000-8000-000000000001' }],
    // {"alg":"none"} and the claims that it wants
    [
      'an unsigned one',
      {
        'X-Lynxgate-Assertion': `${btoa('{"alg":"none"}')}.${btoa(`{"iss":"lynxgate","aud":"${engineUrl}","sub":"x","request_id":"x","exp":9999999999}`).replaceAll('=', '')}.`,
      },
    ],
  ])('answers nothing to who comes past the gate: %s', async (_, headers: Record<string, string>) => {
    const response = await fetch(`${engineUrl}/api/v1/jobs`, { method: 'POST', headers, body: '{"video_id":"vid_1"}' })
    expect(response.status).toBe(401)
  })
})

describe.skipIf(!hasBrowser)('web-page', () => {
  it('plays the demo film from a file on the disk, with the very hls.js it names', async () => {
    const browser = await launchBrowser()
    try {
      const page = await browser.newPage()
      const complaints: string[] = []
      page.on('console', (entry) => void (entry.type() === 'error' && complaints.push(entry.text())))
      page.on('pageerror', (error) => complaints.push(error.message))
      // The CDN's file is npm's; the page's integrity attribute holds these bytes against its own hash.
      const { version } = JSON.parse(await readFile('node_modules/hls.js/package.json', 'utf8')) as { version: string }
      const body = await readFile('node_modules/hls.js/dist/hls.min.js')
      await page.route(`https://cdn.jsdelivr.net/npm/hls.js@${version}/dist/hls.min.js`, async (route) => {
        const headers = { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' }
        await route.fulfill({ body, headers })
      })
      const playlist = `${service.url}/api/playback/stream/${service.demoJobId}/index.m3u8`
      await page.goto(`${pathToFileURL(example('web-page/index.html')).href}#${playlist}`)
      await page.evaluate(() => document.querySelector('video')?.play())
      await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 1)
      expect(complaints).toEqual([])
      expect(await page.textContent('[role=status]')).toBe('')
    } finally {
      await browser.close()
    }
  })
})

describe.skipIf(!hasBrowser)('player-element', () => {
  it('plays the demo film from a file on the disk, with the events of a video element', async () => {
    const browser = await launchBrowser()
    try {
      const page = await browser.newPage()
      const complaints: string[] = []
      page.on('console', (entry) => void (entry.type() === 'error' && complaints.push(entry.text())))
      page.on('pageerror', (error) => complaints.push(error.message))
      await page.goto(
        `${pathToFileURL(example('player-element/index.html')).href}#${service.url}/#${service.demoJobId}`,
      )
      await page.getByRole('button', { name: 'Play film' }).click()
      await page.getByText(/^[1-9]\.\d s of 24 s$/).waitFor()
      expect(complaints).toEqual([])
    } finally {
      await browser.close()
    }
  })
})
