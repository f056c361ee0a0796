// Films dropped on the console: packaged in the tab, sent, played; refused, paused and cancelled.
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser, usePages } from '../../support/browser.ts'
import { localCaller, type LocalCaller } from '../../support/local-caller.ts'
import { spawnLocalService, type OwnLocalService } from '../../support/local-service.ts'

const DEMO = 'test/fixtures/demo/film.mp4'

describe.skipIf(!hasBrowser)('films dropped on the console', () => {
  let service: OwnLocalService
  let owner: LocalCaller
  const pages = usePages({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })
  beforeAll(async () => {
    service = await spawnLocalService()
    owner = await localCaller(service, 'user_demo')
  })
  afterAll(() => service.stop())

  async function enter(): Promise<Page> {
    const page = await pages.open(service.url)
    await page.goto(`${service.url}/console`)
    await page.getByRole('button', { name: 'Continue as user_demo' }).click()
    await page.locator('main#room').waitFor()
    return page
  }
  const names = async (): Promise<unknown> => {
    const [, videos] = await owner.answer('GET', '/api/videos?limit=100')
    return (videos as { name: string }[]).map(({ name }) => name).sort()
  }

  it('plays a film seconds after it was dropped, with the subtitles that lay beside it', async () => {
    const page = await enter()
    const words = '1\n00:00:01,000 --> 00:00:20,000\nGuten Morgen\n'
    const files = [
      { name: 'dropped.mp4', base64: await readFile(DEMO, 'base64') },
      { name: 'words.de.srt', base64: btoa(words) },
    ]
    const droppedMs = performance.now()
    await page.evaluate(dropFiles, files)
    const panel = page.getByRole('region', { name: 'Uploads' })
    await panel.getByRole('progressbar', { name: 'How much of dropped.mp4 is sent' }).waitFor()
    await panel.getByRole('link', { name: 'Open: dropped.mp4' }).click()
    await page.getByRole('heading', { name: 'dropped' }).waitFor()
    await page.waitForFunction(plays)
    console.log(`dropped → playing: ${((performance.now() - droppedMs) / 1000).toFixed(1)} s`)
    await panel.getByText('Done · ').waitFor()
    await page.waitForFunction(() => {
      const player = document.querySelector('lynx-player')
      const video = player === null ? undefined : (Reflect.get(player, 'video') as HTMLVideoElement | undefined)
      return [...(video?.textTracks ?? [])].some(({ language }) => language === 'de')
    })
    await page.getByRole('link', { name: 'Videos' }).last().click()
    await page.locator('.video').first().getByRole('link', { name: 'dropped' }).waitFor()
    await panel.getByRole('button', { name: 'Dismiss: dropped.mp4' }).click()
    await panel.waitFor({ state: 'detached' })
    await page.close()
  })

  it('says what a browser cannot do, and offers the command and the original', async () => {
    const page = await enter()
    const chosen = [
      { name: "it's no film.mp4", mimeType: 'video/mp4', buffer: Buffer.from('no film') },
      { name: 'lost.en.vtt', mimeType: 'text/vtt', buffer: Buffer.from('WEBVTT') },
      { name: 'second.mp4', mimeType: 'video/mp4', buffer: Buffer.from('no film either') },
    ]
    await page.getByLabel('Upload films').setInputFiles(chosen)
    await page.getByText('No film for these subtitles: lost.en.vtt').waitFor()
    const row = page.getByRole('region', { name: 'Uploads' }).getByRole('listitem').first()
    await row.getByText('This file is not a film that this browser knows.').waitFor()
    expect(await row.getByLabel('Or make the stream on your machine', { exact: true }).inputValue()).toBe(
      `npm run upload -- 'it'"'"'s no film.mp4'`,
    )
    await row.getByRole('button', { name: "Upload the original only: it's no film.mp4" }).click()
    await row.getByText('Done · ').waitFor()
    expect(await names()).toContain("it's no film")
    await page.close()
  })

  it('pauses, goes on, and takes back all of a film that is cancelled', async () => {
    const page = await enter()
    const before = await names()
    // The smallest quality does not get through, so that the film is not done before it is cancelled.
    await page.route(
      (url) => url.pathname.includes('/video/240p/'),
      async (route) => {
        if (route.request().method() === 'PUT') await new Promise(() => undefined)
        await route.fallback()
      },
    )
    const chosen = [{ name: 'slow.mp4', mimeType: 'video/mp4', buffer: await readFile(DEMO) }]
    await page.getByLabel('Upload films').setInputFiles(chosen)
    await page.getByRole('button', { name: 'Pause: slow.mp4' }).click()
    await page.getByText('Paused').waitFor()
    await page.getByRole('button', { name: 'Go on: slow.mp4' }).click()
    await page.getByRole('link', { name: 'Open: slow.mp4' }).waitFor()
    expect(await names()).toContain('slow')
    await page.getByRole('button', { name: 'Cancel: slow.mp4' }).click()
    await expect.poll(names).toEqual(before)
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await page.close()
  })

  it('shows after a reload what is not finished: the same file goes on, or all that was sent of it is taken back', async () => {
    const page = await enter()
    const before = await names()
    const panel = page.getByRole('region', { name: 'Uploads' })
    const hint = panel.getByText('Drop the same file again to go on.')
    const held = (url: URL): boolean => url.pathname.includes('/video/240p/')
    await page.route(held, async (route) => {
      if (route.request().method() === 'PUT') await new Promise(() => undefined)
      await route.fallback()
    })
    const files = [{ name: 'begun.mp4', base64: await readFile(DEMO, 'base64') }]
    await page.evaluate(dropFiles, files)
    await panel.getByRole('link', { name: 'Open: begun.mp4' }).waitFor()
    await panel.getByRole('button', { name: 'Pause: begun.mp4' }).click()
    await page.reload()
    await hint.waitFor()
    expect(await names()).toContain('begun')
    await page.evaluate(dropFiles, files)
    await panel.getByText('goes on where it was').waitFor()
    await hint.waitFor({ state: 'detached' })
    await panel.getByRole('button', { name: 'Pause: begun.mp4' }).click()
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await page.reload()
    await panel.getByRole('button', { name: 'Forget: begun.mp4' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click()
    await panel.waitFor({ state: 'detached' })
    expect(await names()).toEqual(before)
    await page.close()
  })
})

/** As a person drops them from their desktop. */
function dropFiles(files: readonly { name: string; base64: string }[]): void {
  const transfer = new DataTransfer()
  for (const { name, base64 } of files) {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    transfer.items.add(new File([bytes], name, { lastModified: 1_700_000_000_000 }))
  }
  for (const type of ['dragover', 'drop']) {
    document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }))
  }
}

/** Starts the console's player, and says whether it plays. */
function plays(): boolean {
  const player = document.querySelector('lynx-player')
  const video = player === null ? undefined : (Reflect.get(player, 'video') as HTMLVideoElement | undefined)
  void video?.play().catch(() => undefined)
  return (video?.currentTime ?? 0) > 0
}
