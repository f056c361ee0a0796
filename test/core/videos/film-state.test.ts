import { describe, expect, it } from 'vitest'
import { filmStateOf } from '../../../src/core/videos/film-state.ts'
import { VIDEO_STATUSES } from '../../../src/core/videos/status.ts'

const NO_STREAM = { hasStream: false, isOriginalAllowed: true }

describe('filmStateOf', () => {
  it.each(VIDEO_STATUSES)('F6: plays a stream whatever the status says: %s', (status) => {
    for (const storagePath of ['a.mp4', 'a.avi']) {
      expect(filmStateOf({ status, storagePath }, { hasStream: true, isOriginalAllowed: false })).toBe('stream')
    }
  })

  it.each([
    ['uploaded', 'a.mp4', 'original'],
    ['uploaded', 'A.MP4', 'original'],
    ['uploaded', 'a.webm', 'original'],
    ['uploaded', 'a.avi', 'unplayable'],
    ['queued', 'a.mp4', 'preparing'],
    ['queued', 'a.avi', 'preparing'],
    ['processing', 'a.mp4', 'preparing'],
    ['completed', 'a.mp4', 'original'],
    ['completed', 'a.mkv', 'unplayable'],
    ['failed', 'a.mov', 'original'],
    ['failed', 'a.wmv', 'failed'],
  ] as const)('F6: of one that is %s, without a stream, with the original %s, is %s', (status, storagePath, state) => {
    expect(filmStateOf({ status, storagePath }, NO_STREAM)).toBe(state)
  })

  it.each([
    ['uploaded', 'unplayable'],
    ['queued', 'preparing'],
    ['failed', 'failed'],
  ] as const)('F6: gives no original to a viewer who may not have it: %s is %s', (status, state) => {
    expect(filmStateOf({ status, storagePath: 'a.mp4' }, { hasStream: false, isOriginalAllowed: false })).toBe(state)
  })
})
