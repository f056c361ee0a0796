// A multivariant playlist without the variants above a picture height, and what of the stream that closes to a viewing.
// Pure. It reads an entry playlist whose references all begin with one prefix, as a viewing's do.
import { decodeComponent } from '../uri-encoding.ts'
import { findAttribute, readAttributes } from './attributes.ts'
import { readLines } from './lines.ts'

export interface LimitedEntry {
  readonly text: string
  /** Whether a path below the stream's folder, decoded, belongs to qualities above the limit only. */
  readonly isAbove: (path: string) => boolean
}

const STREAM_INF = '#EXT-X-STREAM-INF:'
/** Tags that name a playlist themselves, with a picture of their own: tricks and previews. */
const NAMED_VARIANTS = ['#EXT-X-I-FRAME-STREAM-INF:', '#EXT-X-IMAGE-STREAM-INF:']
const RENDITION = '#EXT-X-MEDIA:'

/**
 * Leaves out every variant whose RESOLUTION is higher than `maxLines` (RFC 8216bis §4.4.6.2). One without a RESOLUTION
 * stays: sound has none. Their playlists are closed, and every folder that no other variant or rendition uses.
 */
export function limitLines(text: string, prefix: string, maxLines: number): LimitedEntry {
  const kept: string[] = []
  const open = new Set<string>()
  const closed = new Set<string>()
  let isAbove = false
  let isWaiting = false
  for (const { start, end } of readLines(text)) {
    const line = text.slice(start, end)
    if (line.startsWith(STREAM_INF)) {
      isAbove = linesOf(line) > maxLines
      isWaiting = true
      if (isAbove) continue
    } else if (NAMED_VARIANTS.some((tag) => line.startsWith(tag))) {
      const isHigher = linesOf(line) > maxLines
      note(isHigher ? closed : open, attribute(line, 'URI'), prefix)
      if (isHigher) continue
    } else if (line.startsWith(RENDITION)) {
      note(open, attribute(line, 'URI'), prefix)
    } else if (isWaiting && line !== '' && !line.startsWith('#')) {
      isWaiting = false
      note(isAbove ? closed : open, line, prefix)
      if (isAbove) continue
    }
    kept.push(line)
  }
  for (const path of open) closed.delete(path)
  const closedFolders = foldersOf(closed).filter((folder) => !foldersOf(open).some((used) => isBelow(used, folder)))
  return {
    text: `${kept.join('\n').replace(/\n*$/, '')}\n`,
    isAbove: (path) => closed.has(path) || closedFolders.some((folder) => path.startsWith(folder)),
  }
}

/** Of RESOLUTION; 0 without one. */
function linesOf(line: string): number {
  return Number(/^\d+x(\d+)$/.exec(attribute(line, 'RESOLUTION') ?? '')?.[1] ?? 0)
}

function attribute(line: string, name: string): string | undefined {
  const found = findAttribute(readAttributes(line, line.indexOf(':') + 1, line.length) ?? [], name)
  return found && line.slice(found.start, found.end)
}

/** Another host's playlist is not below the prefix, and nothing of ours. */
function note(paths: Set<string>, reference: string | undefined, prefix: string): void {
  if (reference?.startsWith(prefix) !== true) return
  const path = decodeComponent(reference.slice(prefix.length).replace(/[?#].*$/, ''))
  if (path !== undefined) paths.add(path)
}

/** With their closing slashes; the stream's own folder is in none. */
function foldersOf(paths: ReadonlySet<string>): readonly string[] {
  return [...paths].map((path) => path.slice(0, path.lastIndexOf('/') + 1)).filter((folder) => folder !== '')
}

function isBelow(folder: string, other: string): boolean {
  return folder.startsWith(other)
}
