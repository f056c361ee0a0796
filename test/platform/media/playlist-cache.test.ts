// The shelf of rewritten texts: what it recalls of an address, and when it does not.
import { describe, expect, it } from 'vitest'
import type { KeptText, TextKey } from '../../../src/domain/playback/cached-text.ts'
import { textShelf } from '../../../src/platform/media/playlist-cache.ts'

const ADDRESS = 'https://api.example.com/api/playback/stream/1'
const UNTIL_MS = 1000

const keyOf = (facts: string): TextKey => ({ origin: 'https://api.example.com', facts })

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
