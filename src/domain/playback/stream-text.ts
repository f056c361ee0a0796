// What an object of a stream's folder becomes for players, by its content: a playlist, a storyboard, a document.
import { MAX_JSON_DEPTH, scanJson } from '../../core/json.ts'
import { utf8 } from '../../core/bytes.ts'
import { Fault } from '../../core/fault.ts'
import type { UnsignedPlaylist } from '../../core/hls/assemble.ts'
import { rewriteJson } from '../../core/hls/json.ts'
import type { Malformed } from '../../core/hls/malformed.ts'
import type { PlaylistInfo } from '../../core/hls/playlist.ts'
import { rewritePlaylist, type RewriteInput } from '../../core/hls/rewrite.ts'
import { sniff } from '../../core/hls/sniff.ts'
import { rewriteStoryboard } from '../../core/hls/storyboard.ts'
import { UNKNOWN_PLAYING_SECONDS } from '../../core/sigv4/signing-window.ts'
import type { Delivery, PlaylistLinks } from '../delivery/delivery.ts'

export interface StreamText {
  /** UTF-8; may be made as it is read. */
  readonly chunks: Iterable<Uint8Array<ArrayBuffer>>
  readonly contentType: string
  /** Undefined for what is not a playlist. */
  readonly info: PlaylistInfo | undefined
}

export interface StreamPlace extends RewriteInput {
  /** The stream's folder in the bucket, with its closing slash. */
  readonly folder: string
  /** When the object was last written, epoch milliseconds. */
  readonly storedAtMs: number
}

/** The rewritten text by what the object is; undefined when it names no objects. */
export function rewriteText(
  deps: { readonly delivery: Delivery },
  text: string,
  place: StreamPlace,
): StreamText | undefined {
  // Images and chapters come without info: they are shown for as long as an unknown film.
  const print = (draft: UnsignedPlaylist, info?: PlaylistInfo): Iterable<Uint8Array<ArrayBuffer>> =>
    deps.delivery.print(draft, playlistLinks(place, info))

  // What is named a playlist is read as one, so that its owner learns what is wrong with it.
  switch (isNamedPlaylist(place.path) ? 'playlist' : sniff(text)) {
    case 'playlist': {
      const { draft, info } = accepted(rewritePlaylist(text, place), 'Playlist')
      return { chunks: print(draft, info), contentType: 'application/vnd.apple.mpegurl', info }
    }
    case 'storyboard': {
      const { draft } = accepted(rewriteStoryboard(text, place), 'WebVTT')
      return { chunks: print(draft), contentType: 'text/vtt; charset=utf-8', info: undefined }
    }
    case 'json': {
      const { draft, kind } = accepted(rewriteJson(text, place), 'JSON')
      // RFC 8216bis §7.2.
      const contentType = kind === 'steering' ? 'application/vnd.apple.steering-list' : 'application/json'
      return { chunks: print(draft), contentType, info: undefined }
    }
    default:
      if (isChapters(place.path, text)) {
        return { chunks: [utf8(text)], contentType: 'text/vtt; charset=utf-8', info: undefined }
      }
      // EXT-X-SESSION-DATA sends players here for any JSON, and what it holds is only known now.
      return isJson(place.path, text)
        ? { chunks: [utf8(text)], contentType: 'application/json', info: undefined }
        : undefined
  }
}

export function isNamedPlaylist(path: string): boolean {
  return /\.m3u8?$/i.test(path)
}

/** Chapters beside the playlists (WebVTT §1.6), which name no other object. */
function isChapters(path: string, text: string): boolean {
  return /(?:^|\/)chapters\.vtt$/i.test(path) && /^\uFEFF?WEBVTT(?:[ \t\r\n]|$)/.test(text)
}

function accepted<Accepted extends { readonly ok: true }>(result: Accepted | Malformed, what: string): Accepted {
  if (result.ok) return result
  throw new Fault('validation_error', `${what} line ${result.line}: ${result.reason}`)
}

function isJson(path: string, text: string): boolean {
  return /\.json$/i.test(path) && scanJson(text, MAX_JSON_DEPTH).ok
}

/** A film's length says how long its URLs live; those of a list that grows, or has just ended, are dated by days. */
function playlistLinks({ folder, origin, storedAtMs }: StreamPlace, info: PlaylistInfo | undefined): PlaylistLinks {
  if (info?.kind !== 'media') return { folder, origin, playingSeconds: undefined }
  const { durationSeconds, isDurationKnown } = info
  const playingSeconds = isDurationKnown ? durationSeconds : Math.max(durationSeconds, UNKNOWN_PLAYING_SECONDS)
  return { folder, origin, playingSeconds, recording: { ...info, storedAtMs } }
}
