import { describe, expect, it } from 'vitest'
import { encodeKeyCursor } from '../../../src/core/cursor.ts'
import { decodeVideoPlace, encodeVideoPlace, VIDEO_SORTS, type VideoSort } from '../../../src/core/videos/sort.ts'

const jobId = '0123abcd-0000-4000-8000-000000000000'

describe('a place in a list of videos', () => {
  it.each<[VideoSort, string | number]>([
    ['-created_at', 1_700_000_000_000],
    ['created_at', 0],
    ['name', 'Sommer in "Rom" – 2\n漢字'],
    ['-name', ''],
    ['duration', 9.507],
    ['-duration', 0],
  ])('of %s comes back as it was, and in no other order', (sort, value) => {
    const cursor = encodeVideoPlace(sort, { jobId, value })
    expect(decodeVideoPlace(sort, cursor)).toEqual({ jobId, value })
    for (const other of VIDEO_SORTS) if (other !== sort) expect(decodeVideoPlace(other, cursor)).toBeUndefined()
  })

  it.each([
    '',
    'x',
    `duration ${jobId} -1`,
    `duration ${jobId} 1e9`,
    `duration ${jobId} NaN`,
    'duration x 1',
    'duration',
  ])('is not %j', (text) => {
    expect(decodeVideoPlace('duration', encodeKeyCursor(text))).toBeUndefined()
    expect(decodeVideoPlace('duration', text)).toBeUndefined()
  })

  it('of the longest name fits a cursor', () => {
    expect(encodeVideoPlace('-name', { jobId, value: '漢'.repeat(327) }).length).toBeLessThanOrEqual(4096)
  })
})
