// What another site needs to show a film: oEmbed 1.0 (https://oembed.com), of public films only.
import { Fault } from '../../core/fault.ts'
import { pagePatterns, type PageRule } from '../../core/playback/page-origin.ts'
import { ENTRY_PLAYLIST, streamFolder, thumbnailKey } from '../../core/storage/media-key.ts'
import { jpegSize, type PixelSize } from '../../core/storage/jpeg-size.ts'
import { parseUuid } from '../../core/uuid.ts'
import {
  aspectOfPlaylist,
  COMMON_ASPECT,
  fitFrame,
  plausibleAspect,
  type FrameRoom,
  type FrameSize,
} from '../../core/videos/frame-size.ts'
import type { PlaybackDeps } from './playback.ts'

export interface Embed {
  readonly jobId: string
  readonly name: string
  readonly frame: FrameSize
  /** Undefined: none that is known to fit. */
  readonly thumbnail: PixelSize | undefined
}

const MAX_PLAYLIST_BYTES = 256 * 1024
/** Where a frame header is, behind a camera's notes and its preview. */
const THUMBNAIL_START_BYTES = 128 * 1024

/**
 * The film at an address of this service, fitted into the room. One database read and two of the bucket. 404 when the
 * address is no film's or sites may not embed it, 401 for a private one, 501 for another format than JSON.
 */
export async function describeEmbed(
  deps: Pick<PlaybackDeps, 'videos' | 'media'> & { readonly config: { readonly embedOrigins: PageRule } },
  input: { readonly address: string; readonly origin: string; readonly format: string | undefined } & FrameRoom,
): Promise<Embed> {
  if ((input.format ?? 'json') !== 'json') throw new Fault('not_implemented', 'Only the format json is offered')
  const jobId = jobOfAddress(input.address, input.origin)
  const isOffered = pagePatterns(deps.config.embedOrigins).length > 0
  const video = jobId === undefined || !isOffered ? undefined : await deps.videos.findByJob(jobId)
  if (video === undefined || video.playback === 'off') throw new Fault('not_found', 'Video not found')
  if (video.playback === 'private') throw new Fault('unauthorized', 'This film is private')
  const { userId, name } = video
  const [playlist, start] = await Promise.all([
    deps.media.read(streamFolder(userId, video.jobId) + ENTRY_PLAYLIST, MAX_PLAYLIST_BYTES),
    deps.media.readStart(thumbnailKey(userId, video.jobId), THUMBNAIL_START_BYTES),
  ])
  const thumbnail = start && jpegSize(start)
  const aspect =
    aspectOfPlaylist(playlist?.content?.text() ?? '') ??
    (thumbnail && plausibleAspect(thumbnail.width, thumbnail.height)) ??
    COMMON_ASPECT
  return {
    jobId: video.jobId,
    name,
    frame: fitFrame(aspect, input),
    thumbnail: thumbnail && fits(thumbnail, input) ? thumbnail : undefined,
  }
}

/** Of a watch page or a frame on this host; a link is passed on with `http:` and with parameters too. */
function jobOfAddress(address: string, origin: string): string | undefined {
  const url = URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol) || url.host !== new URL(origin).host) return undefined
  const [, id] = /^\/(?:watch|embed)\/([^/]+)\/?$/.exec(url.pathname) ?? []
  return id === undefined ? undefined : parseUuid(id)
}

function fits({ width, height }: PixelSize, { maxWidth, maxHeight }: FrameRoom): boolean {
  return width <= (maxWidth ?? Infinity) && height <= (maxHeight ?? Infinity)
}
