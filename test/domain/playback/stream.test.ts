// Requests for a stream that are under way while it ends: the reads are real, and held on their way.
import type { ObjectKey } from '../../../src/core/storage/object-key.ts'
import { describe, expect, it } from 'vitest'
import { readStreamFile, type StreamDeps, type StreamRequest } from '../../../src/domain/playback/stream.ts'
import { holdable } from '../../support/holdable.ts'
import { ORIGIN, startService } from '../../support/service.ts'
import { makeVideo } from '../../support/videos.ts'

const FILM = `#EXTM3U\n#EXT-X-TARGETDURATION:6\n${'#EXTINF:4.5,\nseg-1.ts\n'.repeat(40)}#EXT-X-ENDLIST\n`
const FRESH_MS = 55_000

/** A film that this isolate has made hot, and its reader with ports that can be held. */
async function hotFilm() {
  const service = startService()
  const video = await makeVideo()
  await video.putStreamFile('index.m3u8', FILM)
  const { deps } = service
  const videos = holdable(async (jobId: string) => (await deps.films.find(jobId, undefined, () => 0)).video)
  const version = holdable((key: ObjectKey) => deps.media.version(key))
  const gzip = holdable((chunks: Iterable<Uint8Array<ArrayBuffer>>) => deps.gzip(chunks))
  const held: StreamDeps = {
    ...deps,
    media: { ...deps.media, version: version.call },
    gzip: gzip.call,
  }
  const deferred: Promise<unknown>[] = []
  const request = (acceptsGzip: boolean): StreamRequest => ({
    address: `${ORIGIN}/api/playback/stream/${video.jobId}`,
    jobId: video.jobId,
    rawPath: undefined,
    query: new Map(),
    origin: ORIGIN,
    acceptsGzip: () => acceptsGzip,
    has: () => false,
    links: 'presigned',
    base: `/api/playback/stream/${video.jobId}/`,
    defer: (work) => void deferred.push(work),
  })
  const read = async (acceptsGzip = false): Promise<'from memory' | 'asked'> => {
    const file = await readStreamFile(held, request(acceptsGzip), async () => await videos.call(video.jobId))
    await Promise.all(deferred.splice(0))
    return file.isFromMemory ? 'from memory' : 'asked'
  }
  expect([await read(), await read()]).toEqual(['asked', 'from memory'])
  return { service, read, held, videos, version, gzip, forget: () => deps.forgottenStreams.forget(video.jobId) }
}

describe('readStreamFile', () => {
  it('F13: keeps nothing of a row that was read before the stream ended', async () => {
    const { service, read, videos, forget } = await hotFilm()
    service.clock.nowMs += FRESH_MS
    const row = videos.hold()
    const late = read()
    await row.answered
    forget()
    row.release()
    expect(await late).toBe('asked')
    expect(await read()).toBe('asked')
    expect(await read()).toBe('from memory')
  })

  it('F13: keeps nothing of a text that was found to hold before the stream ended', async () => {
    const { service, read, version, forget } = await hotFilm()
    service.clock.nowMs += FRESH_MS
    const object = version.hold()
    const late = read()
    await object.answered
    forget()
    object.release()
    expect(await late).toBe('asked')
    expect(await read()).toBe('asked')
  })

  it('F13: keeps nothing of a text that was compressed while the stream ended', async () => {
    const { read, gzip, forget } = await hotFilm()
    const compressed = gzip.hold()
    const late = read(true)
    await compressed.answered
    forget()
    compressed.release()
    expect(await late).toBe('from memory')
    expect(await read()).toBe('asked')
  })
})
