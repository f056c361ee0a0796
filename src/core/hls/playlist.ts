// Reads a playlist once, line by line, and says where its URIs stand and what it is. Pure; resolves and rewrites nothing.

import { type Attribute, findAttribute, readAttributes } from './attributes.ts'
import { parseDateTime } from './date-time.ts'
import { type Line, readLines, trimSpan } from './lines.ts'
import { findSites, hasSites, type Role, type Site } from './sites.ts'
import { startTimeline, type Timeline } from './timeline.ts'
import { openScope, type Variables } from './variables.ts'

export interface PlaylistFacts {
  /** `empty`: neither kind of tag; what it lists counts as segments. */
  readonly kind: 'media' | 'multivariant' | 'empty'
  /** EXT-X-ENDLIST or PLAYLIST-TYPE=VOD: players never load it again (RFC 8216bis §6.3.4). */
  readonly isEnded: boolean
  /** Sum of EXTINF. */
  readonly durationSeconds: number
  readonly targetDurationSeconds: number | undefined
}

export interface Malformed {
  readonly ok: false
  /** Counted from 1. */
  readonly line: number
  readonly reason: string
}

export interface Playlist {
  readonly ok: true
  readonly facts: PlaylistFacts
  readonly sites: readonly Site[]
  /** The lines of EXT-X-SERVER-CONTROL. */
  readonly serverControls: readonly Line[]
  /** Variables by name, as this playlist defines them. */
  readonly variables: ReadonlyMap<string, string>
  /** First character of the first line that is not blank: what stands before it (a byte order mark too) stops players. */
  readonly contentStart: number
}

interface Reading {
  readonly text: string
  readonly variables: Variables
  readonly timeline: Timeline
  readonly sites: Site[]
  readonly serverControls: Line[]
  /** Numbers of the lines that decide, 0 for none: the first media tag, the first multivariant tag, an open STREAM-INF. */
  mediaLine: number
  multivariantLine: number
  streamInfLine: number
  isEnded: boolean
  isPlaylist: boolean
  targetDurationSeconds: number | undefined
  contentStart: number
}

const MEDIA_TAGS = new Set(['EXTINF', 'EXT-X-TARGETDURATION'])
const MULTIVARIANT_TAGS = new Set([
  'EXT-X-STREAM-INF',
  'EXT-X-MEDIA',
  'EXT-X-I-FRAME-STREAM-INF',
  'EXT-X-IMAGE-STREAM-INF',
])
const PART_TAGS = new Set(['EXT-X-PART', 'EXT-X-PRELOAD-HINT'])

/** Reads a playlist (RFC 8216bis §4); `query` is that of its request, decoded. Never throws, whatever the text. */
export function readPlaylist(text: string, query: ReadonlyMap<string, string>): Playlist | Malformed {
  const reading = startReading(text, query)
  const hasLineFeeds = text.includes('\n')
  let isAfterLoneCr = false
  for (const line of readLines(text)) {
    const isBlank = line.start === line.end
    if (!isBlank) {
      // Players disagree on a lone CR. Inside a file of LF lines it could hide our URL in another host's query.
      if (isAfterLoneCr && hasLineFeeds) return malformed(line.number, 'carriage return inside a line')
      if (reading.contentStart === -1) reading.contentStart = line.start
      const failure = text[line.start] === '#' ? readTag(reading, line) : readUriLine(reading, line)
      if (failure !== undefined) return failure
    }
    isAfterLoneCr = line.ending === 'cr' && (isAfterLoneCr || !isBlank)
  }
  return finish(reading)
}

function startReading(text: string, query: ReadonlyMap<string, string>): Reading {
  return {
    text,
    variables: openScope(query),
    timeline: startTimeline(),
    sites: [],
    serverControls: [],
    mediaLine: 0,
    multivariantLine: 0,
    streamInfLine: 0,
    isEnded: false,
    isPlaylist: false,
    targetDurationSeconds: undefined,
    contentStart: -1,
  }
}

function finish(reading: Reading): Playlist | Malformed {
  if (!reading.isPlaylist) return malformed(1, 'not a playlist')
  if (reading.streamInfLine !== 0) return malformed(reading.streamInfLine, 'EXT-X-STREAM-INF has no URI line')
  reading.timeline.close()
  return {
    ok: true,
    facts: {
      kind: reading.mediaLine !== 0 ? 'media' : reading.multivariantLine !== 0 ? 'multivariant' : 'empty',
      isEnded: reading.isEnded,
      durationSeconds: reading.timeline.totalSeconds(),
      targetDurationSeconds: reading.targetDurationSeconds,
    },
    sites: reading.sites,
    serverControls: reading.serverControls,
    variables: reading.variables.values,
    contentStart: reading.contentStart,
  }
}

function readUriLine(reading: Reading, line: Line): Malformed | undefined {
  const isVariant = reading.streamInfLine !== 0
  reading.streamInfLine = 0
  const site = addSite(reading, line, line, isVariant ? 'playlist' : 'line', false)
  if (!('reference' in site)) return site
  if (!isVariant) reading.timeline.addSegment(site)
  return undefined
}

