// A file below the session of a running viewing, and what is noted of it.
import type { Links } from '../../core/hls/assemble.ts'
import { limitLines } from '../../core/hls/quality.ts'
import type { PlaybackSession } from '../../core/playback/session.ts'
import { ENTRY_PLAYLIST, streamFolder, streamKey } from '../../core/storage/media-key.ts'
import { Fault, FAULTS } from '../../core/fault.ts'
import type { MediaDeps } from '../delivery/media.ts'
import { serveObject, type MediaAnswer, type ObjectRead } from '../delivery/serve-object.ts'
import { refusal } from './admission.ts'
import { PLACEHOLDER_PREFIX, queryOf, readEntry, type OpenRequest } from './entry-playlist.ts'
import type { KnownPieces } from './known-pieces.ts'
import type { OpenDeps } from './open-stream.ts'
import type { PlayableVideo } from './playback.ts'
import { isNamedPlaylist } from './stream-text.ts'
import { folderPath, readStreamFile } from './stream.ts'
import type { StreamFile } from './stream-file.ts'
import { continueViewing, type SessionDeps } from './viewing.ts'
import type { Served } from './watching.ts'

export interface SessionFileDeps<Body> extends OpenDeps, SessionDeps, Pick<MediaDeps<Body>, 'mediaObjects'> {
  /** What this isolate knows of segments. */
  readonly knownPieces: KnownPieces
}

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
  deps: OpenDeps & { readonly knownPieces: KnownPieces },
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

/** What is read as text: playlists and documents; in `s3` also WebVTT, whose images are presigned there. */
function isText(rawPath: string, links: Links): boolean {
  return links === 'kept' ? /\.(?:m3u8?|json)$/i.test(rawPath) : /\.(?:m3u8?|json|vtt)$/i.test(rawPath)
}
