// From sites to the rewritten text: resolve each, sign all leaves in one call, splice. Pure: signs nothing itself,
// and never lets a reference out of the stream's folder.

import { encodePath } from '../uri-encoding.ts'
import { MAX_OUTPUT_CHARS, MAX_SITES, TOO_MANY_SITES } from './limits.ts'
import { malformed, type Malformed } from './malformed.ts'
import { resolveReference } from './reference.ts'
import type { Role, Site } from './sites.ts'
import { type Edit, splice, splicedLength } from './splice.ts'

/** An object to presign. */
export interface Leaf {
  /** Decoded, below the stream's folder. */
  readonly path: string
  /** When the segment was recorded: a date that stays the same for as long as it is listed. */
  readonly programDateTimeMs?: number
}

/** Where a text stands and where its references lead. */
export interface Place {
  /** Decoded path of the text below the stream's folder: `video/720p.m3u8`. */
  readonly path: string
  /** The folder's mirror on our API, path-absolute, with a slash at its end. */
  readonly apiBase: string
  /** Scheme and authority of our API, for the places that want an absolute URI. */
  readonly origin: string
}

export interface Assembly {
  readonly place: Place
  /** What a URI line outside EXT-X-STREAM-INF is here. */
  readonly lineRole: 'media' | 'playlist'
  /** Query, without `?`, for the addresses of child playlists; '' for none. */
  readonly childQuery: string
  /** Edits that have nothing to do with URIs. */
  readonly edits: readonly Edit[]
  readonly sign: (leaves: readonly Leaf[]) => readonly string[]
}

/** A span that gets the URL of the leaf at this index, or one that is known already. */
interface Target {
  readonly site: Site
  readonly leaf: number | undefined
  /** The whole URL, or what follows the leaf's: its fragment. */
  readonly url: string
}

/** The text with every site rewritten; TypeError if `sign` gives another number of URLs than it got leaves. */
export function assemble(
  text: string,
  sites: readonly Site[],
  assembly: Assembly,
): { readonly ok: true; readonly text: string } | Malformed {
  const firstTooMany = sites[MAX_SITES]
  if (firstTooMany !== undefined) return malformed(firstTooMany.line, TOO_MANY_SITES)
  const indexes = new Map<string, number>()
  const leaves: Leaf[] = []
  const targets: Target[] = []
  for (const site of sites) {
    const resolved = resolveReference(site.reference, assembly.place.path)
    if (resolved.kind === 'foreign') continue
    if (resolved.kind === 'refused') return malformed(site.line, resolved.reason)
    const { path, query, fragment } = resolved
    const role = settleRole(site.role, assembly.lineRole, path)
    if (role === 'media') {
      let leaf = indexes.get(path)
      if (leaf === undefined) {
        leaf = leaves.push(toLeaf(path, site)) - 1
        indexes.set(path, leaf)
      }
      targets.push({ site, leaf, url: fragment })
    } else {
      const base = (role === 'asset' ? assembly.place.origin : '') + assembly.place.apiBase
      const fullQuery = role === 'playlist' ? joinQuery(query, assembly.childQuery) : query
      targets.push({ site, leaf: undefined, url: base + encodePath(path) + fullQuery + fragment })
    }
  }
  const urls = leaves.length === 0 ? [] : assembly.sign(leaves)
  if (urls.length !== leaves.length) throw new TypeError('sign must give one URL for each leaf')
  const edits = [...assembly.edits, ...targets.map((target) => toEdit(target, urls))]
  edits.sort((first, second) => first.start - second.start)
  if (splicedLength(text, edits) > MAX_OUTPUT_CHARS) return malformed(1, 'rewritten text is too large')
  return { ok: true, text: splice(text, edits) }
}

function settleRole(
  role: Role,
  lineRole: Assembly['lineRole'],
  path: string,
): Exclude<Role, 'line' | 'rendition'> {
  if (role === 'line') return lineRole
  // A rendition is a playlist by its tag; a plain WebVTT file named there is not one our API would serve.
  if (role === 'rendition') return /\.(?:web)?vtt$/i.test(path) ? 'media' : 'playlist'
  return role
}

function toLeaf(path: string, site: Site): Leaf {
  return site.dateTimeMs === undefined ? { path } : { path, programDateTimeMs: site.dateTimeMs }
}

function toEdit({ site, leaf, url }: Target, urls: readonly string[]): Edit {
  const text = leaf === undefined ? url : `${urls[leaf] ?? ''}${url}`
  return { start: site.start, end: site.end, text: site.needsQuotes ? `"${text}"` : text }
}

function joinQuery(query: string, added: string): string {
  if (added === '') return query
  return query === '' || query === '?' ? `?${added}` : `${query}&${added}`
}
