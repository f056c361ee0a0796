// The cache of rewritten texts: what it gives of an address, and when it does not.
import { describe, expect, it } from 'vitest'
import type { CachedText, CacheKey } from '../../../src/domain/playback/cached-text.ts'
import { createPlaylistCache } from '../../../src/platform/media/playlist-cache.ts'

const ADDRESS = 'https://api.example.com/api/playback/stream/1'
const UNTIL_MS = 1000

const keyOf = (variant: string): CacheKey => ({ origin: 'https://api.example.com', variant })

const believed = (): boolean => true

function textOf(byteLength: number): CachedText {
  const plain = new Uint8Array(byteLength)
  return {
    contentType: 'text/plain',
    isMultivariant: false,
    etag: 'W/"1"',
    version: '1',
    validatedAtMs: 0,
    maxAgeMs: 1,
    plain,
    gzip: undefined,
  }
}

describe('what an address was answered with', () => {
  it('is recalled until its key may have changed', async () => {
    const playlistCache = createPlaylistCache(caches)
    await playlistCache.put(keyOf('a'), textOf(3))
    playlistCache.alias(ADDRESS, keyOf('a'), UNTIL_MS)
    expect(playlistCache.peek(ADDRESS, UNTIL_MS - 1)).toEqual(textOf(3))
    expect(playlistCache.peek(ADDRESS, UNTIL_MS)).toBeUndefined()
    expect(playlistCache.peek(`${ADDRESS}?`, 0)).toBeUndefined()
  })

  it('is the newest text of the key', async () => {
    const playlistCache = createPlaylistCache(caches)
    await playlistCache.put(keyOf('a'), textOf(3))
    playlistCache.alias(ADDRESS, keyOf('a'), UNTIL_MS)
    await playlistCache.put(keyOf('a'), textOf(5))
    expect(playlistCache.peek(ADDRESS, 0)).toEqual(textOf(5))
  })

  it('is gone with its text when others need the room', async () => {
    const playlistCache = createPlaylistCache(caches)
    await playlistCache.put(keyOf('a'), textOf(3))
    playlistCache.alias(ADDRESS, keyOf('a'), UNTIL_MS)
    for (let other = 0; other < 5; other++) await playlistCache.put(keyOf(`other ${other}`), textOf(4_000_000))
    expect(playlistCache.peek(ADDRESS, 0)).toBeUndefined()
  })
})

describe('what is forgotten', () => {
  it('F13: is every text of the job here, with the addresses it answered, and no other job’s', async () => {
    const playlistCache = createPlaylistCache(caches)
    const [own, child, other] = [keyOf('job-1\nindex.m3u8'), keyOf('job-1\nv.m3u8\nx'), keyOf('job-10\nindex.m3u8')]
    for (const [index, key] of [own, child, other].entries()) {
      await playlistCache.put(key, textOf(3))
      playlistCache.alias(`${ADDRESS}/${index}`, key, UNTIL_MS)
    }
    playlistCache.forget('job-1')
    const isRecalled = [0, 1, 2].map((index) => playlistCache.peek(`${ADDRESS}/${index}`, 0) !== undefined)
    expect(isRecalled).toEqual([false, false, true])
    const disbelieved = (): boolean => false
    expect(await playlistCache.get(own, disbelieved)).toBeUndefined()
    expect(await playlistCache.get(other, disbelieved)).toEqual(textOf(3))
  })

  it('F13: is found far away only by those who may believe it, when they ask and when it has come', async () => {
    const key = keyOf(`far\n${crypto.randomUUID()}`)
    const far = { ...textOf(3), maxAgeMs: 60_000 }
    await createPlaylistCache(caches).put(key, far)
    expect(await createPlaylistCache(caches).get(key, believed)).toEqual(far)
    const playlistCache = createPlaylistCache(caches)
    const answers = [true, false]
    expect(await playlistCache.get(key, () => answers.shift() ?? false)).toBeUndefined()
    // Nor was it put nearby on its way.
    expect(await playlistCache.get(key, () => false)).toBeUndefined()
    expect(await playlistCache.get(key, believed)).toEqual(far)
  })

  it('F13: gives its room to others', async () => {
    const playlistCache = createPlaylistCache(caches)
    for (let index = 0; index < 4; index++) await playlistCache.put(keyOf(`job-1\n${index}`), textOf(4_000_000))
    playlistCache.forget('job-1')
    for (let index = 0; index < 4; index++) {
      await playlistCache.put(keyOf(`job-2\n${index}`), textOf(4_000_000))
      playlistCache.alias(`${ADDRESS}/${index}`, keyOf(`job-2\n${index}`), UNTIL_MS)
    }
    expect([0, 1, 2, 3].map((index) => playlistCache.peek(`${ADDRESS}/${index}`, 0)?.plain?.byteLength)).toEqual(
      Array.from({ length: 4 }, () => 4_000_000),
    )
  })
})
