// What a viewing and a call cost, measured or counted, each with its place of proof; and what nobody can measure from
// here, named as an assumption. The only file of the model with such numbers in it.

/** Held against the real database by test/platform/plays-cost.test.ts. D1 bills each index that a row touches. */
export const PLAY_ROWS_WRITTEN = { first: 8, later: 1, removed: 1 } as const
/** An index in which a viewing moves once in ten minutes (`platform/d1/live-plays`). */
export const PLAY_SLOT = { seconds: 600, rowsWritten: 2 } as const
/** Of each group of viewings in an hour: `play_hours` and `play_heat`, with their keys. At worst a viewing is a group. */
export const HOUR_ROWS_WRITTEN = 4

/** Milliseconds of one request: docs/performance.md, by the clock, so never less than what is billed as processor time. */
export const REQUEST_MS = {
  hotPlaylist: 0.16,
  coldPlaylist: 8.2,
  begin: 0.38,
  redirect: 1.4,
  /** 1 MB out of the cache; most of it is waiting for the reader, which is not billed. */
  segment: 2.9,
} as const

/** How long the service trusts what it read (`domain/playback/viewing`, `cached-text`). */
export const FILM_FRESH_SECONDS = 55
/** At most this long a data centre keeps a piece of a film (`platform/media/cached-bytes`). */
export const MEDIA_CACHE_SECONDS = 86_400
/** A session is reported so often (`domain/playback/watching`), what is due at once goes in one message. */
export const REPORT_SECONDS = 120
export const GATHER_SECONDS = 5
export const MAX_REPORTS_A_MESSAGE = 64
/** `domain/playback/plays`. */
export const PLAY_RETENTION_DAYS = 90
/** `domain/playback/plays`, 100,000 every five minutes: beyond so many viewings a day the table grows for ever. */
export const PLAYS_REMOVED_A_DAY = 28_800_000
/** Bytes of a row of `plays` after forty minutes, with its seven index entries, from the lengths of its columns. */
export const PLAY_BYTES = 1140

/** Worker requests with which a viewing begins: its first answer, the entry and the list of each track; a thumbnail. */
export const PLAYLISTS_A_VIEWING = 3
export const REDIRECTS_A_VIEWING = 1

/** Nobody outside Cloudflare knows these. Change them and run the command again. */
export const ASSUMED = {
  /** Data centres that share the viewers evenly; Cloudflare has some 330, a country's viewers meet a dozen. */
  dataCentres: 40,
  /** Requests a second that one isolate takes before a data centre starts another. */
  requestsAnIsolate: 200,
  /** Isolates that serve one viewing within a minute: each reports it. */
  isolatesAViewing: 2,
  /** A rarely asked piece is dropped long before its age allows. */
  idleCacheSeconds: 3600,
  /** Exponent of Zipf's law: how much more the first film is watched than the second. */
  popularity: 0.9,
  /** Of the day's viewers, those who watch at its busiest moment. */
  peakShare: 0.1,
  /** Statements a second of one database when each takes a millisecond (Cloudflare's own example for D1). */
  d1StatementsASecond: 1000,
  daysAMonth: 30,
} as const
