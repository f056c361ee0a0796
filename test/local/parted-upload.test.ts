// A file over 100 MB as the upload command sends it: in parts, and after an interruption only those that are missing. In
// both deliveries: the local R2 takes parts by presigned URLs as the real one does, and with edge the Worker does.
import { mkdtemp, open, readdir, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApi } from '../../src/cli/upload/transfer/api.ts'
import { sendObjects } from '../../src/cli/upload/transfer/transfer.ts'
import { startCountingProxy, type CountingProxy } from '../support/counting-proxy.ts'
import { localCaller, type LocalCaller } from '../support/local-caller.ts'
import { spawnLocalService, type LocalService } from '../support/local-service.ts'

const MIB = 1024 ** 2
const SIZE = 3 * 64 * MIB + 1000

describe.each(['s3', 'edge'])('with delivery %s', (delivery) => {
  let service: LocalService
  let proxy: CountingProxy
  let owner: LocalCaller
  let folder = ''
  beforeAll(async () => {
    service = await spawnLocalService(['--delivery', delivery])
    proxy = await startCountingProxy(service.url)
    owner = await localCaller(service, 'user_parted')
    folder = await mkdtemp(join(tmpdir(), 'lynxgate-parted-'))
  })
  afterAll(async () => {
    await proxy.close()
    await service.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('F37: goes on after an interruption, sends no part twice, and makes one object of them', async () => {
    const path = join(folder, 'film.mp4')
    const file = await open(path, 'w')
    // Across the seam of two parts, and at the end.
    await file.write('seam', 64 * MIB - 2)
    await file.write('end', SIZE - 3)
    await file.close()
    await truncate(path, SIZE)
    const key = `users/${owner.userId}/film.mp4`
    const object = { path, key, sizeBytes: SIZE, contentType: 'video/mp4' }
    let sent = 0
    const send = async (stop: AbortController): Promise<void> => {
      const { signal } = stop
      const api = createApi({ origin: proxy.url, key: owner.rawKey, signal })
      const onBytes = (count: number): void => void (sent += count)
      await sendObjects([object], { api, signal, onBytes, partsFolder: folder })
    }
    const answers = (): number => [...proxy.puts.values()].flat().length
    const stop = new AbortController()
    proxy.onPut = (count) => count === 2 && stop.abort()
    await expect(send(stop)).rejects.toThrow('Interrupted')
    await proxy.idle()
    const before = answers()
    const records = async () => (await readdir(folder)).filter((name) => /^parts-[0-9a-f]+\.json$/.test(name))
    expect(await records()).toHaveLength(1)
    const begun = await owner.answer('GET', '/api/storage/multipart')
    expect(begun).toMatchObject([200, { uploads: [{ key, part_count: 4, file_size: SIZE }] }])

    proxy.onPut = () => undefined
    sent = 0
    await send(new AbortController())
    expect(sent).toBe(SIZE)
    // Of the four parts at least one was known; those that were answered while it was stopped may go again.
    expect(answers() - before).toBeLessThan(4)
    expect(await records()).toEqual([])
    expect(await owner.answer('GET', '/api/storage/multipart')).toEqual([200, { uploads: [], cursor: null }])
    expect(await owner.answer('GET', '/api/storage/files')).toMatchObject([200, { files: [{ key, size: SIZE }] }])

    const [, link] = await owner.answer('POST', '/api/storage/download-url', { key })
    const read = async (range: string) =>
      await (await fetch((link as { url: string }).url, { headers: { Range: `bytes=${range}` } })).text()
    expect(await read(`${64 * MIB - 2}-${64 * MIB + 1}`)).toBe('seam')
    expect(await read('-3')).toBe('end')
  })

  it('says a part that came to another ETag, and stays open', async () => {
    const terms = { key: 'other.mp4', content_type: 'video/mp4', file_size: 5 }
    const [, begun] = await owner.answer('POST', '/api/storage/multipart', terms)
    const { upload_id, key } = begun as { upload_id: string; key: string }
    const asked = { key, upload_id, part_numbers: [1] }
    const [, signed] = await owner.answer('POST', '/api/storage/multipart/urls', asked)
    const url = (signed as { urls: { upload_url: string }[] }).urls[0]?.upload_url ?? ''
    expect((await fetch(url, { method: 'PUT', body: 'four' })).status).toBe(403)
    expect((await fetch(url.replace('partNumber=1', 'partNumber=2'), { method: 'PUT', body: 'seven' })).status).toBe(
      403,
    )
    const put = await fetch(url, { method: 'PUT', body: 'seven' })
    expect(put.status).toBe(200)
    const complete = async (etag: string) =>
      await owner.answer('POST', '/api/storage/multipart/complete', {
        key,
        upload_id,
        parts: [{ part_number: 1, etag }],
      })
    expect(await complete('"another"')).toMatchObject([409, {}])
    const parts = delivery === 's3' ? null : [{ part_number: 1, size: 5, etag: put.headers.get('ETag') }]
    const query = new URLSearchParams({ key, upload_id }).toString()
    expect(await owner.answer('GET', `/api/storage/multipart?${query}`)).toMatchObject([200, { parts }])
    expect(await complete(put.headers.get('ETag') ?? '')).toMatchObject([200, { key, size: 5 }])
  })
})
