// Opening a stream begins a viewing whose files lie below its session; a public one with `s3` delivery is answered as it is.
import { ENTRY_PLAYLIST, streamFolder, streamKey } from '../../core/storage/media-key.ts'
import type { Links } from '../../core/hls/assemble.ts'
import { limitLines } from '../../core/hls/quality.ts'
import type { PlaybackSession } from '../../core/playback/session.ts'
import { Fault, FAULTS } from '../../core/fault.ts'
import type { MediaDeps } from '../delivery/media.ts'
import { serveObject, type MediaAnswer, type ObjectRead } from '../delivery/serve-object.ts'
import { refusal } from './admission.ts'
import type { KnownPieces } from './known-pieces.ts'
import { streamNotFound, type PlayableVideo } from './playback.ts'
import { isNamedPlaylist } from './stream-text.ts'
import { folderPath, readStreamFile, type StreamDeps, type StreamRequest } from './stream.ts'
import type { StreamFile } from './stream-file.ts'
import {
  admitToFilm,
  beginViewing,
  continueViewing,
  FILM_MAX_AGE_MS,
  type SessionDeps,
  type Viewer,
  type ViewingDeps,
} from './viewing.ts'
import type { Served } from './watching.ts'

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
  /** What this isolate knows of segments. */
  readonly knownPieces: KnownPieces
}

export type OpenRequest = Omit<StreamRequest, 'links' | 'base' | 'rawPath'>

/** Stands for the session in the text that is kept of an entry playlist: no reference can hold it. */
const PLACEHOLDER_PREFIX = '/v/{session}/'

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

export interface SessionFileDeps<Body> extends OpenDeps, SessionDeps, Pick<MediaDeps<Body>, 'mediaObjects'> {}

export type SessionFile<Body> =
  | { readonly kind: 'text'; readonly file: StreamFile }
  | { readonly kind: 'object'; readonly answer: MediaAnswer<Body>; readonly isSecret: boolean }

/** A file below a running session: a playlist or document as text, anything else as its bytes. */
export async function readSessionFile<Body>(
  deps: SessionFileDeps<Body>,
  input: OpenRequest & {
    readonly session: string
    readonly rawPath: string
    readonly clientAddress: () => string | undefined
    readonly client: Served['client']
    /** What it asks of an object; a text needs none of it. */
    readonly objectRead: () => ObjectRead
  },
): Promise<SessionFile<Body>> {
  const { film, session } = await continueViewing(deps, {
    session: input.session,
    address: input.clientAddress,
    defer: input.defer,
  })
  const { video } = film
  const note: Note = (served) =>
    deps.watching?.note(session, video.userId, { ...served, client: input.client }, input.defer)
  try {
    return await readNoted(deps, input, { video, session, note })
  } catch (error) {
    if (error instanceof Fault) note({ bytes: 0, error: `http_${FAULTS[error.code].status}` })
    throw error
  }
}

type Note = (served: Omit<Served, 'client'>) => void

async function readNoted<Body>(
  deps: SessionFileDeps<Body>,
  input: Parameters<typeof readSessionFile<Body>>[1],
  { video, session, note }: { readonly video: PlayableVideo; readonly session: PlaybackSession; readonly note: Note },
): Promise<SessionFile<Body>> {
  const { maxLines } = session.flags
  const path = folderPath(input.rawPath)
  if (maxLines > 0) await refuseAbove(deps, input, video, { path, maxLines })
  const links: Links = deps.isEdgeDelivery ? 'kept' : 'kept_and_presigned'
  if (isText(input.rawPath, links)) {
    // One text for all sessions: the address it is remembered by names none. The query stays: a playlist may read it.
    const address = `${input.origin}/v/${video.jobId}/${input.rawPath}${queryOf(input.address)}`
    const request = { ...input, address, jobId: video.jobId, links, base: '' }
    const file = await readStreamFile(deps, request, async () => video)
    note({ bytes: file.body instanceof Uint8Array ? file.body.byteLength : 0 })
    learn(deps, input, video, { path, file })
    return { kind: 'text', file }
  }
  const key = streamKey(video.userId, video.jobId, path)
  const answer = await serveObject(deps, input.objectRead(), {
    key,
    expiresAtSeconds: session.endsAt,
    contentDisposition: undefined,
  })
  note(servedOf(deps, video, path, answer))
  return { kind: 'object', answer, isSecret: answer.info.sizeBytes <= MAX_KEY_BYTES }
}

