// Which piece of which film an object is, as far as this isolate knows it from the playlists it served. Bounded; it asks
// nobody.
import { createBoundedMap } from '../../core/bounded-map.ts'
import type { Piece } from '../../core/analytics/delivery-measure.ts'
import { readPieces, readVariants, type PlacedPiece } from '../../core/analytics/pieces.ts'

/** Bytes of an object that were asked for. */
export interface AskedBytes {
  readonly offset: number
  readonly length: number
  readonly sizeBytes: number
}

export interface KnownPieces {
  /** Whether this very text of the playlist was learned. */
  knows(folder: string, path: string, etag: string): boolean
  /** Undefined until the film's entry was learned. */
  hasEntry(folder: string): boolean
  /** `prefix`: what the references of the multivariant playlist begin with. */
  learnEntry(folder: string, text: string, prefix: string): void
  learn(folder: string, path: string, etag: string, text: string): void
  /** What those bytes are of the film; undefined where no playlist named the object. */
  find(folder: string, path: string, asked: AskedBytes): Piece | undefined
}

interface Learned {
  readonly etag: string
  readonly paths: readonly string[]
  readonly size: number
}

const MAX_FILMS = 1000
/** At some 150 bytes each. */
const MAX_PIECES = 60_000

export function knownPieces(): KnownPieces {
  const variants = createBoundedMap<string, ReadonlySet<string>>(MAX_FILMS)
  const playlists = new Map<string, Learned>()
  const pieces = new Map<string, PlacedPiece[]>()
  let count = 0

  function drop(name: string): void {
    const learned = playlists.get(name)
    if (learned === undefined) return
    playlists.delete(name)
    count -= learned.size
    for (const path of learned.paths) pieces.delete(path)
  }

  return {
    knows: (folder, path, etag) => playlists.get(folder + path)?.etag === etag,
    hasEntry: (folder) => variants.get(folder) !== undefined,
    learnEntry(folder, text, prefix) {
      variants.set(folder, readVariants(text, prefix))
    },
    learn(folder, path, etag, text) {
      const name = folder + path
      drop(name)
      const main = variants.get(folder)
      // An entry that lists segments itself has no variants.
      const found = readPieces(text, path, main === undefined || main.size === 0 || main.has(path))
      const paths = new Set<string>()
      for (const piece of found) {
        const key = folder + piece.path
        const others = paths.has(key) ? pieces.get(key) : undefined
        if (others === undefined) pieces.set(key, [piece])
        else others.push(piece)
        paths.add(key)
      }
      playlists.set(name, { etag, paths: [...paths], size: found.length })
      count += found.length
      for (const oldest of playlists.keys()) {
        if (count <= MAX_PIECES || oldest === name) break
        drop(oldest)
      }
    },
    find(folder, path, { offset, length, sizeBytes }) {
      const found = pieces.get(folder + path)
      const first = found?.[0]
      if (found === undefined || first === undefined || length === 0) return undefined
      if (first.bytes === undefined) return partOf(first, offset, length, sizeBytes)
      const touched = found.filter(
        ({ bytes }) => bytes !== undefined && bytes.from < offset + length && bytes.from + bytes.length > offset,
      )
      const [from, to] = [touched[0], touched.at(-1)]
      // What lies before the first segment of a file is its header.
      if (from?.bytes === undefined || to?.bytes === undefined) return { ...first, lengthMs: 0, isMain: false }
      const begin = partOf(from, offset - from.bytes.from, length, from.bytes.length)
      const end = partOf(to, 0, offset + length - to.bytes.from, to.bytes.length)
      const endMs = end.startMs + end.lengthMs
      return { ...to, startMs: begin.startMs, lengthMs: Math.max(0, endMs - begin.startMs) }
    },
  }
}

/** A share of a piece, by its bytes. */
function partOf(piece: PlacedPiece, offset: number, length: number, sizeBytes: number): Piece {
  const share = (bytes: number): number => (sizeBytes > 0 ? Math.min(Math.max(bytes / sizeBytes, 0), 1) : 0)
  const [from, to] = [share(offset), share(offset + length)]
  return {
    ...piece,
    startMs: Math.round(piece.startMs + piece.lengthMs * from),
    lengthMs: Math.round(piece.lengthMs * (to - from)),
  }
}
