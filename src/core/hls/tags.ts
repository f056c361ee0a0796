// What each tag of a playlist tells the reader: a kind, a date, a variable, a URI. Pure; which attributes hold a
// URI is said in sites.ts.

import { type Attribute, findAttribute, readAttributes } from './attributes.ts'
import { parseDateTime } from './date-time.ts'
import { readDecimal } from './decimal.ts'
import { findCode, type Line, type Span, trimSpan } from './lines.ts'
import { MAX_SITES, TOO_MANY_SITES } from './limits.ts'
import { malformed, type Malformed } from './malformed.ts'
import { findUriReferences, hasUriReferences, isDispensable, type Role, type UriReference } from './sites.ts'
import type { Timeline } from './timeline.ts'
import type { Variables } from './variables.ts'

/** A playlist half read. */
export interface Reading {
  readonly text: string
  /** Whether `{$` occurs at all. */
  readonly hasReferences: boolean
  readonly variables: Variables
  readonly timeline: Timeline
  readonly sites: UriReference[]
  readonly serverControls: Line[]
  /** Lines that are not handed on. */
  readonly leftOut: Span[]
  /** EXT-X-MEDIA of closed captions, which some packagers write into media playlists, where players expect none. */
  readonly captions: Line[]
  /** An EXT-X-STREAM-INF that still waits for its URI. */
  streamInf: Line | undefined
  hasVariant: boolean
  hasMediaTag: boolean
  hasMultivariantTag: boolean
  hasEndList: boolean
  playlistType: 'EVENT' | 'VOD' | undefined
  mediaSequence: number
  isPlaylist: boolean
  targetDurationSeconds: number | undefined
  contentStart: number
}

const COLON = 0x3a
const MEDIA_TAGS = new Set(['EXTINF', 'EXT-X-TARGETDURATION'])
const MULTIVARIANT_TAGS = new Set([
  'EXT-X-STREAM-INF',
  'EXT-X-MEDIA',
  'EXT-X-I-FRAME-STREAM-INF',
  'EXT-X-IMAGE-STREAM-INF',
])
const BARE_MAP = 'EXT-X-MAP has no URI'
const EMPTY_URI = 'empty URI'
const PART_TAGS = new Set(['EXT-X-PART', 'EXT-X-PRELOAD-HINT'])

/** Takes one line that begins with `#`; gives the reason if the playlist is malformed there. */
export function readTag(reading: Reading, line: Line): Malformed | undefined {
  const { text, timeline } = reading
  if (!text.startsWith('#EXT', line.start)) return undefined
  reading.isPlaylist = true
  // Half the lines of a film: told apart without cutting the name out.
  if (text.startsWith('#EXTINF:', line.start)) return readDuration(reading, line)
  const nameEnd = findCode(text, COLON, line.start, line.end)
  const tag = text.slice(line.start + 1, nameEnd)
  const valueStart = Math.min(nameEnd + 1, line.end)
  const failure = noteKind(reading, tag, line)
  if (failure !== undefined) return failure
  if (tag === 'EXT-X-BYTERANGE') timeline.markByteRange()
  else if (tag === 'EXT-X-PROGRAM-DATE-TIME')
    timeline.setDateTime(parseDateTime(text.slice(valueStart, line.end).trim()))
  else if (tag === 'EXT-X-ENDLIST') reading.hasEndList = true
  else if (tag === 'EXT-X-PLAYLIST-TYPE') readPlaylistType(reading, text.slice(valueStart, line.end).trim())
  else if (tag === 'EXT-X-MEDIA-SEQUENCE') readMediaSequence(reading, text.slice(valueStart, line.end))
  else if (tag === 'EXT-X-TARGETDURATION') readTargetDuration(reading, text.slice(valueStart, line.end))
  else if (tag === 'EXT-X-SERVER-CONTROL') reading.serverControls.push(line)
  else if (tag === 'EXT-X-PREFETCH') return readPrefetch(reading, line, valueStart)
  else if (tag === 'EXT-X-DEFINE') return readDefine(reading, line, valueStart)
  else if (hasUriReferences(tag)) return readSites(reading, line, tag, valueStart)
  return undefined
}

function readDuration(reading: Reading, line: Line): Malformed | undefined {
  reading.hasMediaTag = true
  reading.timeline.setDuration(readDecimal(reading.text, line.start + '#EXTINF:'.length, line.end))
  return checkKind(reading, line)
}

/** Classifies by tags, never by file extension. */
function noteKind(reading: Reading, tag: string, line: Line): Malformed | undefined {
  reading.hasMediaTag ||= MEDIA_TAGS.has(tag)
  if (tag === 'EXT-X-MEDIA' && isOfCaptions(reading, line)) reading.captions.push(line)
  else reading.hasMultivariantTag ||= MULTIVARIANT_TAGS.has(tag)
  const failure = checkKind(reading, line)
  if (failure !== undefined || tag !== 'EXT-X-STREAM-INF') return failure
  if (reading.streamInf !== undefined) return withoutUri(reading.streamInf)
  reading.streamInf = line
  return undefined
}

function isOfCaptions(reading: Reading, line: Line): boolean {
  const attributes = readAttributes(reading.text, line.start + '#EXT-X-MEDIA:'.length, line.end)
  return attributes !== undefined && readValue(reading, attributes, 'TYPE') === 'CLOSED-CAPTIONS'
}

