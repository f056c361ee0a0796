// What is sent, under which keys, and the way to `completed`.
import { userIdOf } from '../../support/user-id.ts'
import { describe, expect, it } from 'vitest'
import {
  contentTypeOf,
  planTransfer,
  streamKey,
  whyNotOriginal,
  whyTooLarge,
  type UploadObject,
} from '../../../src/cli/upload/transfer/plan.ts'
import { originalKey } from '../../../src/core/storage/original-key.ts'
import { stepsTo } from '../../../src/core/videos/status.ts'

const USER = '11111111-1111-4111-8111-111111111111'
const upload = { userId: userIdOf(USER), jobId: '0123abcd-0000-4000-8000-000000000000' }
const object = (path: string, sizeBytes: number): UploadObject => ({
  path,
  sizeBytes,
  key: streamKey(upload, path),
  contentType: contentTypeOf(path),
})
const entry = object('index.m3u8', 500)
const rung = object('video/240p/index.m3u8', 300)
const small = object('video/240p/init.mp4', 10)
const large = object('video/240p/segment-0.m4s', 9000)

describe('planTransfer', () => {
  it('sends the large first, and the entry playlist when all else is there', () => {
    const plan = planTransfer([entry, small, rung, large], new Map())
    expect(plan).toEqual({ missing: [large, rung, small], entry: [entry], present: [] })
  })

  it('sends nothing that is there with the same size', () => {
    const stored = new Map([
      [large.key, 9000],
      [small.key, 11],
      [entry.key, 500],
    ])
    expect(planTransfer([entry, small, large], stored)).toEqual({
      missing: [small],
      entry: [],
      present: [entry, large],
    })
  })
})

describe('originalKey', () => {
  it.each([
    ['My film.mp4', `users/${USER}/My_film-0123abcd.mp4`],
    ['.mp4', `users/${USER}/-0123abcd.mp4`],
    ['a/b<c>.MKV', `users/${USER}/abc-0123abcd.mkv`],
    [`${'ü'.repeat(400)}.mov`, `users/${USER}/${'ü'.repeat(60)}-0123abcd.mov`],
  ])('of %j is that of no other film', (name, key) => expect(originalKey(upload, name)).toBe(key))
})

describe('whyNotOriginal', () => {
  it.each([
    ['film.mp4', 5e12, undefined],
    ['film.mp4', 5e12 + 1, 'the file is larger than 5 TB'],
    ['film.mxf', 1, 'the service takes no .mxf as an original'],
    ['film', 1, 'the service takes no file without an extension as an original'],
    ['film.json', 1, 'the service takes no .json as an original'],
  ])('%s of %d bytes: %s', (name, size, reason) => expect(whyNotOriginal(name, size)).toBe(reason))
})

describe('whyTooLarge', () => {
  it('F37: refuses what the service would refuse after all the work, and nothing else', () => {
    expect(whyTooLarge('film.mp4', 100_000_001, 100_000_000)).toBe(
      'This service takes no file over 100 MB, and film.mp4 has 100 MB: add --no-original to upload its stream alone.',
    )
    expect(whyTooLarge('film.mp4', 100_000_000, 100_000_000)).toBeUndefined()
    // Of these no file is sent as it is.
    expect(whyTooLarge('film.mxf', 100_000_001, 100_000_000)).toBeUndefined()
    expect(whyTooLarge('film.mp4', 5e12 + 1, 100_000_000)).toBeUndefined()
  })
})

describe('contentTypeOf', () => {
  it.each([
    ['a/index.m3u8', 'application/vnd.apple.mpegurl'],
    ['segment-0.m4s', 'video/iso.segment'],
    ['init.mp4', 'video/mp4'],
    ['words.vtt', 'text/vtt'],
    ['film.MOV', 'video/quicktime'],
    ['film', 'application/octet-stream'],
  ])('of %s is %s', (name, type) => expect(contentTypeOf(name)).toBe(type))
})

describe('stepsTo', () => {
  it.each([
    ['uploaded', ['queued', 'processing', 'completed']],
    ['queued', ['processing', 'completed']],
    ['processing', ['completed']],
    ['completed', []],
    ['failed', ['queued', 'processing', 'completed']],
  ] as const)('from %s', (from, steps) => expect(stepsTo(from, 'completed')).toEqual(steps))
})