/** What an answer with bytes is of the film. */
function servedOf<Body>(
  deps: SessionFileDeps<Body>,
  video: PlayableVideo,
  path: string,
  { body, range, info, contentType }: MediaAnswer<Body>,
): Pick<Served, 'bytes' | 'media'> {
  const { sizeBytes } = info
  const bytes = body === undefined ? 0 : (range?.length ?? sizeBytes)
  const asked = { offset: range?.offset ?? 0, length: bytes, sizeBytes }
  const piece = deps.knownPieces.find(streamFolder(video.userId, video.jobId), path, asked)
  // Pictures, keys and subtitles are no part of its time.
  return piece === undefined && !/^(?:video|audio)\//.test(contentType) ? { bytes } : { bytes, media: { piece } }
}

/** What the segments of a playlist are, for the answers to come: once an isolate and text, after the answer. */
function learn(
  deps: OpenDeps,
  request: OpenRequest,
  video: PlayableVideo,
  { path, file }: { readonly path: string; readonly file: StreamFile },
): void {
  const { body, etag, isGzip, isMultivariant } = file
  const { knownPieces } = deps
  const folder = streamFolder(video.userId, video.jobId)
  if (deps.watching === undefined || !deps.isEdgeDelivery || etag === undefined) return
  if (!(body instanceof Uint8Array) || !isNamedPlaylist(path) || knownPieces.knows(folder, path, etag)) return
  const learnNow = async (): Promise<void> => {
    const text = await deps.readText(isGzip ? deps.gunzip(body) : body)
    if (isMultivariant) return knownPieces.learnEntry(folder, text, '')
    if (!knownPieces.hasEntry(folder)) {
      // Nearly always in memory: the viewing began with it.
      const entry = path === ENTRY_PLAYLIST ? undefined : await readEntry(deps, { ...request, query: new Map() }, video)
      const listed = entry?.isMultivariant === true ? await deps.readText(entry.body ?? new Uint8Array()) : ''
      knownPieces.learnEntry(folder, listed, PLACEHOLDER_PREFIX)
    }
    knownPieces.learn(folder, path, etag, text)
  }
  request.defer(learnNow())
}

/** AES-128 keys are 16 bytes, AES-256 keys 32: what is as small as a key is kept by no cache. */
const MAX_KEY_BYTES = 64

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

/**
 * The entry playlist with a placeholder for the session: one text for all viewers, whatever token brought them. Its own
 * variables may come from the rest of the query (RFC 8216bis §4.4.2.3).
 */
async function readEntry(deps: StreamDeps, request: OpenRequest, video: PlayableVideo): Promise<StreamFile> {
  const query = new Map([...request.query].filter(([name]) => name !== 'token'))
  return await readStreamFile(
    deps,
    {
      ...request,
      jobId: video.jobId,
      address: `${request.origin}${PLACEHOLDER_PREFIX}${video.jobId}/${ENTRY_PLAYLIST}${query.size === 0 ? '' : '?'}`,
      query,
      rawPath: undefined,
      links: 'based',
      base: PLACEHOLDER_PREFIX,
      acceptsGzip: () => false,
      has: () => false,
    },
    async () => video,
  )
}

/** 403 for a path of a quality above what the viewing may see. Reads the entry, which is nearly always in memory. */
async function refuseAbove(
  deps: OpenDeps,
  request: OpenRequest,
  video: PlayableVideo,
  { path, maxLines }: { readonly path: string; readonly maxLines: number },
): Promise<void> {
  const entry = await readEntry(deps, { ...request, query: new Map() }, video)
  if (!entry.isMultivariant) return
  const text = await deps.readText(entry.body ?? new Uint8Array())
  if (limitLines(text, PLACEHOLDER_PREFIX, maxLines).isAbove(path)) throw refusal('quality')
}

/** Of a query with its `?`. */
function withoutToken(query: string): string {
  const kept = query
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && !part.startsWith('token='))
  return kept.length === 0 ? '' : `?${kept.join('&')}`
}

/** With its `?`; '' without one. */
function queryOf(address: string): string {
  const start = address.indexOf('?')
  return start === -1 ? '' : address.slice(start)
}

/** What is read as text: playlists and documents; in `s3` also WebVTT, whose images are presigned there. */
function isText(rawPath: string, links: Links): boolean {
  return links === 'kept' ? /\.(?:m3u8?|json)$/i.test(rawPath) : /\.(?:m3u8?|json|vtt)$/i.test(rawPath)
}
