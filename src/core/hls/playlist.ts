// Reads a playlist once, line by line: where its URIs stand and what it is. Pure; resolves and rewrites nothing.

import { type Line, type Span, startLines } from './lines.ts'
import { malformed, type Malformed } from './malformed.ts'
import type { UriReference } from './sites.ts'
import { addSite, readTag, type Reading, wholeLine, withoutUri } from './tags.ts'
import { startTimeline } from './timeline.ts'
import { openScope } from './variables.ts'

export interface PlaylistInfo {
  /** `empty`: neither kind of tag; what it lists counts as segments. */
  readonly kind: 'media' | 'multivariant' | 'empty'
  /** EXT-X-ENDLIST or PLAYLIST-TYPE=VOD: players never load it again (RFC 8216bis §6.3.4). */
  readonly isEnded: boolean
  /** Sum of EXTINF; a segment without one counts as long as the target duration. */
  readonly durationSeconds: number
  /** False where the EXTINF of a segment is missing, zero, negative or no number: the sum is a guess. */
  readonly isDurationKnown: boolean
  readonly targetDurationSeconds: number | undefined
  readonly playlistType: 'EVENT' | 'VOD' | undefined
  /** 0 where the list has none. */
  readonly mediaSequence: number
  /** The UTC day of each EXT-X-PROGRAM-DATE-TIME, in days since 1970. */
  readonly tagDays: ReadonlySet<number>
}

export interface Playlist {
  readonly ok: true
  readonly info: PlaylistInfo
  readonly sites: readonly UriReference[]
  /** What is not handed on: a player would stop there, or fetch what is not there. */
  readonly leftOut: readonly Span[]
  /** The lines of EXT-X-SERVER-CONTROL. */
  readonly serverControls: readonly Line[]
  /** Variables by name, as this playlist defines them. */
  readonly variables: ReadonlyMap<string, string>
  /** First character that is neither blank nor a byte order mark: what stands before it stops players. */
  readonly contentStart: number
}

const NUMBER_SIGN = 0x23

/** Reads a playlist (RFC 8216bis §4); `query` is that of its request, decoded. Never throws on any text. */
export function readPlaylist(text: string, query: ReadonlyMap<string, string>): Playlist | Malformed {
  const reading = startReading(text, query)
  const hasLineFeeds = text.includes('\n')
  let isAfterLoneCr = false
  const nextLine = startLines(text)
  for (let line = nextLine(); line !== undefined; line = nextLine()) {
    const isBlank = line.start === line.end
    if (!isBlank) {
      // Players disagree on a lone CR. Inside a file of LF lines it could hide our URL in another host's query.
      if (isAfterLoneCr && hasLineFeeds) return malformed(line.number, 'carriage return inside a line')
      if (reading.contentStart === -1) reading.contentStart = line.start
      const failure = text.charCodeAt(line.start) === NUMBER_SIGN ? readTag(reading, line) : readUriLine(reading, line)
      if (failure !== undefined) return failure
    }
    isAfterLoneCr = line.ending === 'cr' && (isAfterLoneCr || !isBlank)
  }
  return finish(reading)
}

function startReading(text: string, query: ReadonlyMap<string, string>): Reading {
  return {
    text,
    hasReferences: text.includes('{$'),
    variables: openScope(query),
    timeline: startTimeline(),
    sites: [],
    serverControls: [],
    leftOut: [],
    captions: [],
    streamInf: undefined,
    hasVariant: false,
    hasMediaTag: false,
    hasMultivariantTag: false,
    hasEndList: false,
    playlistType: undefined,
    mediaSequence: 0,
    isPlaylist: false,
    targetDurationSeconds: undefined,
    contentStart: -1,
  }
}

function finish(reading: Reading): Playlist | Malformed {
  if (!reading.isPlaylist) return malformed(1, 'not a playlist')
  const { captions, streamInf } = reading
  if (streamInf !== undefined) {
    // The last of several; a playlist without a variant cannot be played, and its owner learns why.
    if (!reading.hasVariant) return withoutUri(streamInf)
    reading.leftOut.push(wholeLine(reading, streamInf))
  }
  if (reading.hasMediaTag) reading.leftOut.push(...captions.map((line) => wholeLine(reading, line)))
  const { timeline, playlistType, mediaSequence, targetDurationSeconds } = reading
  const { seconds, unknownSegments } = timeline.length()
  return {
    ok: true,
    info: {
      kind: kindOf(reading),
      isEnded: reading.hasEndList || playlistType === 'VOD',
      durationSeconds: seconds + unknownSegments * (targetDurationSeconds ?? 0),
      isDurationKnown: unknownSegments === 0,
      targetDurationSeconds,
      playlistType,
      mediaSequence,
      tagDays: timeline.tagDays,
    },
    sites: reading.hasMediaTag ? withoutLines(reading.sites, captions) : reading.sites,
    serverControls: reading.serverControls,
    leftOut: reading.leftOut,
    variables: reading.variables.values,
    contentStart: reading.contentStart,
  }
}

function kindOf({ hasMediaTag, hasMultivariantTag, captions }: Reading): PlaylistInfo['kind'] {
  if (hasMediaTag) return 'media'
  return hasMultivariantTag || captions.length > 0 ? 'multivariant' : 'empty'
}

function withoutLines(sites: readonly UriReference[], lines: readonly Line[]): readonly UriReference[] {
  if (lines.length === 0) return sites
  const numbers = new Set(lines.map(({ number }) => number))
  return sites.filter(({ line }) => !numbers.has(line))
}

function readUriLine(reading: Reading, line: Line): Malformed | undefined {
  const isVariant = reading.streamInf !== undefined
  reading.streamInf = undefined
  reading.hasVariant ||= isVariant
  const site = addSite(reading, line, line, isVariant ? 'playlist' : 'line')
  if (!('reference' in site)) return site
  reading.timeline.addSegment(site)
  return undefined
}
