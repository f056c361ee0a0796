// The shelf of rewritten texts: what it recalls of an address, and when it does not.
import { describe, expect, it } from 'vitest'
import type { KeptText, TextKey } from '../../../src/domain/playback/cached-text.ts'
import { textShelf } from '../../../src/platform/media/playlist-cache.ts'

const ADDRESS = 'https://api.example.com/api/playback/stream/1'
const UNTIL_MS = 1000

const keyOf = (facts: string): TextKey => ({ origin: 'https://api.example.com', facts })

const believed = (): boolean => true

function textOf(byteLength: number): KeptText {
  const plain = new Uint8Array(byteLength)
  return { contentType: 'text/plain', etag: 'W/"1"', version: '1', checkedAtMs: 0, freshMs: 1, plain, gzip: undefined }
}

describe('what an address was answered with', () => {
  it('is recalled until its key may have changed', async () => {
    const shelf = textShelf(caches)
    await shelf.keep(keyOf('a'), textOf(3))
    shelf.remember(ADDRESS, keyOf('a'), UNTIL_MS)
    expect(shelf.recall(ADDRESS, UNTIL_MS - 1)).toEqual(textOf(3))
    expect(shelf.recall(ADDRESS, UNTIL_MS)).toBeUndefined()
    expect(shelf.recall(`${ADDRESS}?`, 0)).toBeUndefined()
  })

  it('is the newest text of the key', async () => {
    const shelf = textShelf(caches)
    await shelf.keep(keyOf('a'), textOf(3))
    shelf.remember(ADDRESS, keyOf('a'), UNTIL_MS)
    await shelf.keep(keyOf('a'), textOf(5))
    expect(shelf.recall(ADDRESS, 0)).toEqual(textOf(5))
  })

  it('is gone with its text when others need the room', async () => {
    const shelf = textShelf(caches)
    await shelf.keep(keyOf('a'), textOf(3))
    shelf.remember(ADDRESS, keyOf('a'), UNTIL_MS)
    for (let other = 0; other < 5; other++) await shelf.keep(keyOf(`other ${other}`), textOf(4_000_000))
    expect(shelf.recall(ADDRESS, 0)).toBeUndefined()
  })
})

describe('what is forgotten', () => {
  it('F13: is every text of the job here, with the addresses it answered, and no other job’s', async () => {
    const shelf = textShelf(caches)
    const [own, child, other] = [keyOf('job-1\nindex.m3u8'), keyOf('job-1\nv.m3u8\nx'), keyOf('job-10\nindex.m3u8')]
    for (const [index, key] of [own, child, other].entries()) {
      await shelf.keep(key, textOf(3))
      shelf.remember(`${ADDRESS}/${index}`, key, UNTIL_MS)
    }
    shelf.forget('job-1')
    const isRecalled = [0, 1, 2].map((index) => shelf.recall(`${ADDRESS}/${index}`, 0) !== undefined)
    expect(isRecalled).toEqual([false, false, true])
    const disbelieved = (): boolean => false
    expect(await shelf.find(own, disbelieved)).toBeUndefined()
    expect(await shelf.find(other, disbelieved)).toEqual(textOf(3))
  })

  it('F13: is found far away only by those who may believe it, when they ask and when it has come', async () => {
    const key = keyOf(`far\n${crypto.randomUUID()}`)
    const far = { ...textOf(3), freshMs: 60_000 }
    await textShelf(caches).keep(key, far)
    expect(await textShelf(caches).find(key, believed)).toEqual(far)
    const shelf = textShelf(caches)
    const answers = [true, false]
    expect(await shelf.find(key, () => answers.shift() ?? false)).toBeUndefined()
    // Nor was it put nearby on its way.
    expect(await shelf.find(key, () => false)).toBeUndefined()
    expect(await shelf.find(key, believed)).toEqual(far)
  })

  it('F13: gives its room to others', async () => {
    const shelf = textShelf(caches)
    for (let index = 0; index < 4; index++) await shelf.keep(keyOf(`job-1\n${index}`), textOf(4_000_000))
    shelf.forget('job-1')
    for (let index = 0; index < 4; index++) {
      await shelf.keep(keyOf(`job-2\n${index}`), textOf(4_000_000))
      shelf.remember(`${ADDRESS}/${index}`, keyOf(`job-2\n${index}`), UNTIL_MS)
    }
    expect([0, 1, 2, 3].map((index) => shelf.recall(`${ADDRESS}/${index}`, 0)?.plain?.byteLength)).toEqual(
      Array.from({ length: 4 }, () => 4_000_000),
    )
  })
})
