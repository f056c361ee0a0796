// Texts whose confusion is a hole in the gate have types of their own. The type checker runs this file with the others:
// where a mix-up would compile, its `@ts-expect-error` is an error.
import { expect, it } from 'vitest'
import { hashApiKey, parseKeyHash, type KeyHash } from '../../src/core/auth/api-key.ts'
import type { UserId } from '../../src/core/auth/principal.ts'
import { newSessionId, parseSessionId, type SessionId } from '../../src/core/playback/session.ts'
import { streamKey, thumbnailKey } from '../../src/core/storage/media-key.ts'
import { parseKnownKey, parseObjectKey, type ObjectKey } from '../../src/core/storage/object-key.ts'
import type { KeyLookup } from '../../src/domain/auth/key-authentication.ts'
import type { MediaReader } from '../../src/domain/playback/playback.ts'
import type { FileStore } from '../../src/domain/storage/file-store.ts'
import type { VideoStore } from '../../src/domain/videos/store.ts'
import { userIdOf } from '../support/user-id.ts'

const USER = userIdOf('11111111-1111-4111-8111-111111111111')
const JOB = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa'

/** Never called: it is here to be type-checked. */
export function mixUps(keys: KeyLookup, media: MediaReader, files: FileStore, videos: VideoStore): void {
  const text = ''
  // @ts-expect-error A key is looked up by its hash, never by the key itself.
  void keys.findByHash(text)
  // @ts-expect-error A caller's text is no object key before it was checked.
  void files.remove([text])
  // @ts-expect-error Neither is the id of a user.
  void media.read(USER, 1)
  // @ts-expect-error The user comes first, then the job.
  void videos.remove(JOB, USER)
  // @ts-expect-error The same where keys are spelled.
  thumbnailKey(JOB, USER)
  // @ts-expect-error A hash of a key names no session.
  const session: SessionId = hashApiKey(text)
  // @ts-expect-error Nor does an object key name a user.
  const user: UserId = streamKey(USER, JOB, 'index.m3u8')
  void [session, user]
}

it('each brand has a constructor that refuses what is none', () => {
  const hash: KeyHash | undefined = parseKeyHash('lvz_live_')
  const session: SessionId | undefined = parseSessionId('00112233445566AA')
  const key: ObjectKey | undefined = parseKnownKey('')
  expect([hash, session, key, parseKnownKey('é'.repeat(513))]).toEqual([undefined, undefined, undefined, undefined])
  expect(parseObjectKey(USER, 'users/other/film.mp4')).toEqual({ ok: false, reason: 'foreign' })
  expect(newSessionId((count) => new Uint8Array(count))).toBe('0'.repeat(16))
  expect(streamKey(USER, JOB, 'a/b.ts')).toBe(`users/${USER}/hls/${JOB}/a/b.ts`)
})
