// Reads a playlist once, line by line: where its URIs stand and what it is. Pure; resolves and rewrites nothing.

import { type Line, startLines } from './lines.ts'
import { malformed, type Malformed } from './malformed.ts'
import type { Site } from './sites.ts'
import { addSite, readTag, type Reading } from './tags.ts'
import { startTimeline } from './timeline.ts'
import { openScope } from './variables.ts'

export interface PlaylistFacts {
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
  readonly facts: PlaylistFacts
  readonly sites: readonly Site[]
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
    streamInfLine: 0,
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
  if (reading.streamInfLine !== 0) return malformed(reading.streamInfLine, 'EXT-X-STREAM-INF has no URI line')
  const { timeline, playlistType, mediaSequence, targetDurationSeconds } = reading
  const { seconds, unknownSegments } = timeline.length()
  return {
    ok: true,
    facts: {
      kind: reading.hasMediaTag ? 'media' : reading.hasMultivariantTag ? 'multivariant' : 'empty',
      isEnded: reading.hasEndList || playlistType === 'VOD',
      durationSeconds: seconds + unknownSegments * (targetDurationSeconds ?? 0),
      isDurationKnown: unknownSegments === 0,
      targetDurationSeconds,
      playlistType,
      mediaSequence,
      tagDays: timeline.tagDays,
    },
    sites: reading.sites,
    serverControls: reading.serverControls,
    variables: reading.variables.values,
    contentStart: reading.contentStart,
  }
}

function readUriLine(reading: Reading, line: Line): Malformed | undefined {
  const role = reading.streamInfLine === 0 ? 'line' : 'playlist'
  reading.streamInfLine = 0
  const site = addSite(reading, line, line, role, false)
  if (!('reference' in site)) return site
  reading.timeline.addSegment(site)
  return undefined
}
