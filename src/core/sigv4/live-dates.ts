// Which UTC day a live list's URLs are dated by, so that a listed segment keeps its URL (RFC 8216bis §6.3.4). Pure:
// the time is given, never read. The rule and its limits: docs/decisions/010-live-dates.md.

import { MAX_EXPIRY_SECONDS, neededSeconds, type SigningPolicy, type SigningTime } from './signing-window.ts'

const DAY_SECONDS = 86_400
/** The day of its tag and the one after: so long one URL of a live list is handed out. */
const DAYS_HANDED_OUT = 2
/** Packagers begin a stream at 0 or 1: a greater number says that segments have gone. */
const MAX_FIRST_SEQUENCE = 1

/** What a media playlist and its object say of when it was recorded. */
export interface Recording {
  /** EXT-X-ENDLIST or PLAYLIST-TYPE=VOD. */
  readonly isEnded: boolean
  readonly playlistType: 'EVENT' | 'VOD' | undefined
  /** EXT-X-MEDIA-SEQUENCE; 0 where the list has none. */
  readonly mediaSequence: number
  /** The UTC day of each EXT-X-PROGRAM-DATE-TIME, in days since 1970. */
  readonly tagDays: ReadonlySet<number>
  /** When the list was last written, epoch milliseconds. */
  readonly storedAtMs: number
}

/** The UTC day of a moment, in days since 1970. */
export function utcDay(ms: number): number {
  return Math.floor(ms / (DAY_SECONDS * 1000))
}

/**
 * The day that a segment's URL is dated by: that of its own tag if it is today or yesterday, else today. A tag of
 * tomorrow comes from an encoder whose clock is ahead: no store takes a URL that is dated in the future.
 */
export function liveDay(tagDay: number | undefined, today: number): number {
  return tagDay === today - 1 ? tagDay : today
}

/** The time of the URLs of one day: its first second, and valid for 12 hours at least when they were last handed out. */
export function liveSigningTime(policy: SigningPolicy, day: number): SigningTime {
  const handedOutSeconds = DAYS_HANDED_OUT * DAY_SECONDS
  return {
    signedAtSeconds: day * DAY_SECONDS,
    expiresSeconds: Math.min(handedOutSeconds + neededSeconds(policy, undefined), MAX_EXPIRY_SECONDS),
  }
}

/**
 * Whether a list's URLs are dated by days: while it may grow, and after its end until the day after its newest tag is
 * over, so that its end changes no URL. Without tags an EVENT list, or one whose first segments have gone, is dated so
 * on the day it was last written; anything else that has ended is a film.
 */
export function isDatedByDays(
  policy: SigningPolicy,
  list: Recording,
  playingSeconds: number | undefined,
  nowMs: number,
): boolean {
  if (!list.isEnded) return true
  const today = utcDay(nowMs)
  // The encoder's clock may be ahead.
  if (list.tagDays.has(today) || list.tagDays.has(today + 1)) return true
  const mayHaveGrown = list.playlistType === 'EVENT' || list.mediaSequence > MAX_FIRST_SEQUENCE
  if (list.playlistType !== 'VOD' && mayHaveGrown && utcDay(list.storedAtMs) >= today) return true
  // On its second day a URL has 12 hours left, which a long film would outlast.
  const isShort = neededSeconds(policy, playingSeconds) <= neededSeconds(policy, undefined)
  return list.tagDays.has(today - 1) && isShort
}
