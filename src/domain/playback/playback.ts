// What playback asks of the database and the bucket.
import type { UserId } from '../../core/auth/principal.ts'
import { Fault } from '../../core/fault.ts'
import type { PlaybackMode } from '../../core/playback-mode.ts'
import type { ObjectKey } from '../../core/storage/object-key.ts'
import type { VideoStatus } from '../../core/videos/status.ts'
import type { Delivery } from '../delivery/delivery.ts'

export interface PlayableVideo {
  readonly jobId: string
  readonly userId: UserId
  readonly name: string
  readonly description: string
  readonly status: VideoStatus
  /** Undefined until a client sets it. */
  readonly durationSeconds: number | undefined
  readonly storagePath: ObjectKey
  readonly playback: PlaybackMode
}

export interface PlayableVideos {
  findByJob(jobId: string): Promise<PlayableVideo | undefined>
  findByStoragePath(path: string): Promise<PlayableVideo | undefined>
}

export type StoredObject = {
  readonly sizeBytes: number
  /** Changes whenever the bytes do. */
  readonly version: string
  /** When it was last written, epoch milliseconds. */
  readonly storedAtMs: number
} & (
  | { readonly content: StoredContent }
  /** Larger than was asked for, stored or inflated; or stored with a content coding that cannot be undone. */
  | { readonly content: undefined; readonly problem: 'too_large' | 'undecodable' }
)

/** As it was before it was given the content codings it is stored with. */
export interface StoredContent {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** As UTF-8; what is malformed becomes U+FFFD, as in a player. */
  text(): string
}

export interface MediaReader {
  exists(key: ObjectKey): Promise<boolean>
  /** Of the object; undefined when there is none. */
  version(key: ObjectKey): Promise<string | undefined>
  read(key: ObjectKey, maxBytes: number): Promise<StoredObject | undefined>
  /** Its first bytes, as they are stored; undefined when there is none. */
  readStart(key: ObjectKey, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined>
}

export interface PlaybackDeps {
  readonly videos: PlayableVideos
  readonly media: MediaReader
  readonly delivery: Delivery
  /** Of this software: a new version may rewrite differently, so no validator outlives it. */
  readonly config: { readonly version: string }
}

export function streamNotFound(): Fault {
  return new Fault('not_found', 'Stream not found')
}
