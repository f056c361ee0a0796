// A stream's own files: playlists, keys, and the JSON and WebVTT that name objects, rewritten for this moment.
import { hex, utf8 } from '../core/bytes.ts'
import { Fault } from '../core/fault.ts'
import type { Leaf } from '../core/hls/assemble.ts'
import { rewriteJson } from '../core/hls/json.ts'
import type { PlaylistFacts } from '../core/hls/playlist.ts'
import { resolveReference } from '../core/hls/reference.ts'
import { rewritePlaylist, type RewriteInput } from '../core/hls/rewrite.ts'
import { sniff } from '../core/hls/sniff.ts'
import { rewriteStoryboard, type DocumentInput } from '../core/hls/storyboard.ts'
import { ENTRY_PLAYLIST, streamFolder } from '../core/media-key.ts'
import { sha256 } from '../core/sha256.ts'
import type { PlaylistLinks } from './delivery.ts'
import { playableByJob, streamNotFound, type PlaybackDeps, type StoredContent, type StoredObject } from './playback.ts'

export interface StreamFile {
  readonly body: string | Uint8Array<ArrayBuffer>
  readonly contentType: string
  /** Weak; absent for what may not be kept at all. */
  readonly etag: string | undefined
  /** A key: no cache may keep it. */
  readonly isSecret: boolean
}

type TextInput = RewriteInput & DocumentInput
type RewrittenText = Pick<StreamFile, 'body' | 'contentType'>

/** A playlist that players still read at a glance: about 90,000 short segments. */
const MAX_TEXT_BYTES = 2 * 1024 * 1024
/** AES-128 keys are 16 bytes, AES-256 keys 32. */
const MAX_KEY_BYTES = 64

/** One file of a stream as players get it. One database read, one object read. */
export async function readStreamFile(
  deps: PlaybackDeps,
  input: {
    jobId: string
    /** The path below the stream as it came, undecoded; undefined means the entry playlist. */
    rawPath: string | undefined
    query: ReadonlyMap<string, string>
    origin: string
  },
): Promise<StreamFile> {
  const path = input.rawPath === undefined ? ENTRY_PLAYLIST : folderPath(input.rawPath)
  const video = await playableByJob(deps, input.jobId)
  const folder = streamFolder(video.userId, video.jobId)
  const object = await deps.media.read(folder + path, MAX_TEXT_BYTES)
  if (object === undefined) throw streamNotFound()
  if (object.content === undefined) throw tooLarge(path)

  const rewrite: TextInput = {
    path,
    apiBase: `/api/playback/stream/${video.jobId}/`,
    origin: input.origin,
    query: input.query,
    // Images and chapters come without facts: they are shown for as long as an unknown film.
    signAll: (leaves: readonly Leaf[], facts?: PlaylistFacts) =>
      deps.delivery.linkAll(
        leaves.map((leaf) => ({ ...leaf, key: folder + leaf.path })),
        playlistLinks(input.origin, facts),
      ),
  }
  const text = rewriteText(object.content, rewrite)
  if (text === undefined) return keyFile(object.content)
  return { ...text, etag: weakEtag(deps, object, rewrite), isSecret: false }
}

/** The path below the stream's folder, decoded once. What would leave the folder is simply not there: no I/O. */
function folderPath(rawPath: string): string {
  const resolved = resolveReference(rawPath, ENTRY_PLAYLIST)
  if (resolved.kind !== 'inside') throw streamNotFound()
  return resolved.path
}

/** Only what calls itself a playlist is told apart: no other large object is served here at all. */
function tooLarge(path: string): Fault {
  return isNamedPlaylist(path) ? new Fault('validation_error', 'Playlist is too large') : streamNotFound()
}

function isNamedPlaylist(path: string): boolean {
  return /\.m3u8?$/i.test(path)
}

/** The rewritten text by what the object is; undefined when it names no objects. */
function rewriteText(content: StoredContent, input: TextInput): RewrittenText | undefined {
  const text = content.text()
  // What is named a playlist is read as one, so that its owner learns what is wrong with it.
  switch (isNamedPlaylist(input.path) ? 'playlist' : sniff(text)) {
    case 'playlist':
      return { body: accepted(rewritePlaylist(text, input), 'Playlist'), contentType: 'application/vnd.apple.mpegurl' }
    case 'storyboard':
      return { body: accepted(rewriteStoryboard(text, input), 'WebVTT'), contentType: 'text/vtt; charset=utf-8' }
    case 'json':
      return { body: accepted(rewriteJson(text, input), 'JSON'), contentType: 'application/json' }
    default:
      // EXT-X-SESSION-DATA sends players here for any JSON, and what it holds is only known now.
      return isJson(input.path, text) ? { body: text, contentType: 'application/json' } : undefined
  }
}

function accepted(
  result: { readonly ok: true; readonly text: string } | { readonly ok: false; line: number; reason: string },
  what: string,
): string {
  if (result.ok) return result.text
  throw new Fault('validation_error', `${what} line ${result.line}: ${result.reason}`)
}

function isJson(path: string, text: string): boolean {
  if (!/\.json$/i.test(path)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** A film's length dates its URLs; a playlist that still grows is live. */
function playlistLinks(origin: string, facts: PlaylistFacts | undefined): PlaylistLinks {
  if (facts?.kind !== 'media') return { origin, isLive: false, playingSeconds: undefined }
  return facts.isEnded
    ? { origin, isLive: false, playingSeconds: facts.durationSeconds }
    : { origin, isLive: true, playingSeconds: undefined }
}

/** Key files are small; anything else that names no objects is fetched with a presigned URL, not here. */
function keyFile(content: StoredContent): StreamFile {
  if (content.bytes.byteLength > MAX_KEY_BYTES) throw streamNotFound()
  return { body: content.bytes, contentType: 'application/octet-stream', etag: undefined, isSecret: true }
}

/** Of everything that changes the text: the object, the signing window, who asks under which origin, this version. */
function weakEtag(deps: PlaybackDeps, object: StoredObject, input: TextInput): string {
  const facts = [
    object.version,
    deps.delivery.epoch(input.origin),
    deps.config.version,
    input.origin,
    input.path,
    ...[...input.query].flat(),
  ]
  return `W/"${hex(sha256(utf8(JSON.stringify(facts)))).slice(0, 32)}"`
}
