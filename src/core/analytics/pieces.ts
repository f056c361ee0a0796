// Which piece of a film each segment of a media playlist is. Pure; it reads what is stored, and what it cannot read it
// leaves out.
import { readLines } from '../hls/lines.ts'
import { resolverFrom } from '../hls/reference.ts'
import type { Piece } from './delivery-measure.ts'

/** A piece and where its bytes are. */
export interface PlacedPiece extends Piece {
  /** Below the stream's folder, decoded. */
  readonly path: string
  /** Within the file, of EXT-X-BYTERANGE; undefined: the whole file. */
  readonly bytes: { readonly from: number; readonly length: number } | undefined
}

const MAX_PIECES = 20_000

/** Of a media playlist (RFC 8216bis §4.4) at `track`, a decoded path; nothing of a multivariant one. */
export function readPieces(text: string, track: string, isMain: boolean): readonly PlacedPiece[] {
  const pathOf = pathsFrom(track)
  const found: { path: string; seconds: number; bytes: PlacedPiece['bytes'] }[] = []
  let seconds: number | undefined
  let target = 0
  let sequence = 0
  let isEnded = false
  let length: number | undefined
  let offset: number | undefined
  let end = { path: '', at: 0 }
  for (const { start, end: stop } of readLines(text)) {
    const line = text.slice(start, stop)
    if (line === '') continue
    if (line.startsWith('#EXT-X-STREAM-INF')) return []
    if (!line.startsWith('#')) {
      const path = pathOf(line)
      if (path !== undefined && seconds !== undefined) {
        const from = offset ?? (end.path === path ? end.at : 0)
        found.push({ path, seconds, bytes: length === undefined ? undefined : { from, length } })
        if (length !== undefined) end = { path, at: from + length }
      }
      seconds = undefined
      length = undefined
      offset = undefined
      if (found.length >= MAX_PIECES) break
    } else if (line.startsWith('#EXTINF:')) {
      seconds = positive(line.slice(8))
    } else if (line.startsWith('#EXT-X-BYTERANGE:')) {
      const [, bytes, from] = /^(\d{1,15})(?:@(\d{1,15}))?/.exec(line.slice(17)) ?? []
      length = bytes === undefined ? undefined : Number(bytes)
      offset = from === undefined ? undefined : Number(from)
    } else if (line.startsWith('#EXT-X-TARGETDURATION:')) {
      target = positive(line.slice(22)) ?? 0
    } else if (line.startsWith('#EXT-X-MEDIA-SEQUENCE:')) {
      sequence = positive(line.slice(22)) ?? 0
    } else if (line.startsWith('#EXT-X-ENDLIST')) {
      isEnded = true
    }
  }
  const isWhole = isEnded && sequence === 0
  const filmMs = isWhole ? Math.round(found.reduce((sum, piece) => sum + piece.seconds, 0) * 1000) : 0
  // Of a list that moves on, only the number of a segment stays what it was.
  let startSeconds = sequence * target
  return found.map(({ path, seconds: own, bytes }, at) => {
    const startMs = Math.round(startSeconds * 1000)
    startSeconds += own
    const lengthMs = Math.round(startSeconds * 1000) - startMs
    const index = sequence + at
    return { path, bytes, track, index, startMs: isWhole ? startMs : index * target * 1000, lengthMs, filmMs, isMain }
  })
}

/** The paths of the playlists that a multivariant one has as variants, decoded. `prefix`: what its references begin with. */
export function readVariants(text: string, prefix: string): ReadonlySet<string> {
  const pathOf = pathsFrom('')
  const paths = new Set<string>()
  let isNext = false
  for (const { start, end } of readLines(text)) {
    const line = text.slice(start, end)
    if (line.startsWith('#EXT-X-STREAM-INF:')) isNext = true
    else if (isNext && line !== '' && !line.startsWith('#')) {
      isNext = false
      const path = pathOf(line.startsWith(prefix) ? line.slice(prefix.length) : line)
      if (path !== undefined) paths.add(path)
    }
  }
  return paths
}

function pathsFrom(base: string): (reference: string) => string | undefined {
  const resolve = resolverFrom(base)
  return (reference) => {
    const resolved = resolve(reference)
    return resolved.kind === 'inside' ? decodeURIComponent(resolved.encodedPath) : undefined
  }
}

function positive(text: string): number | undefined {
  const value = Number.parseFloat(text)
  return value > 0 && value < 1e7 ? value : undefined
}
