// Public playback: the job id is the secret. Everything here answers from one video row and at most one object.
import { Fault } from '../../core/fault.ts'
import { ENTRY_PLAYLIST, streamFolder, thumbnailKey } from '../../core/storage/media-key.ts'
import { parseUuid } from '../../core/uuid.ts'
import type { Delivery, Link } from '../delivery/delivery.ts'

export interface PlayableVideo {
  readonly jobId: string
  readonly userId: string
  readonly name: string
  readonly description: string
  /** Undefined until somebody says so. */
  readonly durationSeconds: number | undefined
  readonly storagePath: string
  /** False when the owner ended playback. */
  readonly isPlayable: boolean
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
  exists(key: string): Promise<boolean>
  /** Of the object; undefined when there is none. */
  version(key: string): Promise<string | undefined>
  read(key: string, maxBytes: number): Promise<StoredObject | undefined>
}

export interface PlaybackDeps {
  readonly videos: PlayableVideos
  readonly media: MediaReader
  readonly delivery: Delivery
  /** Of this software: a new version may rewrite differently, so no validator outlives it. */
  readonly config: { readonly version: string }
}

/** Where the thumbnail's bytes are. One database read. */
export async function thumbnailLink(
  deps: Pick<PlaybackDeps, 'videos' | 'delivery'>,
  input: { jobId: string; method: 'GET' | 'HEAD'; origin: string },
): Promise<Link> {
  const video = await playableByJob(deps, input.jobId)
  const key = thumbnailKey(video.userId, video.jobId)
  return deps.delivery.link({ method: input.method, key, origin: input.origin, playingSeconds: 0 })
}

/** Where the original's bytes are. A path that no video registered is unknown: this is no signing oracle. */
export async function originalLink(
  deps: Pick<PlaybackDeps, 'videos' | 'delivery'>,
  input: {
    source: { jobId: string } | { storagePath: string }
    method: 'GET' | 'HEAD'
    origin: string
    isDownload: boolean
  },
): Promise<Link> {
  const video =
    'jobId' in input.source
      ? await playableByJob(deps, input.source.jobId)
      : playable(await deps.videos.findByStoragePath(input.source.storagePath))
  const key = video.storagePath
  return deps.delivery.link({
    method: input.method,
    key,
    origin: input.origin,
    playingSeconds: video.durationSeconds,
    ...(input.isDownload ? { attachmentName: key.slice(key.lastIndexOf('/') + 1) } : {}),
  })
}

/** Whether the entry playlist is there; 404 otherwise. */
export async function findStream(deps: Pick<PlaybackDeps, 'videos' | 'media'>, jobId: string): Promise<void> {
  const video = await playableByJob(deps, jobId)
  if (!(await deps.media.exists(streamFolder(video.userId, video.jobId) + ENTRY_PLAYLIST))) {
    throw streamNotFound()
  }
}

/** What the watch page shows. One database read, one object asked for. */
export async function findFilm(
  deps: Pick<PlaybackDeps, 'videos' | 'media'>,
  jobId: string,
): Promise<{ jobId: string; name: string; description: string; isReady: boolean }> {
  const { userId, name, description, ...video } = await playableByJob(deps, jobId)
  const isReady = await deps.media.exists(streamFolder(userId, video.jobId) + ENTRY_PLAYLIST)
  return { jobId: video.jobId, name, description, isReady }
}

/** Whether a film can be watched now: `off` when its owner ended playback. */
export async function filmState(
  deps: Pick<PlaybackDeps, 'videos' | 'media'>,
  jobId: string,
): Promise<'ready' | 'preparing' | 'off'> {
  const video = await deps.videos.findByJob(jobId)
  if (video === undefined || !video.isPlayable) return 'off'
  return (await deps.media.exists(streamFolder(video.userId, video.jobId) + ENTRY_PLAYLIST)) ? 'ready' : 'preparing'
}

/** The video by its id; an id that is no UUID costs no I/O. Ended playback looks like no video at all. */
export async function playableByJob(deps: Pick<PlaybackDeps, 'videos'>, jobId: string): Promise<PlayableVideo> {
  const id = parseUuid(jobId)
  return playable(id === undefined ? undefined : await deps.videos.findByJob(id))
}

export function streamNotFound(): Fault {
  return new Fault('not_found', 'Stream not found')
}

function playable(video: PlayableVideo | undefined): PlayableVideo {
  if (video === undefined || !video.isPlayable) throw new Fault('not_found', 'Video not found')
  return video
}
