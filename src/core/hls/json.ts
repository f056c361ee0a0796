// Rewrites the JSON documents beside a film that name objects: asset lists, steering manifests, chapters, storyboards. Pure.
// Strings are spliced where they stand; the document is never serialised again.

import { parseJson } from '../json.ts'
import { assemble, type UnsignedPlaylist, type Place } from './assemble.ts'
import { findStrings, type JsonString } from './json-strings.ts'
import { trimSpan } from './lines.ts'
import { malformed, type Malformed } from './malformed.ts'
import type { Role, UriReference } from './sites.ts'

export type DocumentKind = 'asset-list' | 'steering' | 'chapters' | 'storyboard'

export type JsonRewrite =
  | { readonly ok: true; readonly draft: UnsignedPlaylist; readonly kind: DocumentKind }
  | Malformed

interface StringPlace {
  /** Names from the root to the string; `[]` is any element of an array, `*` any member of an object. */
  readonly path: readonly string[]
  readonly role: Role
}

/** Appendix D.2 and §7.2 of RFC 8216bis; Apple's "Providing JavaScript Object Notation (JSON) chapters". */
const PLACES: { readonly [kind in DocumentKind]: readonly StringPlace[] } = {
  'asset-list': [{ path: ['ASSETS', '[]', 'URI'], role: 'asset' }],
  steering: [
    { path: ['RELOAD-URI'], role: 'document' },
    { path: ['PATHWAY-CLONES', '[]', 'URI-REPLACEMENT', 'PER-VARIANT-URIS', '*'], role: 'asset' },
    { path: ['PATHWAY-CLONES', '[]', 'URI-REPLACEMENT', 'PER-RENDITION-URIS', '*'], role: 'asset' },
  ],
  chapters: [{ path: ['[]', 'images', '[]', 'url'], role: 'media' }],
  // Of no specification: an image a moment, or images of many tiles, as players read them for their seek bar.
  storyboard: [
    { path: ['[]', 'url'], role: 'media' },
    { path: ['url'], role: 'media' },
  ],
}

/** Which document this is, by its shape; undefined for anything else, JSON or not. */
export function classifyJson(text: string): DocumentKind | undefined {
  if (!/^[\uFEFF \t\r\n]*[[{]/.test(text)) return undefined
  const value = parseJson(text.replace(/^\uFEFF/, ''))
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined
    return value.every(isChapter) ? 'chapters' : value.every(isImage) ? 'storyboard' : undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  if ('ASSETS' in value && Array.isArray(value.ASSETS)) return 'asset-list'
  if ('PATHWAY-PRIORITY' in value && Array.isArray(value['PATHWAY-PRIORITY'])) return 'steering'
  return isImage(value) && 'tiles' in value ? 'storyboard' : undefined
}

/** The document with each URI rewritten; never throws, whatever the text. */
export function rewriteJson(text: string, place: Place): JsonRewrite {
  const kind = classifyJson(text)
  if (kind === undefined) return malformed(1, 'not a document that names objects')
  const sites: UriReference[] = []
  for (const string of findStrings(text)) sites.push(...toUriReference(text, string, PLACES[kind]))
  const assembled = assemble(text, sites, { place, lineRole: 'media', childQuery: '', edits: [] })
  return assembled.ok ? { ...assembled, kind } : assembled
}

function toUriReference(text: string, string: JsonString, places: readonly StringPlace[]): readonly UriReference[] {
  const place = places.find(({ path }) => matches(path, string.path))
  const value = place && parseJson(text.slice(string.start - 1, string.end + 1))
  if (place === undefined || typeof value !== 'string') return []
  const { line, start, end } = string
  const content = trimSpan(value, 0, value.length)
  const reference = value.slice(content.start, content.end)
  if (reference === '') return []
  const site: UriReference = {
    line,
    start,
    end,
    reference,
    role: place.role,
    needsQuotes: false,
    dispensable: undefined,
    tagDay: undefined,
    isWholeFile: false,
  }
  return [site]
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.length !== path.length) return false
  return pattern.every((step, index) => step === path[index] || (step === '*' && path[index] !== '[]'))
}

function isChapter(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('start-time' in value || 'chapter' in value)
}

/** Of a storyboard: the image of a moment, or one of many tiles. */
function isImage(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || !('url' in value) || typeof value.url !== 'string') return false
  return 'startTime' in value || ('tiles' in value && Array.isArray(value.tiles))
}
