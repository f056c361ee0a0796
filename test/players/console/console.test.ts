// The console in a real browser, on the service as `npm start` runs it: one service and one browser for all.
import { appendFile, readFile } from 'node:fs/promises'
import { importPKCS8 } from 'jose'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL_ISSUER, LOCAL_KEY_ID, openLocalState } from '../../../src/cli/local-state.ts'
import { hasBrowser, usePages } from '../../support/browser.ts'
import { signSession } from '../../support/clerk.ts'
import { localCaller } from '../../support/local-caller.ts'
import { spawnLocalService, type OwnLocalService } from '../../support/local-service.ts'

const HOSTILE = '<img src=x onerror="globalThis.ran=1"><script>globalThis.ran=1</script>\u202e&amp;\'"'
const CLERK = 'https://clerk.lynx.test'

describe.skipIf(!hasBrowser)('the console in chromium', () => {
  let service: OwnLocalService
  const pages = usePages({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })
  const complaints: string[] = []
  beforeAll(async () => {
    service = await spawnLocalService()
  })
  afterAll(() => service.stop())

  async function open(): Promise<Page> {
    const page = await pages.open(service.url)
    page.on('console', (entry) => {
      if (entry.type() === 'error' || entry.type() === 'warning') complaints.push(entry.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    return page
  }

  /** At the list of videos, as the owner of the demo film. */
  async function enter(page: Page, path = '/console'): Promise<Page> {
    await page.goto(service.url + path)
    await page.getByRole('button', { name: 'Continue as user_demo' }).click()
    await page.locator('main#room').waitFor()
    return page
  }

  const film = (section = ''): string => `/console/videos/${service.demoJobId}${section}`

  it('signs in with one click under either name of this machine, renames the film, and takes that back', async () => {
    complaints.length = 0
    const byNumber = new URL('/console/', service.url)
    byNumber.hostname = '127.0.0.1'
    const page = await open()
    await page.goto(byNumber.href)
    await page.getByRole('button', { name: 'Continue as user_demo' }).click()
    await page.getByRole('link', { name: 'The lynxgate test film' }).waitFor()
    await enter(page)
    await page.getByRole('link', { name: 'The lynxgate test film' }).click()
    await page.locator('video').waitFor()
    await page.getByRole('button', { name: /^Name:/ }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Another name')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Name: The lynxgate test film' }).waitFor()
    expect(complaints).toEqual([])
    await page.close()
  })

  it('makes the film private, opens its link for somebody else, and ends what they watch', async () => {
    const page = await enter(await open(), film())
    await page.getByRole('radio', { name: 'Private' }).check({ force: true })
    await page.getByLabel('For whom').fill('viewer-7')
    await page.getByLabel('One viewing only').check()
    await page.getByRole('button', { name: 'Make a link' }).click()
    const link = await page.getByLabel('Watch page', { exact: true }).inputValue()
    expect(link).toContain(`${service.url}/watch/${service.demoJobId}?token=`)

    const viewer = await pages.apart()
    const playlist = viewer.waitForResponse((answer) => answer.url().includes('/v/') && answer.ok())
    await viewer.goto(link)
    const address = (await playlist).url()
    expect((await fetch(address)).status).toBe(200)
    await page.getByRole('button', { name: 'End what viewer-7 is watching' }).click()
    await page.getByText('Ended the viewings of viewer-7').waitFor()
    const refused = await fetch(address)
    expect([refused.status, await refused.json()]).toEqual([403, { detail: 'Playback session has ended' }])
    await viewer.close()

    // The console itself plays it with a token of its own, and shows its picture.
    await page.waitForFunction(playsFilm)
    await page.getByRole('link', { name: 'Videos' }).last().click()
    await page.waitForFunction(
      () => (document.querySelector<HTMLImageElement>('.thumbnail img')?.naturalWidth ?? 0) > 0,
    )
    await page.goto(service.url + film())
    await page.getByRole('radio', { name: 'Public' }).check({ force: true })
    await page.getByText('The film is public').waitFor()
    await page.close()
  })

  it('makes a key that works at once, shows it once, and revokes it', async () => {
    const page = await enter(await open(), '/console/keys')
    await page.getByRole('button', { name: 'Make an API key' }).click()
    await page.getByLabel('Name').fill('reader')
    await page.getByRole('radio', { name: 'Read only' }).check({ force: true })
    await page.getByLabel('Requests a minute').fill('50')
    await page.getByRole('dialog').getByRole('button', { name: 'Make an API key' }).click()
    const key = await page.getByLabel('API key', { exact: true }).inputValue()
    const ask = async (method: string): Promise<number> =>
      (await fetch(`${service.url}/api/videos/${service.demoJobId}`, { method, headers: { Authorization: key } }))
        .status
    expect([await ask('GET'), await ask('DELETE')]).toEqual([200, 403])
    await page.getByRole('button', { name: 'I have copied it' }).click()
    expect(await page.content()).not.toContain(key)
    await page.getByText('At most 50 requests a minute').waitFor()
    await page.getByRole('button', { name: 'Delete: reader' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByText('Deleted “reader”').waitFor()
    expect(await ask('GET')).toBe(401)
    await page.getByRole('link', { name: 'Audit' }).click()
    await page.getByRole('listitem').filter({ hasText: 'key.deleted' }).filter({ hasText: 'reader' }).waitFor()
    await page.close()
  })

  it('signs in with a key for this tab only, and says what the key may not do', async () => {
    const caller = await localCaller(service, 'user_demo')
    const [, made] = await caller.answer('POST', '/api/keys', { name: 'videos only', scopes: ['videos:read'] })
    const { raw_key: key } = made as { raw_key: string }
    const page = await open()
    await page.goto(`${service.url}/console`)
    await page.getByLabel('API key').fill('lvz_live_wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('API key').fill(key)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: 'The lynxgate test film' }).waitFor()
    await page.getByRole('link', { name: 'Keys' }).click()
    await page.getByText('it lacks the scope keys:read').waitFor()
    await page.reload()
    await page.getByText('it lacks the scope keys:read').waitFor()
    const other = await page.context().newPage()
    await other.goto(`${service.url}/console`)
    await other.getByLabel('API key').waitFor()
    await other.close()
    expect(await page.evaluate(() => [localStorage.length, document.cookie])).toEqual([0, ''])
    await page.close()
  })

  it('signs in with Clerk: its script from the instance’s own domain, a token before each request', async () => {
    const own = await spawnLocalService([], async (state) => {
      const { envFile } = openLocalState(state)
      await appendFile(envFile, `CLERK_PUBLISHABLE_KEY=pk_test_${btoa('clerk.lynx.test$')}\n`)
    })
    try {
      const page = await open()
      const { issuerKeyFile } = openLocalState(own.stateFolder)
      const signingKey = await importPKCS8(await readFile(issuerKeyFile, 'utf8'), 'RS256')
      await page.exposeFunction('signForTest', async () =>
        signSession(signingKey, LOCAL_ISSUER, Date.now(), { sub: 'user_demo' }, { kid: LOCAL_KEY_ID }),
      )
      const loaded: string[] = []
      await page.route(`${CLERK}/**`, async (route) => {
        loaded.push(new URL(route.request().url()).pathname)
        const isUi = route.request().url().includes('/ui@')
        const headers = { 'Access-Control-Allow-Origin': '*' }
        await route.fulfill({ contentType: 'text/javascript', headers, body: isUi ? '' : FAKE_CLERK })
      })
      await page.goto(`${own.url}/console`)
      await page.getByRole('button', { name: 'Clerk signs me in' }).click()
      await page.getByRole('link', { name: 'The lynxgate test film' }).waitFor()
      expect(loaded).toEqual(['/npm/@clerk/ui@1/dist/ui.browser.js', '/npm/@clerk/clerk-js@6/dist/clerk.browser.js'])
      await page.getByRole('button', { name: 'Account' }).click()
      await page.getByText('Lynx Films Ltd').waitFor()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('button', { name: 'Clerk signs me in' }).waitFor()
      await page.close()
    } finally {
      await own.stop()
    }
  })

  it('adds subtitles to the stream, and takes them out again', async () => {
    const page = await enter(await open(), film('/subtitles'))
    await page.getByRole('combobox', { name: 'Language' }).fill('fr')
    const words = Buffer.from('1\n00:00:01,000 --> 00:00:20,000\nBonjour\n')
    await page.getByLabel('Add a file').setInputFiles({ name: 'a.srt', mimeType: 'text/plain', buffer: words })
    await page.getByText('Subtitles saved').waitFor()
    await page.waitForFunction(hasLanguage, 'fr')
    await page.getByRole('button', { name: 'Remove: Français' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('Subtitles removed').waitFor()
    expect(await page.getByText('Français').count()).toBe(0)
    await page.close()
  })

  it('puts films into a project, shows that project alone, and deletes it without them', async () => {
    const page = await enter(await open())
    await page.getByLabel('Select The lynxgate test film').check({ force: true })
    const bar = page.getByRole('region', { name: 'Selection' })
    await bar.getByRole('combobox', { name: 'Project' }).selectOption('New project …')
    await page.getByRole('textbox', { name: 'Name' }).fill('Wild cats')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Moved 1 video').waitFor()
    await bar.getByRole('button', { name: 'Deselect' }).click()
    await page.getByRole('search').getByRole('combobox', { name: 'Project' }).selectOption('Wild cats')
    await page.waitForURL('**/console/videos?project=*')
    await page.getByRole('link', { name: 'The lynxgate test film' }).waitFor()
    await page.getByRole('button', { name: 'Delete the project' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete the project' }).click()
    await page.waitForURL('**/console/videos')
    await page.getByRole('link', { name: 'The lynxgate test film' }).waitFor()
    await page.close()
  })

  it('never runs what somebody wrote as HTML', async () => {
    const caller = await localCaller(service, 'user_hostile')
    const path = `users/${caller.userId}/film.mp4`
    const [, { upload_url: url }] = (await caller.answer('POST', '/api/storage/upload-url', {
      key: path,
      content_type: 'video/mp4',
    })) as [number, { upload_url: string }]
    await fetch(url, { method: 'PUT', headers: { 'Content-Type': 'video/mp4' }, body: 'x' })
    const [, { job_id: jobId }] = (await caller.answer('POST', '/api/processing/register-upload', {
      file_path: path,
      file_name: HOSTILE,
    })) as [number, { job_id: string }]
    await caller.answer('PATCH', `/api/videos/${jobId}`, { description: HOSTILE, playback: 'private' })
    await caller.answer('POST', '/api/keys', { name: HOSTILE })
    await caller.answer('POST', '/api/signing-keys', { name: HOSTILE })
    const page = await open()
    await page.goto(`${service.url}/console`)
    await page.getByLabel('API key').fill(caller.rawKey)
    await page.getByRole('button', { name: 'Sign in' }).click()
    for (const place of [
      `/videos?q=${encodeURIComponent(HOSTILE.slice(0, 40))}`,
      '/videos?view=list',
      `/videos/${jobId}`,
      `/videos/${jobId}/files`,
      '/keys',
      '/keys/signing',
    ]) {
      await page.goto(`${service.url}/console${place}`)
      if (!place.endsWith('/files')) await page.getByText('<img src=x onerror=').first().waitFor()
      await page.getByRole('button', { name: 'Search' }).click()
      await page.getByRole('option', { name: '<img src=x' }).waitFor()
      await page.keyboard.press('Escape')
      expect(await page.locator('img[src="x"], script:not([src])').count(), place).toBe(0)
    }
    await page.goto(`${service.url}/console/videos/${jobId}`)
    await page.getByRole('button', { name: 'Delete the film' }).click()
    await page.getByRole('heading', { name: '<img src=x' }).last().waitFor()
    expect(await page.evaluate(() => Reflect.get(globalThis, 'ran'))).toBeUndefined()
    await page.close()
  })

  it('is used by keyboard alone', async () => {
    const page = await open()
    await page.goto(`${service.url}/console`)
    await page.getByRole('button', { name: 'Continue as user_demo' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'The lynxgate test film' }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('lynxgate')
    await page.waitForURL('**/console/videos?q=lynxgate')
    await tabTo(page, 'The lynxgate test film')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**${film()}`)
    await page.locator('.facts').waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('private')
    await page.keyboard.press('Enter')
    await page.getByText('The film is private').waitFor()
    await tabTo(page, 'Undo')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('input[value=public]')?.checked === true)
    await tabTo(page, 'Delete the film')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await nameOfFocused(page)).toBe('Delete the film')
    await page.close()
  })

  it('gives the palette every key that is pressed after the one that opens it', async () => {
    const page = await enter(await open())
    const focused = await page.evaluate(async () => {
      document.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true }))
      // No event comes before what has been promised is done.
      for (let promises = 0; promises < 20; promises++) await Promise.resolve()
      return document.activeElement?.role
    })
    expect(focused).toBe('combobox')
    await page.close()
  })

  it('keeps what is typed before the room is there, and the Enter after it', async () => {
    const page = await enter(await open())
    await page.getByRole('link', { name: 'The lynxgate test film' }).waitFor()
    const held: (() => void)[] = []
    await page.route(
      (url) => url.pathname.startsWith('/api/videos') || url.pathname.startsWith('/console/assets/'),
      async (route) => {
        await new Promise<void>((resolve) => held.push(resolve))
        await route.continue()
      },
    )
    await page.evaluate(typeAhead, film())
    expect(await page.getByRole('combobox', { name: 'Commands and films' }).inputValue()).toBe('make the film private')
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    for (const release of held) release()
    await page.getByText('The film is private').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('radio', { name: 'Public', checked: true }).waitFor()
    await page.close()
  })

  it('speaks German to whoever chose it, and stays with it', async () => {
    const page = await enter(await open(), '/console/health')
    await page.getByRole('button', { name: 'Account' }).click()
    await page.getByLabel('Language').selectOption('de')
    await page.getByRole('heading', { name: 'Zustand' }).waitFor()
    await page.reload()
    await page.getByText('Alles funktioniert').waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de')
    await page.close()
  })

  it('moves nothing while it loads', async () => {
    const owner = await localCaller(service, 'user_demo')
    await owner.answer('POST', '/api/keys', { name: 'a key to list' })
    const page = await enter(await open())
    for (const path of ['/console/videos', film(), '/console/keys', '/console/health']) {
      await page.goto(service.url + path)
      await page.locator('.video, .facts, .rows').first().waitFor()
      const { shift, moved, readyMs } = await page.evaluate(layoutShift)
      const name = path.replace(service.demoJobId, '{job_id}')
      console.log(`${name}: layout shift ${shift.toFixed(3)}, there after ${Math.round(readyMs)} ms`)
      expect(shift, `${name} moved ${moved.join(', ')}`).toBeLessThan(0.05)
    }
    await page.close()
  })
})

/** Starts the console's player, and says whether it plays. */
function playsFilm(): boolean {
  const player = document.querySelector('lynx-player')
  const video = player === null ? undefined : (Reflect.get(player, 'video') as HTMLVideoElement | undefined)
  void video?.play().catch(() => undefined)
  return (video?.currentTime ?? 0) > 0
}

/** Whether the console's player offers subtitles in a language. */
function hasLanguage(wanted: string): boolean {
  const player = document.querySelector('lynx-player')
  const video = player === null ? undefined : (Reflect.get(player, 'video') as HTMLVideoElement | undefined)
  return [...(video?.textTracks ?? [])].some(({ language }) => language === wanted)
}

async function nameOfFocused(page: Page): Promise<string> {
  return await page.evaluate(() => (document.activeElement as HTMLElement | null)?.innerText.trim() ?? '')
}

async function tabTo(page: Page, name: string): Promise<void> {
  for (let steps = 0; steps < 60; steps++) {
    if ((await nameOfFocused(page)) === name) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${name} cannot be reached by Tab`)
}

/** Goes to a place of the console, and at once calls the palette, types into whatever has the focus, and presses Enter. */
function typeAhead(path: string): void {
  const press = (key: string, isWithControl = false): boolean =>
    (document.activeElement ?? document.body).dispatchEvent(
      new KeyboardEvent('keydown', { key, ctrlKey: isWithControl, bubbles: true, cancelable: true }),
    )
  document.querySelector<HTMLAnchorElement>(`a[href="${path}"]`)?.click()
  press('k', true)
  queueMicrotask(() => {
    document.execCommand('insertText', false, 'make the film private')
    press('Enter')
  })
}

/** Of this page so far, with what moved, and how long after its beginning that is. */
async function layoutShift(): Promise<{ shift: number; moved: string[]; readyMs: number }> {
  const readyMs = performance.now()
  return await new Promise((resolve) => {
    let shift = 0
    const moved: string[] = []
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, sources } = entry as PerformanceEntry & { value: number; sources: { node?: Node }[] }
        shift += value
        moved.push(...sources.map(({ node }) => (node instanceof Element ? node.outerHTML.slice(0, 80) : 'text')))
      }
    })
    observer.observe({ type: 'layout-shift', buffered: true })
    requestAnimationFrame(() => setTimeout(() => resolve({ shift, moved, readyMs })))
  })
}

/** What the console uses of Clerk, with a button in place of its form. */
const FAKE_CLERK = `{
  const listeners = new Set()
  const clerk = {
    user: null, session: null, organization: null,
    load: async () => {},
    addListener: (listener) => { listeners.add(listener); return () => listeners.delete(listener) },
    mountSignIn(element) {
      const button = document.createElement('button')
      button.textContent = 'Clerk signs me in'
      button.onclick = () => {
        clerk.user = { fullName: 'Lynx', primaryEmailAddress: { emailAddress: 'lynx@example.com' } }
        clerk.session = { getToken: () => globalThis.signForTest() }
        clerk.organization = { name: 'Lynx Films Ltd' }
        for (const listener of listeners) listener()
      }
      element.append(button)
    },
    unmountSignIn: (element) => element.replaceChildren(),
    signOut: async () => {
      clerk.user = clerk.session = clerk.organization = null
      for (const listener of listeners) listener()
    },
  }
  globalThis.Clerk = clerk
}`
