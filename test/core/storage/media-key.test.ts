import { userIdOf } from '../../support/user-id.ts'
import { describe, expect, it } from 'vitest'
import { jobOfObject, reportKey, streamFolder, thumbnailKey, userFolder } from '../../../src/core/storage/media-key.ts'

const USER = userIdOf('11111111-1111-4111-8111-111111111111')
const JOB = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa'

describe('jobOfObject', () => {
  it.each([`${streamFolder(USER, JOB)}a/b\n.m4s`, thumbnailKey(USER, JOB), reportKey(USER, JOB)])(
    'finds the job of %j',
    (key) => {
      expect(jobOfObject(USER, key)).toBe(JOB)
    },
  )

  it.each([
    `${userFolder(USER)}film.mp4`,
    streamFolder(USER, JOB),
    streamFolder(USER, JOB.toUpperCase()) + 'a',
    `${userFolder(USER)}hls/none/a`,
    `${userFolder(USER)}thumbnails/${JOB}.png`,
    `${userFolder(USER)}thumbnails/x/${JOB}.jpg`,
    `${userFolder(USER)}x/hls/${JOB}/a`,
  ])('finds none of %j', (key) => {
    expect(jobOfObject(USER, key)).toBeUndefined()
  })
})
