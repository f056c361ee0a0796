// The table of every position where a tag holds a URI, and what becomes of it. Pure; what is not named here is opaque.

import { type Attribute, findAttribute } from './attributes.ts'
import type { Span } from './lines.ts'

export type Role =
  /** The bytes of a segment, a part, an init section, an image: presigned. */
  | 'media'
  /** A URI line outside EXT-X-STREAM-INF: a segment, or a stray playlist in a multivariant one. */
  | 'line'
  /** A playlist of the same presentation: our API, with the parent's variables. */
  | 'playlist'
  /** EXT-X-MEDIA: a playlist, but some packagers point subtitles straight at a WebVTT file. */
  | 'rendition'
  /** Read by a player, which may add query parameters, or held back by us (keys): our API. */
  | 'document'
  /** The same, where the specification wants an absolute URI (§D.2). */
  | 'asset'

/** A URI as it stands in the playlist. */
export interface UriReference {
  readonly line: number
  /** The span to replace, inside any quotes. */
  readonly start: number
  readonly end: number
  /** The reference without white space around it, its variables replaced. */
  readonly reference: string
  readonly role: Role
  /** An attribute that lacks its quotes and gets them when it is replaced. */
  readonly needsQuotes: boolean
  /** What is left out where the reference is bad: the line of a tag that players do without. Undefined: refuse all. */
  readonly dispensable: Span | undefined
  /** UTC day of the EXT-X-PROGRAM-DATE-TIME in the segment's own tag block, in days since 1970; set by the timeline. */
  tagDay: number | undefined
  /** A segment that is a whole file: seldom named twice, and then signed twice. Set by the timeline. */
  isWholeFile: boolean
}

type Read = (name: string) => string | undefined

interface SiteRule {
  readonly attribute: string
  readonly role: Role | ((read: Read) => Role | undefined)
  /** Whether the tag makes no sense without it. */
  readonly isRequired?: boolean | ((read: Read) => boolean)
}

/** A key is a file only in the identity format; the other formats are messages to a DRM system (§4.4.4.4). */
const KEY: SiteRule = {
  attribute: 'URI',
  role: (read) => (isEncrypted(read) && isIdentity(read) ? 'document' : undefined),
  isRequired: isEncrypted,
}

const RULES: ReadonlyMap<string, readonly SiteRule[]> = new Map([
  ['EXT-X-MAP', [{ attribute: 'URI', role: 'media', isRequired: true }]],
  ['EXT-X-KEY', [KEY]],
  ['EXT-X-SESSION-KEY', [KEY]],
  ['EXT-X-PART', [{ attribute: 'URI', role: 'media', isRequired: true }]],
  ['EXT-X-PRELOAD-HINT', [{ attribute: 'URI', role: 'media', isRequired: true }]],
  ['EXT-X-RENDITION-REPORT', [{ attribute: 'URI', role: 'playlist' }]],
  ['EXT-X-MEDIA', [{ attribute: 'URI', role: 'rendition' }]],
  ['EXT-X-I-FRAME-STREAM-INF', [{ attribute: 'URI', role: 'playlist', isRequired: true }]],
  // Not in the draft: thumbnails as a playlist of JPEG tiles (Image Media Playlist 0.4).
  ['EXT-X-IMAGE-STREAM-INF', [{ attribute: 'URI', role: 'playlist', isRequired: true }]],
  ['EXT-X-CONTENT-STEERING', [{ attribute: 'SERVER-URI', role: 'document', isRequired: true }]],
  ['EXT-X-SESSION-DATA', [{ attribute: 'URI', role: (read) => (read('FORMAT') === 'RAW' ? 'media' : 'document') }]],
  [
    'EXT-X-DATERANGE',
    [
      { attribute: 'X-ASSET-URI', role: 'asset' },
      { attribute: 'X-ASSET-LIST', role: 'asset' },
      // Must equal the target's URI or the preload is thrown away (Appendix F), so all three are written alike.
      { attribute: 'X-URI', role: (read) => (read('CLASS') === 'com.apple.hls.preload' ? 'asset' : undefined) },
    ],
  ],
] satisfies [string, SiteRule[]][])

/** What these name is offered beside the film, or is asked for early: it plays without them. */
const DISPENSABLE = new Set(['EXT-X-DATERANGE', 'EXT-X-PRELOAD-HINT', 'EXT-X-RENDITION-REPORT', 'EXT-X-SESSION-DATA'])

/** Whether a film plays without the tags of this name. */
export function isDispensable(tag: string): boolean {
  return DISPENSABLE.has(tag)
}

/** Whether a tag of this name can hold a URI in an attribute. */
export function hasUriReferences(tag: string): boolean {
  return RULES.has(tag)
}

export interface AttributeSite {
  readonly attribute: Attribute
  readonly role: Role
}

/**
 * Every attribute of the tag that holds a URI we answer for, in order; `read` gives another attribute's value.
 * Gives the missing attribute's name instead if the tag makes no sense without it. An empty URI counts as none.
 */
export function findUriReferences(
  tag: string,
  attributes: readonly Attribute[],
  read: Read,
): readonly AttributeSite[] | string {
  const rules = RULES.get(tag) ?? []
  for (const rule of rules) {
    const isRequired = typeof rule.isRequired === 'function' ? rule.isRequired(read) : rule.isRequired === true
    const attribute = findAttribute(attributes, rule.attribute)
    if (isRequired && (attribute === undefined || attribute.start === attribute.end)) return rule.attribute
  }
  const sites: AttributeSite[] = []
  for (const attribute of attributes) {
    const rule = rules.find((candidate) => candidate.attribute === attribute.name)
    if (rule === undefined || attribute.start === attribute.end) continue
    const role = typeof rule.role === 'function' ? rule.role(read) : rule.role
    if (role !== undefined) sites.push({ attribute, role })
  }
  return sites
}

function isEncrypted(read: Read): boolean {
  return read('METHOD') !== 'NONE'
}

function isIdentity(read: Read): boolean {
  const format = read('KEYFORMAT')
  return format === undefined || format === 'identity'
}
