// Viewings added up, and the numbers that are shown of them. Sums of sums are the sums of all: nothing is sampled. Pure.
import { bucketOf, percentile } from './histogram.ts'
import { factsOf, viewerOfPlay, type Play } from './play.ts'

/** Grows as plays are added. */
export interface Sums {
  plays: number
  /** Hashes of those whom tokens named. */
  readonly viewers: Set<string>
  /** Plays of others: each counts as a viewer. */
  anonymous: number
  watchedMs: number
  mediaMs: number
  mediaBytes: number
  stalls: number
  stallMs: number
  exits: number
  switches: number
  seenShares: number
  seenPlays: number
  /** Bucket of the time to start → count. */
  readonly startups: Map<number, number>
  readonly errors: Map<string, number>
}

export function newSums(): Sums {
  return {
    plays: 0,
    viewers: new Set(),
    anonymous: 0,
    watchedMs: 0,
    mediaMs: 0,
    mediaBytes: 0,
    stalls: 0,
    stallMs: 0,
    exits: 0,
    switches: 0,
    seenShares: 0,
    seenPlays: 0,
    startups: new Map(),
    errors: new Map(),
  }
}

export function addPlay(sums: Sums, play: Play): void {
  const facts = factsOf(play)
  const { measures } = play
  for (const [code, count] of Object.entries(measures.errors)) add(sums.errors, code, count)
  if (facts.isExit) sums.exits += 1
  if (!facts.isPlay) return
  sums.plays += 1
  const viewer = viewerOfPlay(play)
  if (viewer === undefined) sums.anonymous += 1
  else sums.viewers.add(viewer)
  sums.watchedMs += facts.watchedMs
  sums.mediaMs += measures.mediaMs
  sums.mediaBytes += measures.knownBytes
  sums.stalls += facts.stalls
  sums.stallMs += facts.stallMs
  sums.switches += measures.switches
  if (facts.seenShare !== undefined) {
    sums.seenShares += facts.seenShare
    sums.seenPlays += 1
  }
  if (facts.startupMs !== undefined) add(sums.startups, bucketOf(facts.startupMs), 1)
}

export function addSums(sums: Sums, more: Sums): void {
  sums.plays += more.plays
  for (const viewer of more.viewers) sums.viewers.add(viewer)
  sums.anonymous += more.anonymous
  sums.watchedMs += more.watchedMs
  sums.mediaMs += more.mediaMs
  sums.mediaBytes += more.mediaBytes
  sums.stalls += more.stalls
  sums.stallMs += more.stallMs
  sums.exits += more.exits
  sums.switches += more.switches
  sums.seenShares += more.seenShares
  sums.seenPlays += more.seenPlays
  for (const [bucket, count] of more.startups) add(sums.startups, bucket, count)
  for (const [code, count] of more.errors) add(sums.errors, code, count)
}

/** What is shown; undefined where nothing was measured. */
export interface Metrics {
  readonly plays: number
  readonly viewers: number
  readonly hoursWatched: number
  /** Milliseconds. */
  readonly startupMs: { readonly p50: number | undefined; readonly p95: number | undefined }
  /** Of the time from the first frame: 0 to 1. */
  readonly rebufferRatio: number | undefined
  readonly rebufferCount: number
  readonly exitsBeforeStart: number
  readonly errors: Readonly<Record<string, number>>
  /** Bits a second. */
  readonly meanBitrate: number | undefined
  readonly switches: number
  /** 0 to 1. */
  readonly completion: number | undefined
}

export function metricsOf(sums: Sums): Metrics {
  const seconds = sums.mediaMs / 1000
  const present = sums.watchedMs + sums.stallMs
  return {
    plays: sums.plays,
    viewers: sums.viewers.size + sums.anonymous,
    hoursWatched: round(sums.watchedMs / 3_600_000, 6),
    startupMs: { p50: percentile(sums.startups, 0.5), p95: percentile(sums.startups, 0.95) },
    rebufferRatio: present > 0 ? round(sums.stallMs / present, 6) : undefined,
    rebufferCount: sums.stalls,
    exitsBeforeStart: sums.exits,
    errors: Object.fromEntries([...sums.errors].toSorted(([one], [other]) => (one < other ? -1 : 1))),
    meanBitrate: seconds > 0 ? Math.round((sums.mediaBytes * 8) / seconds) : undefined,
    switches: sums.switches,
    completion: sums.seenPlays > 0 ? round(sums.seenShares / sums.seenPlays, 6) : undefined,
  }
}

function add<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count)
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
