// From sites to a draft of the rewritten text: resolve each, list the leaves, say what goes where. Pure: signs
// nothing, and never lets a reference out of the stream's folder.

import type { Edit } from '../sigv4/signed-text.ts'
import { isMediaExtension } from '../storage/media-type.ts'
import { MAX_OUTPUT_CHARS, MAX_SITES, TOO_MANY_SITES } from './limits.ts'
import { malformed, type Malformed } from './malformed.ts'
import { type Resolved, resolverFrom } from './reference.ts'
import type { Role, UriReference } from './sites.ts'

/** An object to presign. */
export interface SignedReference {
  /** Below the stream's folder, percent-encoded, as it stands in a URL. */
  readonly name: string
  /** The UTC day its own tag block names, in days since 1970. */
  readonly tagDay?: number
}

/** The rewritten text but for the URLs of its leaves. */
export interface UnsignedPlaylist {
  readonly text: string
  /** In order of position; they do not overlap. */
  readonly edits: readonly Edit[]
  /** In order of appearance; a path comes again only where a segment that is a whole file is listed again. */
  readonly leaves: readonly SignedReference[]
}

/** Where a text stands and where its references lead. */
export interface Place {
  /** Decoded path of the text below the stream's folder: `video/720p.m3u8`. */
  readonly path: string
  /** The folder's mirror on our API, path-absolute, with a slash at its end. */
  readonly apiBase: string
  /** Scheme and authority of our API, for the places that want an absolute URI. */
  readonly origin: string
  /** What becomes of references into the folder; `presigned` when absent. */
  readonly links?: Links
}

/**
 * - `presigned`: media is presigned, all else goes to `apiBase`.
 * - `kept`: all stays as it is written; players resolve it against the text's own address.
 * - `kept_and_presigned`: media is presigned, all else stays.
 * - `based`: all goes to `apiBase`, media too.
 *
 * In each of them a reference that leaves the folder refuses the text.
 */
export type Links = 'presigned' | 'kept' | 'kept_and_presigned' | 'based'

/** A file that refers to others: players get it through our API. */
const READ_BY_API: ReadonlySet<string> = new Set(['m3u8', 'm3u', 'json', 'key'])

export interface Assembly {
  readonly place: Place
  /** What a URI line outside EXT-X-STREAM-INF is here. */
  readonly lineRole: 'media' | 'playlist'
  /** Query, without `?`, for the addresses of child playlists; '' for none. */
  readonly childQuery: string
  /** Edits that have nothing to do with URIs. */
  readonly edits: readonly Edit[]
}

/** The text with an edit for every site that leads into the stream's folder. */
export function assemble(
  text: string,
  sites: readonly UriReference[],
  assembly: Assembly,
): { readonly ok: true; readonly draft: UnsignedPlaylist } | Malformed {
  const firstTooMany = sites[MAX_SITES]
  if (firstTooMany !== undefined) return malformed(firstTooMany.line, TOO_MANY_SITES)
  const resolve = resolverFrom(assembly.place.path)
  const indexes = new Map<string, number>()
  const leaves: SignedReference[] = []
  const edits: Edit[] = [...assembly.edits]
  const { links = 'presigned' } = assembly.place
  let judgedLine = 0
  let isLeftOut = false
  let index = -1
  for (const site of sites) {
    index += 1
    if (site.dispensable !== undefined) {
      // A line is judged as a whole, and once: it may hold a hundred thousand sites.
      if (site.line !== judgedLine) {
        judgedLine = site.line
        isLeftOut = isRefusedOnLine(sites, index, resolve)
        if (isLeftOut) edits.push({ ...site.dispensable, text: '' })
      }
      if (isLeftOut) continue
    }
    const resolved = resolve(site.reference)
    if (resolved.kind === 'foreign') continue
    if (resolved.kind === 'refused') return malformed(site.line, resolved.reason)
    const { encodedPath, query, fragment } = resolved
    const role = settleRole(site.role, assembly.lineRole, encodedPath)
    const isPresigned = role === 'media' && (links === 'presigned' || links === 'kept_and_presigned')
    if (!isPresigned && links !== 'presigned' && links !== 'based') continue
    if (isPresigned) {
      // Nearly every site of a film: remembering its path would cost as much as all else that is done here.
      const leaf = site.isWholeFile
        ? leaves.push(toSignedReference(encodedPath, site)) - 1
        : sharedReference(indexes, leaves, encodedPath, site)
      addEdit(edits, site, leaf, fragment)
    } else {
      const base = (role === 'asset' ? assembly.place.origin : '') + assembly.place.apiBase
      const fullQuery = role === 'playlist' && links === 'presigned' ? joinQuery(query, assembly.childQuery) : query
      addEdit(edits, site, undefined, base + encodedPath + fullQuery + fragment)
    }
  }
  // Sites come in order; only what is repaired besides them has to find its place.
  if (assembly.edits.length > 0) edits.sort((first, second) => first.start - second.start)
  if (lengthWithoutLeaves(text, edits) > MAX_OUTPUT_CHARS) return malformed(1, 'rewritten text is too large')
  return { ok: true, draft: { text, edits, leaves } }
}

/** Whether the tag at this site, all of whose sites follow one another, holds a bad reference. */
function isRefusedOnLine(
  sites: readonly UriReference[],
  first: number,
  resolve: (reference: string) => Resolved,
): boolean {
  const line = sites[first]?.line
  for (let index = first; sites[index]?.line === line; index += 1) {
    if (resolve(sites[index]?.reference ?? '').kind === 'refused') return true
  }
  return false
}

function settleRole(
  role: Role,
  lineRole: Assembly['lineRole'],
  encodedPath: string,
): Exclude<Role, 'line' | 'rendition'> {
  if (role === 'line') return lineRole
  // A rendition is a playlist by its tag; the plain subtitles or sound that some name there our API would not serve.
  if (role === 'rendition') return isMediaFile(encodedPath) ? 'media' : 'playlist'
  return role
}

function isMediaFile(encodedPath: string): boolean {
  const [, extension = ''] = /\.([^./]+)$/.exec(encodedPath.toLowerCase()) ?? []
  return isMediaExtension(extension) && !READ_BY_API.has(extension)
}

/** One leaf for all sites of a path and day: a part's URL does not hang on which other part is listed first. */
function sharedReference(
  indexes: Map<string, number>,
  leaves: SignedReference[],
  encodedPath: string,
  site: UriReference,
): number {
  const key = site.tagDay === undefined ? encodedPath : `${encodedPath} ${site.tagDay}`
  const known = indexes.get(key)
  if (known !== undefined) return known
  const leaf = leaves.push(toSignedReference(encodedPath, site)) - 1
  indexes.set(key, leaf)
  return leaf
}

function toSignedReference(name: string, { tagDay }: UriReference): SignedReference {
  return tagDay === undefined ? { name } : { name, tagDay }
}

/** `text` is the whole URL, or what follows the leaf's: its fragment. */
function addEdit(edits: Edit[], site: UriReference, leaf: number | undefined, text: string): void {
  const { start, end } = site
  if (site.needsQuotes) edits.push({ start, end: start, leaf: undefined, text: '"' })
  edits.push({ start, end, leaf, text: site.needsQuotes ? `${text}"` : text })
}

function lengthWithoutLeaves(text: string, edits: readonly Edit[]): number {
  let length = text.length
  for (const edit of edits) length += edit.text.length - (edit.end - edit.start)
  return length
}

function joinQuery(query: string, added: string): string {
  if (added === '') return query
  return query === '' || query === '?' ? `?${added}` : `${query}&${added}`
}
