// Resolves a reference against the playlist it stands in, and never lets it leave the stream's folder.
// Pure; signs nothing.

import { MAX_PATH_BYTES } from './limits.ts'

/** One text for every way out, so that a hostile author learns nothing from it. */
export const LEAVES_FOLDER = "reference leaves the stream's folder"

export type Resolved =
  /** Another scheme or host: it stays as it is and never sees a signature. */
  | { readonly kind: 'foreign' }
  /** `path` is decoded, below the folder; `query` (with `?`) and `fragment` (with `#`) are safe to print, or ''. */
  | { readonly kind: 'inside'; readonly path: string; readonly query: string; readonly fragment: string }
  | { readonly kind: 'refused'; readonly reason: string }

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/
/** One segment that says what it means: no escape, no separator, and not of dots alone. */
const PLAIN_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._~-]*$/
const UNSAFE_IN_URI = /[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/g

/**
 * Resolves a reference, free of white space around it, against the decoded path of the playlist (RFC 3986 §5.2).
 * Each segment is percent-decoded exactly once, after the split at `/`: what is encoded twice stays text of a name.
 * A dot segment counts only when it is written out; one that appears by decoding is refused.
 */
export function resolveReference(reference: string, playlistPath: string): Resolved {
  const scheme = SCHEME.exec(reference)?.[1]?.toLowerCase()
  if (scheme !== undefined) return resolveScheme(scheme, reference)
  if (reference.startsWith('//')) return { kind: 'foreign' }
  // Players that follow the URL standard drop tabs and line breaks and turn `\` into `/` before they resolve.
  if (hasControlOrBackslash(reference) || !reference.isWellFormed()) return refused()
  const { path, query, fragment } = splitReference(reference)
  if (path.startsWith('/')) return refused()
  const resolved = path === '' ? playlistPath : resolvePath(path, playlistPath)
  if (resolved === undefined || utf8Length(resolved) > MAX_PATH_BYTES) return refused()
  return { kind: 'inside', path: resolved, query: escapeUnsafe(query), fragment: escapeUnsafe(fragment) }
}

function refused(reason = LEAVES_FOLDER): Resolved {
  return { kind: 'refused', reason }
}

/** `https:x` is relative for a player whose base is https and absolute for another: nobody means it. */
function resolveScheme(scheme: string, reference: string): Resolved {
  const isWeb = scheme === 'http' || scheme === 'https'
  if (isWeb && !reference.startsWith('//', scheme.length + 1)) return refused('malformed URI')
  return { kind: 'foreign' }
}

function splitReference(reference: string): { path: string; query: string; fragment: string } {
  const hash = reference.indexOf('#')
  const beforeHash = hash === -1 ? reference : reference.slice(0, hash)
  const mark = beforeHash.indexOf('?')
  return {
    path: mark === -1 ? beforeHash : beforeHash.slice(0, mark),
    query: mark === -1 ? '' : beforeHash.slice(mark),
    fragment: hash === -1 ? '' : reference.slice(hash),
  }
}

/** The decoded path below the folder, or undefined if it climbs out, hides a separator or names no object. */
function resolvePath(path: string, playlistPath: string): string | undefined {
  // Nearly every line of a long playlist is a plain name.
  if (PLAIN_NAME.test(path)) return playlistPath.slice(0, playlistPath.lastIndexOf('/') + 1) + path
  const segments = playlistPath.split('/').slice(0, -1)
  for (const raw of path.split('/')) {
    if (raw === '.') continue
    if (raw === '..') {
      if (segments.pop() === undefined) return undefined
      continue
    }
    const segment = decodeSegment(raw)
    if (segment === undefined) return undefined
    segments.push(segment)
  }
  const namesFolder = path.endsWith('/') || /(^|\/)\.\.?$/.test(path)
  return namesFolder ? undefined : segments.join('/')
}

function decodeSegment(raw: string): string | undefined {
  if (!raw.includes('%')) return raw
  let segment: string
  try {
    segment = decodeURIComponent(raw)
  } catch {
    return undefined
  }
  const isDots = segment === '.' || segment === '..'
  return isDots || segment.includes('/') || hasControlOrBackslash(segment) ? undefined : segment
}

/** C0, DEL and C1 controls, and `\`. */
function hasControlOrBackslash(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || code === 0x5c || (code >= 0x7f && code <= 0x9f)) return true
  }
  return false
}

/** A quote would end the attribute and `{$` would be a variable to the player; what is encoded already stays so. */
function escapeUnsafe(text: string): string {
  return text === '' ? '' : text.replace(UNSAFE_IN_URI, encodeURIComponent)
}

function utf8Length(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    // Each half of a surrogate pair counts 2 of its 4 bytes.
    if (code >= 0x80) bytes += code >= 0x800 && (code < 0xd800 || code > 0xdfff) ? 2 : 1
  }
  return bytes
}
