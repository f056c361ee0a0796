// A film that is uploaded as docs/videos.md says, and has no stream: what the watch page shows, in a real browser.
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser, usePages } from '../support/browser.ts'
import { localCaller, type LocalCaller } from '../support/local-caller.ts'
import { spawnLocalService, type LocalService } from '../support/local-service.ts'

describe.skipIf(!hasBrowser).each(['s3', 'edge'])('a film without a stream, with delivery %s', (delivery) => {
  let service: LocalService
  let owner: LocalCaller
  const pages = usePages()
  let film: Buffer

  beforeAll(async () => {
    service = await spawnLocalService(['--delivery', delivery])
    owner = await localCaller(service, 'user_originals')
    film = await readFile('test/fixtures/demo/film.mp4')
  })
  afterAll(() => service.stop())

  /** The four requests of docs/videos.md; the job's id. */
  async function upload(name: string, bytes: Buffer): Promise<string> {
    const terms = { file_name: name, content_type: 'application/octet-stream', file_size: bytes.byteLength }
    const [, upload_] = await owner.answer('POST', '/api/storage/upload-url', terms)
    const { upload_url: url, file_path: path } = upload_ as { upload_url: string; file_path: string }
    const headers = { 'Content-Type': 'application/octet-stream' }
    expect((await fetch(url, { method: 'PUT', body: new Uint8Array(bytes), headers })).status).toBe(200)
    const [, registered] = await owner.answer('POST', '/api/processing/register-upload', { file_path: path })
    return (registered as { job_id: string }).job_id
  }

  async function open(jobId: string): Promise<Page> {
    const page = await pages.open(service.url)
    await page.goto(`${service.url}/watch/${jobId}`)
    return page
  }

  async function becomes(jobId: string, ...statuses: readonly string[]): Promise<void> {
    for (const status of statuses) {
      expect((await owner.answer('PATCH', `/api/videos/${jobId}`, { status }))[0]).toBe(200)
    }
  }

  it('F6: plays from its original, seeks, and is prepared only while something prepares it', async () => {
    const jobId = await upload('My film.mp4', film)
    for (const statuses of [[], ['queued', 'processing', 'completed'], ['queued', 'processing', 'failed']]) {
      await becomes(jobId, ...statuses)
      const page = await open(jobId)
      await page.getByRole('button', { name: 'Play film' }).click()
      await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.5)
      await page.keyboard.press('5')
      await page.waitForFunction(() => {
        const video = document.querySelector('video')
        return video !== null && !video.seeking && video.currentTime > video.duration / 2 + 0.5
      })
      expect(await page.locator('.message:visible').count()).toBe(0)
      expect(await page.getByText('Preparing this film failed').count()).toBe(statuses.at(-1) === 'failed' ? 1 : 0)
      await page.close()
    }
    await becomes(jobId, 'queued')
    const waiting = await open(jobId)
    await waiting.getByText('This film is still being prepared.').waitFor()
    await waiting.close()
  })

  it('F6: says what is wrong with an original that no browser plays, and with one that is gone', async () => {
    const broken = await open(await upload('broken.mp4', Buffer.from('this is no film'.repeat(1000))))
    await broken.getByText('This browser cannot play this film.').waitFor()
    await broken.close()

    const other = await open(await upload('old.avi', film))
    await other.getByText('This film cannot be played in a browser.').waitFor()
    const download = other.waitForEvent('download')
    await other.getByRole('link', { name: 'Download the original' }).click()
    expect((await download).suggestedFilename()).toBe('old.avi')
    await other.close()

    const jobId = await upload('gone.mp4', film)
    await owner.answer('DELETE', '/api/storage/files', { keys: ['gone.mp4'] })
    const gone = await open(jobId)
    await gone.getByText('This film is not available any more.').waitFor()
    await gone.close()
  })
})
