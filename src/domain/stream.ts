// A stream's own files: playlists, keys, and the JSON and WebVTT that name objects, rewritten for this moment.
import { hex, utf8 } from '../core/bytes.ts'
import { Fault } from '../core/fault.ts'
import type { PlaylistFacts } from '../core/hls/playlist.ts'
import { resolveReference } from '../core/hls/reference.ts'
import type { Leaf } from '../core/hls/assemble.ts'
import { rewritePlaylist, type RewriteInput } from '../core/hls/rewrite.ts'
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

/** A playlist that players still read at a glance: about 90,000 short segments. */
const MAX_PLAYLIST_BYTES = 2 * 1024 * 1024
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
  const object = await deps.media.read(folder + path, MAX_PLAYLIST_BYTES)
  if (object === undefined) throw streamNotFound()

  const place = {
    path,
    apiBase: `/api/playback/stream/${video.jobId}/`,
    origin: input.origin,
    query: input.query,
    signAll: (leaves: readonly Leaf[], facts: PlaylistFacts): readonly string[] =>
      deps.delivery.linkAll(
        leaves.map((leaf) => ({ ...leaf, key: folder + leaf.path })),
        playlistLinks(input.origin, facts),
      ),
  }
  if (object.content === undefined) throw tooLarge(path)
  const text = object.content.text()
  if (!isPlaylist(text)) return keyFile(object.content)
  return {
    body: rewrite(text, place),
    contentType: 'application/vnd.apple.mpegurl',
    etag: weakEtag(deps, object, place),
    isSecret: false,
  }
}

/** The path below the stream's folder, decoded once. What would leave the folder is simply not there: no I/O. */
function folderPath(rawPath: string): string {
  const resolved = resolveReference(rawPath, ENTRY_PLAYLIST)
  if (resolved.kind !== 'inside') throw streamNotFound()
  return resolved.path
}

function isPlaylist(text: string): boolean {
  return text.includes('#EXT')
}

/** Only what calls itself a playlist is told apart: no other large object is served here at all. */
function tooLarge(path: string): Fault {
  return /\.m3u8?$/i.test(path) ? new Fault('validation_error', 'Playlist is too large') : streamNotFound()
}

/** A film's length dates its URLs; a playlist that still grows is live. */
function playlistLinks(origin: string, facts: PlaylistFacts): PlaylistLinks {
  const isLive = facts.kind === 'media' && !facts.isEnded
  return { origin, isLive, playingSeconds: isLive || facts.kind !== 'media' ? undefined : facts.durationSeconds }
}

function rewrite(text: string, place: RewriteInput): string {
  const result = rewritePlaylist(text, place)
  if (!result.ok) throw new Fault('validation_error', `Playlist line ${result.line}: ${result.reason}`)
  return result.text
}

/** Key files are small; anything else that names no objects is fetched with a presigned URL, not here. */
function keyFile(content: StoredContent): StreamFile {
  if (content.bytes.byteLength > MAX_KEY_BYTES) throw streamNotFound()
  return { body: content.bytes, contentType: 'application/octet-stream', etag: undefined, isSecret: true }
}

/** Of everything that changes the text: the object, the signing window, who asks under which origin, this version. */
function weakEtag(deps: PlaybackDeps, object: StoredObject, place: RewriteInput): string {
  const facts = [
    object.version,
    deps.delivery.epoch(place.origin),
    deps.config.version,
    place.origin,
    place.path,
    ...[...place.query].flat(),
  ]
  return `W/"${hex(sha256(utf8(JSON.stringify(facts)))).slice(0, 32)}"`
}
