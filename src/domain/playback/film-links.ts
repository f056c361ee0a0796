// Where the bytes of a film's thumbnail and original are, and what pages show of it. Of a private film only with a token
// that is for it.
import { Fault } from '../../core/fault.ts'
import type { PageRule } from '../../core/playback/page-origin.ts'
import { ENTRY_PLAYLIST, streamKey, thumbnailKey } from '../../core/storage/media-key.ts'
import { filmStateOf, type FilmState } from '../../core/videos/film-state.ts'
import type { VideoStatus } from '../../core/videos/status.ts'
import type { Link } from '../delivery/delivery.ts'
import type { PlaybackDeps, PlayableVideo } from './playback.ts'
import { admitToFilm, type Viewer, type ViewingDeps } from './viewing.ts'

type Admitting = Pick<ViewingDeps, 'films' | 'playbackTokens' | 'nowMs'>

/** Where the thumbnail's bytes are. One database read. */
export async function thumbnailLink(
  deps: Pick<PlaybackDeps, 'delivery'> & Admitting,
  input: { jobId: string; method: 'GET' | 'HEAD'; origin: string; viewer: Viewer },
): Promise<Link> {
  const { video } = await admitToFilm(deps, input.jobId, 'image', input.viewer)
  const key = thumbnailKey(video.userId, video.jobId)
  return deps.delivery.link({ method: input.method, key, origin: input.origin, playingSeconds: 0 })
}

/** Where the original's bytes are. A path that no video registered is unknown: this is no signing oracle. */
export async function originalLink(
  deps: Pick<PlaybackDeps, 'videos' | 'delivery'> & Admitting,
  input: {
    source: { jobId: string } | { storagePath: string }
    method: 'GET' | 'HEAD'
    origin: string
    isDownload: boolean
    viewer: Viewer
  },
): Promise<Link> {
  const video = await originalOf(deps, input)
  const key = video.storagePath
  return deps.delivery.link({
    method: input.method,
    key,
    origin: input.origin,
    playingSeconds: video.durationSeconds,
    ...(input.isDownload ? { attachmentName: key.slice(key.lastIndexOf('/') + 1) } : {}),
  })
}

/** By its id in one read; by its path in one, and for a private film one more. */
async function originalOf(
  deps: Pick<PlaybackDeps, 'videos'> & Admitting,
  { source, viewer }: { source: { jobId: string } | { storagePath: string }; viewer: Viewer },
): Promise<PlayableVideo> {
  if ('jobId' in source) return (await admitToFilm(deps, source.jobId, 'download', viewer)).video
  const video = await deps.videos.findByStoragePath(source.storagePath)
  if (video === undefined || video.playback === 'off') throw new Fault('not_found', 'Video not found')
  return video.playback === 'public' ? video : (await admitToFilm(deps, video.jobId, 'download', viewer)).video
}

/** What the watch page shows of a film. */
export interface ShownFilm {
  readonly jobId: string
  readonly name: string
  readonly description: string
  readonly status: VideoStatus
  readonly durationSeconds: number | undefined
  readonly isPublic: boolean
  readonly film: FilmState
  /** Whether this viewer may have the uploaded file itself. */
  readonly isOriginalAllowed: boolean
  /** Pages that the viewer's token names; every page without one. */
  readonly pages: PageRule
}

/** One database read, one object asked for. */
export async function findFilm(
  deps: Pick<PlaybackDeps, 'media'> & Admitting,
  jobId: string,
  viewer: Viewer,
): Promise<ShownFilm> {
  const { video, admission } = await admitToFilm(deps, jobId, 'stream', viewer)
  const isOriginalAllowed = admission === undefined || admission.claims.audiences.has('download')
  const film = filmStateOf(video, { hasStream: await hasStream(deps, video), isOriginalAllowed })
  const { name, description, status, durationSeconds } = video
  return {
    jobId: video.jobId,
    name,
    description,
    status,
    durationSeconds,
    isPublic: video.playback === 'public',
    film,
    isOriginalAllowed,
    pages: admission?.claims.pages?.origins ?? '*',
  }
}

/** Whether its entry playlist is there. */
export async function hasStream(
  deps: { readonly media: Pick<PlaybackDeps['media'], 'exists'> },
  { userId, jobId }: PlayableVideo,
): Promise<boolean> {
  return await deps.media.exists(streamKey(userId, jobId, ENTRY_PLAYLIST))
}
