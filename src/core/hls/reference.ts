// Resolves a reference against the playlist it stands in, and never lets it leave the stream's folder.
// Pure; signs nothing.

import { utf8Length } from '../bytes.ts'
import { ambiguityOf } from '../storage/ambiguous-path.ts'
import { decodeComponent, encodePath } from '../uri-encoding.ts'
import { MAX_PATH_BYTES } from './limits.ts'

/** One text for every way out, so that a hostile author learns nothing from it. */
export const LEAVES_FOLDER = "reference leaves the stream's folder"
export const NAMES_FOLDER = 'reference names a folder'
export const TOO_LONG = 'reference is too long'
export const HOLDS_CONTROL = 'reference holds a control character'
export const NOT_UNICODE = 'reference is not well-formed Unicode'
export const NOT_UTF8 = 'reference holds escapes that are not UTF-8'

export interface Inside {
  readonly kind: 'inside'
  /** Below the stream's folder, as a URL holds it, in the one spelling that our encoding gives it. */
  readonly encodedPath: string
  /** With its `?`, safe to print, or ''. */
  readonly query: string
  /** With its `#`, safe to print, or ''. */
  readonly fragment: string
}

interface Refused {
  readonly kind: 'refused'
  readonly reason: string
}

export type Resolved =
  /** Another scheme or host: it stays as it is and never sees a signature. */
  { readonly kind: 'foreign' } | Inside | Refused

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/
/** Segments that say what they mean: no escape, none empty, and none that begins with a dot. */
const PLAIN_PATH = /^[A-Za-z0-9_-][A-Za-z0-9._~-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._~-]*)*$/
const TAIL = '%[89AB][0-9A-F]'
/** Escapes that our own encoding would write: of no unreserved character, no separator, no control and no `%`. */
const CANONICAL_ESCAPE = [
  '%(?:2[0-46-9A-C]|3[A-F]|40|5[BDE]|60|7[BCD])',
  // Beyond ASCII, UTF-8 as RFC 3629 §4 has it, without the controls below U+00A0.
  '%C2%[AB][0-9A-F]',
  `%(?:C[3-9A-F]|D[0-9A-F])${TAIL}`,
  `%E0%[AB][0-9A-F]${TAIL}`,
  `%E[1-9A-CEF]${TAIL}${TAIL}`,
  `%ED%[89][0-9A-F]${TAIL}`,
  `%F0%[9AB][0-9A-F]${TAIL}${TAIL}`,
  `%F[1-3]${TAIL}${TAIL}${TAIL}`,
  `%F4%8[0-9A-F]${TAIL}${TAIL}`,
].join('|')
/** The same with such escapes. */
const ENCODED_PATH = new RegExp(`^(?![./])(?:[A-Za-z0-9._~-]|${CANONICAL_ESCAPE}|/(?=[^/.]))+$`)
/** Of a path as long as it may be, every byte escaped. */
const MAX_ENCODED_CHARS = 3 * MAX_PATH_BYTES
/** C0, DEL and C1 controls. */
const CONTROL = /\p{Cc}/u
const LONE_PERCENT = /%(?![0-9A-Fa-f]{2})/g
const UNSAFE_IN_URI = /[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/g

/**
 * Resolves a reference, free of white space around it, against the decoded path of the playlist (RFC 3986 §5.2).
 * Each segment is percent-decoded exactly once, after the split at `/`. A dot segment counts only when it is written
 * out; one that appears by decoding, once or again, is refused, as it is in object keys.
 */
export function resolveReference(reference: string, playlistPath: string): Resolved {
  return resolverFrom(playlistPath)(reference)
}

/** The same for many references of one playlist. */
export function resolverFrom(playlistPath: string): (reference: string) => Resolved {
  const folder = playlistPath.slice(0, playlistPath.lastIndexOf('/') + 1)
  const encodedFolder = encodePath(folder)
  const maxPlainChars = MAX_PATH_BYTES - utf8Length(folder)
  return (reference) => {
    // Nearly every line of a long playlist, and each already in the spelling it would be given.
    const isEncoded = reference.length <= maxPlainChars && (PLAIN_PATH.test(reference) || ENCODED_PATH.test(reference))
    if (!isEncoded) return resolveAny(reference, playlistPath)
    return { kind: 'inside', encodedPath: encodedFolder + reference, query: '', fragment: '' }
  }
}

function resolveAny(reference: string, playlistPath: string): Resolved {
  const scheme = SCHEME.exec(reference)?.[1]?.toLowerCase()
  if (scheme !== undefined) return resolveScheme(scheme, reference)
  if (reference.startsWith('//')) return { kind: 'foreign' }
  // Players that follow the URL standard drop tabs and line breaks and turn `\` into `/` before they resolve.
  if (CONTROL.test(reference)) return refused(HOLDS_CONTROL)
  if (reference.includes('\\')) return refused(LEAVES_FOLDER)
  if (!reference.isWellFormed()) return refused(NOT_UNICODE)
  const { path, query, fragment } = splitReference(reference)
  if (path.startsWith('/')) return refused(LEAVES_FOLDER)
  const resolved = path === '' ? playlistPath : resolvePath(path, playlistPath)
  if (typeof resolved !== 'string') return resolved
  if (utf8Length(resolved) > MAX_PATH_BYTES) return refused(TOO_LONG)
  return {
    kind: 'inside',
    encodedPath: encodePath(resolved),
    query: escapeUnsafe(query),
    fragment: escapeUnsafe(fragment),
  }
}

function refused(reason: string): Refused {
  return { kind: 'refused', reason }
}

/** `https:x` is relative for a player whose base is https and absolute for another: it is never meant. */
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

/** The decoded path below the folder; refused if it climbs out, hides a slash or names no object. */
function resolvePath(path: string, playlistPath: string): string | Refused {
  const segments = playlistPath.split('/').slice(0, -1)
  for (const raw of path.split('/')) {
    if (raw === '.') continue
    if (raw === '..') {
      if (segments.pop() === undefined) return refused(LEAVES_FOLDER)
      continue
    }
    const segment = decodeSegment(raw)
    if (typeof segment !== 'string') return segment
    segments.push(segment)
  }
  const namesFolder = path.endsWith('/') || /(^|\/)\.\.?$/.test(path)
  return namesFolder ? refused(NAMES_FOLDER) : segments.join('/')
}

/** Decoded once; refused where another reader could take it for more than a name. */
function decodeSegment(raw: string): string | Refused {
  // What is longer names no object, and is not worth the time.
  if (raw.length > MAX_ENCODED_CHARS) return refused(TOO_LONG)
  // A `%` that begins no escape is itself (URL Standard, "percent-decode").
  const segment = raw.includes('%') ? decodeComponent(raw.replace(LONE_PERCENT, '%25')) : raw
  if (segment === undefined) return refused(NOT_UTF8)
  const ambiguity = ambiguityOf(segment)
  if (ambiguity === 'control_character') return refused(HOLDS_CONTROL)
  return ambiguity !== undefined || segment.includes('/') ? refused(LEAVES_FOLDER) : segment
}

/** A quote would end the attribute and `{$` would be a variable to the player; what is encoded already stays so. */
function escapeUnsafe(text: string): string {
  return text === '' ? '' : text.replace(UNSAFE_IN_URI, encodeURIComponent)
}