export function withoutUri(streamInf: Line): Malformed {
  return malformed(streamInf.number, 'EXT-X-STREAM-INF has no URI line')
}

function checkKind(reading: Reading, line: Line): Malformed | undefined {
  const isMixed = reading.hasMediaTag && reading.hasMultivariantTag
  return isMixed ? malformed(line.number, 'media and multivariant tags are mixed') : undefined
}

function readTargetDuration(reading: Reading, value: string): void {
  const seconds = Number.parseFloat(value)
  if (seconds > 0 && Number.isFinite(seconds)) reading.targetDurationSeconds ??= seconds
}

/** Of two that contradict each other the one that promises more counts. */
function readPlaylistType(reading: Reading, value: string): void {
  if (value === 'VOD') reading.playlistType = 'VOD'
  else if (value === 'EVENT') reading.playlistType ??= 'EVENT'
}

function readMediaSequence(reading: Reading, value: string): void {
  const number = Number.parseInt(value, 10)
  if (number > 0) reading.mediaSequence = number
}

/** Not in the draft: Twitch names the segments to come. */
function readPrefetch(reading: Reading, line: Line, valueStart: number): Malformed | undefined {
  const span = trimSpan(reading.text, valueStart, line.end)
  if (span.start === span.end) return undefined
  const site = addSite(reading, line, span, 'media')
  if (!('reference' in site)) return site
  reading.timeline.addPart(site)
  return undefined
}

function readDefine(reading: Reading, line: Line, valueStart: number): Malformed | undefined {
  const attributes = readAttributes(reading.text, valueStart, line.end)
  if (attributes === undefined) return unterminated(line, 'EXT-X-DEFINE')
  const reason = reading.variables.define(reading.text, attributes)
  return reason === undefined ? undefined : malformed(line.number, reason)
}

/** A tag that a film plays without is left out where it is malformed, and so is a map that names nothing. */
function readSites(reading: Reading, line: Line, tag: string, valueStart: number): Malformed | undefined {
  const { sites, leftOut } = reading
  const before = sites.length
  const failure = addSites(reading, line, tag, valueStart)
  if (failure === undefined || failure.reason === TOO_MANY_SITES) return failure
  const isBareMap = tag === 'EXT-X-MAP' && [BARE_MAP, EMPTY_URI].includes(failure.reason)
  if (!isBareMap && !isDispensable(tag)) return failure
  sites.length = before
  leftOut.push(wholeLine(reading, line))
  return undefined
}

/** With its line end; not what stands before the first line, which is removed anyway. */
export function wholeLine({ contentStart }: Reading, { from, next }: Line): Span {
  return { start: Math.max(from, contentStart), end: next }
}

function addSites(reading: Reading, line: Line, tag: string, valueStart: number): Malformed | undefined {
  const { text, timeline } = reading
  const attributes = readAttributes(text, valueStart, line.end)
  if (attributes === undefined) return unterminated(line, tag)
  const found = findUriReferences(tag, attributes, (name) => readValue(reading, attributes, name))
  if (typeof found === 'string') return malformed(line.number, `${tag} has no ${found}`)
  const dispensable = isDispensable(tag) ? wholeLine(reading, line) : undefined
  for (const { attribute, role } of found) {
    const span = trimSpan(text, attribute.start, attribute.end)
    const site = addSite(reading, line, span, role, !attribute.isQuoted, dispensable)
    if (!('reference' in site)) return site
    if (PART_TAGS.has(tag) && readValue(reading, attributes, 'TYPE') !== 'MAP') timeline.addPart(site)
  }
  return undefined
}

/** The value that decides over a site; a reference to an undefined variable decides nothing. */
function readValue(reading: Reading, attributes: readonly Attribute[], name: string): string | undefined {
  const { text, variables } = reading
  const attribute = findAttribute(attributes, name)
  if (attribute === undefined) return undefined
  const value = text.slice(attribute.start, attribute.end)
  const expanded = variables.expand(value)
  return expanded.ok ? expanded.text : value
}

/** Notes the URI in this span, its variables replaced. */
export function addSite(
  reading: Reading,
  line: Line,
  span: Span,
  role: Role,
  needsQuotes = false,
  dispensable?: Span,
): UriReference | Malformed {
  if (reading.sites.length === MAX_SITES) return malformed(line.number, TOO_MANY_SITES)
  let reference = reading.text.slice(span.start, span.end)
  if (reading.hasReferences) {
    const expanded = reading.variables.expand(reference)
    if (!expanded.ok) return malformed(line.number, expanded.reason)
    const { start, end } = trimSpan(expanded.text, 0, expanded.text.length)
    reference = expanded.text.slice(start, end)
  }
  if (reference === '') return malformed(line.number, EMPTY_URI)
  const site: UriReference = {
    line: line.number,
    start: span.start,
    end: span.end,
    reference,
    role,
    needsQuotes,
    dispensable,
    tagDay: undefined,
    isWholeFile: false,
  }
  reading.sites.push(site)
  return site
}

function unterminated(line: Line, tag: string): Malformed {
  return malformed(line.number, `${tag} has an unterminated quote`)
}
