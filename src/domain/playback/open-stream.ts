// Opening a stream begins a viewing whose files lie below its session; a public one with `s3` delivery is answered as it is.
import { limitLines } from '../../core/hls/quality.ts'
import { ENTRY_PLAYLIST, streamKey } from '../../core/storage/media-key.ts'
import { refusal } from './admission.ts'
import { PLACEHOLDER_PREFIX, queryOf, readEntry, type OpenRequest } from './entry-playlist.ts'
import { streamNotFound, type PlayableVideo } from './playback.ts'
import { readStreamFile, type StreamDeps, type StreamRequest } from './stream.ts'
import type { StreamFile } from './stream-file.ts'
import { admitToFilm, beginViewing, FILM_MAX_AGE_MS, type Viewer, type ViewingDeps } from './viewing.ts'

/** What opening an address gives: a file of the stream, or where the viewing that begins goes on. */
export type Opened =
  | { readonly kind: 'file'; readonly file: StreamFile }
  /** The entry playlist with its children below the session; for this viewer only. */
  | { readonly kind: 'entry'; readonly text: string; readonly contentType: string }
  | { readonly kind: 'redirect'; readonly location: string }

export interface OpenDeps extends StreamDeps, ViewingDeps {
  /** UTF-8, whole. */
  readonly readText: (body: NonNullable<StreamFile['body']>) => Promise<string>
  /** Whether this Worker serves media: then public films have sessions too, and playlists stay as they are stored. */
  readonly isEdgeDelivery: boolean
  /** Where it serves it, as `https://host[:port]`; undefined: the origin that a request came to. */
  readonly edgeOrigin: string | undefined
}

/** Opens a stream by its id; throws 403 with the contract's texts for a private one, 404. */
export async function openStream(deps: OpenDeps, request: OpenRequest, viewer: Viewer): Promise<Opened> {
  if (deps.isEdgeDelivery) {
    return await openViewing(
      deps,
      request,
      viewer,
      await admitToFilm(deps, request.jobId, 'stream', viewer, FILM_MAX_AGE_MS),
    )
  }
  let admitted: Awaited<ReturnType<typeof admitToFilm>> | undefined
  const findPublic = async (): Promise<PlayableVideo> => {
    admitted = await admitToFilm(deps, request.jobId, 'stream', viewer)
    if (admitted.admission !== undefined) throw new PrivateFilm()
    return admitted.video
  }
  try {
    return { kind: 'file', file: await readStreamFile(deps, publicRequest(request, undefined), findPublic) }
  } catch (error) {
    if (!(error instanceof PrivateFilm) || admitted === undefined) throw error
    return await openViewing(deps, request, viewer, admitted)
  }
}

/** A child of a public stream by its address on the API; a private one has none there. */
export async function readPublicFile(
  deps: StreamDeps & Pick<ViewingDeps, 'films'>,
  request: OpenRequest & { readonly rawPath: string },
): Promise<StreamFile> {
  return await readStreamFile(deps, publicRequest(request, request.rawPath), async () => {
    const { video } = await deps.films.find(request.jobId, undefined, () => 0)
    if (video.playback === 'private') throw refusal('token_required')
    return video
  })
}

/** Whether there is a stream that this viewer may begin: nothing begins, and no use is counted. */
export async function findStream(deps: StreamDeps & ViewingDeps, jobId: string, viewer: Viewer): Promise<void> {
  const { video } = await admitToFilm(deps, jobId, 'stream', viewer)
  if (!(await deps.media.exists(streamKey(video.userId, video.jobId, ENTRY_PLAYLIST)))) throw streamNotFound()
}

class PrivateFilm extends Error {
  override readonly name = 'PrivateFilm'
}

function publicRequest(request: OpenRequest, rawPath: string | undefined): StreamRequest {
  return { ...request, rawPath, links: 'presigned', base: `/api/playback/stream/${request.jobId}/` }
}

async function openViewing(
  deps: OpenDeps,
  request: OpenRequest,
  viewer: Viewer,
  admitted: Awaited<ReturnType<typeof admitToFilm>>,
): Promise<Opened> {
  const entry = await readEntry(deps, request, admitted.video)
  const prefix = await beginViewing(deps, admitted, { ...viewer, defer: request.defer })
  if (!entry.isMultivariant) {
    // On the same origin: a browser names none (`Origin: null`) to a second one that it is sent on to.
    return { kind: 'redirect', location: prefix + ENTRY_PLAYLIST + withoutToken(queryOf(request.address)) }
  }
  const text = await deps.readText(entry.body ?? new Uint8Array())
  const maxLines = admitted.admission?.claims.maxLines
  const shown = maxLines === undefined ? text : limitLines(text, PLACEHOLDER_PREFIX, maxLines).text
  const base = (deps.isEdgeDelivery ? deps.edgeOrigin : undefined) ?? ''
  // What wants a whole URL has the origin of the request before it.
  const placed = base === '' ? shown : shown.replaceAll(request.origin + PLACEHOLDER_PREFIX, PLACEHOLDER_PREFIX)
  const based = placed.replaceAll(PLACEHOLDER_PREFIX, base + prefix)
  return { kind: 'entry', text: based, contentType: entry.contentType }
}

/** Of a query with its `?`. */
function withoutToken(query: string): string {
  const kept = query
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && !part.startsWith('token='))
  return kept.length === 0 ? '' : `?${kept.join('&')}`
}