function readTag(reading: Reading, line: Line): Malformed | undefined {
  const { text, timeline } = reading
  if (!text.startsWith('#EXT', line.start)) return undefined
  reading.isPlaylist = true
  const colon = text.indexOf(':', line.start)
  const nameEnd = colon === -1 || colon > line.end ? line.end : colon
  const tag = text.slice(line.start + 1, nameEnd)
  const valueStart = Math.min(nameEnd + 1, line.end)
  const failure = noteKind(reading, tag, line)
  if (failure !== undefined) return failure
  if (tag === 'EXTINF') timeline.setDuration(Number.parseFloat(text.slice(valueStart, line.end)))
  else if (tag === 'EXT-X-BYTERANGE') timeline.markByteRange()
  else if (tag === 'EXT-X-DISCONTINUITY') timeline.breakOff()
  else if (tag === 'EXT-X-PROGRAM-DATE-TIME') timeline.setDateTime(parseDateTime(text.slice(valueStart, line.end)))
  else if (tag === 'EXT-X-ENDLIST') reading.isEnded = true
  else if (tag === 'EXT-X-PLAYLIST-TYPE') reading.isEnded ||= text.slice(valueStart, line.end).trim() === 'VOD'
  else if (tag === 'EXT-X-TARGETDURATION') readTargetDuration(reading, text.slice(valueStart, line.end))
  else if (tag === 'EXT-X-SERVER-CONTROL') reading.serverControls.push(line)
  else if (tag === 'EXT-X-PREFETCH') return readPrefetch(reading, line, valueStart)
  else if (tag === 'EXT-X-DEFINE') return readDefine(reading, line, valueStart)
  else if (hasSites(tag)) return readSites(reading, line, tag, valueStart)
  return undefined
}

/** Classifies by tags, never by file extension. */
function noteKind(reading: Reading, tag: string, line: Line): Malformed | undefined {
  if (MEDIA_TAGS.has(tag)) reading.mediaLine ||= line.number
  if (MULTIVARIANT_TAGS.has(tag)) reading.multivariantLine ||= line.number
  if (reading.mediaLine !== 0 && reading.multivariantLine !== 0) {
    return malformed(line.number, 'media and multivariant tags are mixed')
  }
  if (tag !== 'EXT-X-STREAM-INF') return undefined
  if (reading.streamInfLine !== 0) return malformed(reading.streamInfLine, 'EXT-X-STREAM-INF has no URI line')
  reading.streamInfLine = line.number
  return undefined
}

function readTargetDuration(reading: Reading, value: string): void {
  const seconds = Number.parseFloat(value)
  if (seconds > 0 && Number.isFinite(seconds)) reading.targetDurationSeconds ??= seconds
}

/** Not in the draft: Twitch names the segments to come. */
function readPrefetch(reading: Reading, line: Line, valueStart: number): Malformed | undefined {
  const span = trimSpan(reading.text, valueStart, line.end)
  if (span.start === span.end) return undefined
  const site = addSite(reading, line, span, 'media', false)
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

function readSites(reading: Reading, line: Line, tag: string, valueStart: number): Malformed | undefined {
  const { text, variables, timeline } = reading
  const attributes = readAttributes(text, valueStart, line.end)
  if (attributes === undefined) return unterminated(line, tag)
  const found = findSites(tag, attributes, (name) => readValue(text, variables, attributes, name))
  if (typeof found === 'string') return malformed(line.number, `${tag} has no ${found}`)
  for (const { attribute, role } of found) {
    const span = trimSpan(text, attribute.start, attribute.end)
    const site = addSite(reading, line, span, role, !attribute.isQuoted)
    if (!('reference' in site)) return site
    if (PART_TAGS.has(tag) && readValue(text, variables, attributes, 'TYPE') !== 'MAP') timeline.addPart(site)
  }
  return undefined
}

/** The value that decides over a site; a reference to an undefined variable decides nothing. */
function readValue(
  text: string,
  variables: Variables,
  attributes: readonly Attribute[],
  name: string,
): string | undefined {
  const attribute = findAttribute(attributes, name)
  if (attribute === undefined) return undefined
  const value = text.slice(attribute.start, attribute.end)
  const expanded = variables.expand(value)
  return expanded.ok ? expanded.text : value
}

function addSite(
  reading: Reading,
  line: Line,
  span: { readonly start: number; readonly end: number },
  role: Role,
  needsQuotes: boolean,
): Site | Malformed {
  const expanded = reading.variables.expand(reading.text.slice(span.start, span.end))
  if (!expanded.ok) return malformed(line.number, expanded.reason)
  const { start, end } = trimSpan(expanded.text, 0, expanded.text.length)
  const reference = expanded.text.slice(start, end)
  if (reference === '') return malformed(line.number, 'empty URI')
  const site: Site = {
    line: line.number,
    start: span.start,
    end: span.end,
    reference,
    role,
    needsQuotes,
    dateTimeMs: undefined,
  }
  reading.sites.push(site)
  return site
}

function unterminated(line: Line, tag: string): Malformed {
  return malformed(line.number, `${tag} has an unterminated quote`)
}

function malformed(line: number, reason: string): Malformed {
  return { ok: false, line, reason }
}
