// Upload → register → list → share over HTTP, in both deliveries: the local R2 verifies presigned URLs as the real
// one does, and with edge the Worker does it itself.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localCaller, type LocalCaller } from '../support/local-caller.ts'
import { spawnLocalService, type LocalService } from '../support/local-service.ts'

describe.each(['s3', 'edge'])('with delivery %s', (delivery) => {
  let service: LocalService
  let alice: LocalCaller
  let bob: LocalCaller

  beforeAll(async () => {
    service = await spawnLocalService(['--delivery', delivery])
    alice = await localCaller(service, 'user_uploads_alice')
    bob = await localCaller(service, 'user_uploads_bob')
  })
  afterAll(() => service.stop())

  interface Upload {
    upload_url: string
    file_path: string
  }

  async function uploadUrl(terms: object): Promise<Upload> {
    const [status, body] = await alice.answer('POST', '/api/storage/upload-url', terms)
    expect(status).toBe(200)
    return body as Upload
  }

  async function put(url: string, body: string, type?: string): Promise<number> {
    const headers = type === undefined ? {} : { 'Content-Type': type }
    const response = await fetch(url, { method: 'PUT', body: new TextEncoder().encode(body), headers })
    await response.body?.cancel()
    return response.status
  }

  async function download(path: string): Promise<[number, string, string | null]> {
    const [, body] = await alice.answer('POST', '/api/storage/download-url', { key: path })
    const response = await fetch((body as { url: string }).url)
    return [response.status, await response.text(), response.headers.get('Content-Type')]
  }

  describe('a presigned upload', () => {
    it('takes exactly the type and the length it was signed for', async () => {
      const terms = { file_name: 'signed.mp4', content_type: 'video/mp4', file_size: 6 }
      const { upload_url: url, file_path: path } = await uploadUrl(terms)
      expect(await put(url, 'longer than six', 'video/mp4')).toBe(403)
      expect(await put(url, 'a film', 'text/html')).toBe(403)
      expect(await put(url, 'a film')).toBe(403)
      expect((await download(path))[0]).toBe(404)
      expect(await put(url, 'a film', 'video/mp4')).toBe(200)
      expect(await download(path)).toEqual([200, 'a film', 'video/mp4'])
    })

    it('takes what it is sent when nothing was said', async () => {
      const { upload_url: url, file_path: path } = await uploadUrl({ key: 'unsaid.jpg' })
      expect(await put(url, 'a picture', 'image/jpeg')).toBe(200)
      expect(await download(path)).toEqual([200, 'a picture', 'image/jpeg'])
    })

    it('stores a key literally, whatever characters it has', async () => {
      const names = [
        'a b+c.ts',
        '100%.ts',
        '%41.ts',
        "it's (a) *test*!.ts",
        'ümlaut 漢字 😀.ts',
        '...ts',
        '~&=?#;:@,$.ts',
      ]
      for (const name of names) {
        const key = `users/${alice.userId}/odd/${name}`
        const { upload_url: url } = await uploadUrl({ key })
        expect(await put(url, name), name).toBe(200)
        expect((await download(key)).slice(0, 2), name).toEqual([200, name])
      }
      const [, list] = await alice.answer('GET', '/api/storage/files?prefix=odd/')
      const stored = (list as { files: { key: string }[] }).files.map(({ key }) => key.slice(key.lastIndexOf('/') + 1))
      expect(new Set(stored)).toEqual(new Set(names))
    })

    it('is for one key only: changing it in the address ends the signature', async () => {
      const { upload_url: url } = await uploadUrl({ key: 'mine.mp4' })
      expect(await put(url.replace('mine.mp4', 'other.mp4'), 'x')).toBe(403)
      expect(await put(url.replace(alice.userId, bob.userId), 'x')).toBe(403)
    })
  })

  describe('a film', () => {
    it('is uploaded in parts with one question, registered, listed, played, shared and deleted', async () => {
      const jobId = crypto.randomUUID()
      const stream = `users/${alice.userId}/hls/${jobId}/`
      const segments = Array.from({ length: 40 }, (_, index) => `seg-${index}.m4s`)
      const parts = new Map<string, readonly [string, string]>([
        [`users/${alice.userId}/holiday.mp4`, ['the original', 'video/mp4']],
        [`users/${alice.userId}/thumbnails/${jobId}.jpg`, ['a picture', 'image/jpeg']],
        [`users/${alice.userId}/reports/${jobId}.json`, ['{"sections":[]}', 'application/json']],
        [
          `${stream}index.m3u8`,
          [
            `#EXTM3U\n#EXT-X-TARGETDURATION:1\n${segments.map((name) => `#EXTINF:1,\n${name}\n`).join('')}#EXT-X-ENDLIST\n`,
            'application/vnd.apple.mpegurl',
          ],
        ],
        ...segments.map((name) => [stream + name, [`content of ${name}`, 'video/iso.segment']] as const),
      ])
      const [, signed] = await alice.answer('POST', '/api/storage/upload-urls', { keys: [...parts.keys()] })
      const { urls } = signed as { urls: Upload[] }
      const statuses = await Promise.all(
        urls.map(({ upload_url: url, file_path: path }) => put(url, ...(parts.get(path) ?? ['', '']))),
      )
      expect(new Set(statuses)).toEqual(new Set([200]))

      const registration = { file_path: 'holiday.mp4', file_name: 'Holiday', job_id: jobId, duration: 40 }
      const registered = await alice.answer('POST', '/api/processing/register-upload', registration)
      expect(registered).toEqual([200, { success: true, job_id: jobId, alreadyExists: false }])
      const [, [video]] = (await alice.answer('GET', '/api/videos')) as [number, [Record<string, string>]]
      expect(video).toMatchObject({ job_id: jobId, name: 'Holiday', file_size: 'the original'.length })

      const played = await fetch(video['stream_url'] ?? '')
      const lines = (await played.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
      const addresses = lines.map((line) => new URL(line, played.url).href)
      expect(addresses).toHaveLength(segments.length)
      expect(await (await fetch(addresses[7] ?? '')).text()).toBe('content of seg-7.m4s')
      expect(await (await fetch(video['thumbnail_url'] ?? '')).text()).toBe('a picture')

      const [, shared] = await alice.answer('POST', '/api/shared-reports', { video_id: jobId })
      const { share_hash: hash } = shared as { share_hash: string }
      const view = async (): Promise<Response> => await fetch(`${service.url}/api/shared-reports/${hash}`)
      expect(await (await view()).json()).toMatchObject({ video: { name: 'Holiday' }, report: { sections: [] } })
      await expect
        .poll(async () => (await alice.answer('GET', `/api/videos/${jobId}/shared-reports`))[1], { timeout: 60_000 })
        .toMatchObject([{ view_count: 1 }])

      expect((await bob.answer('DELETE', `/api/videos/${jobId}?files=true`))[0]).toBe(403)
      const deletion = await alice.answer('DELETE', `/api/videos/${jobId}?files=true`)
      expect(deletion).toEqual([200, { ok: true, deleted: parts.size, remaining: 0 }])
      expect((await view()).status).toBe(404)
      expect((await fetch(addresses[7] ?? '')).status).toBe(404)
      expect(await alice.answer('GET', `/api/storage/files?prefix=hls/${jobId}/`)).toEqual([
        200,
        { files: [], cursor: null },
      ])
    })
  })
})
