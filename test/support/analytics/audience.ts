// People who watch films, and what really happened: players with buffers, pauses, stalls, jumps, crashes; beacons that get
// lost, come twice or are forged. It draws everything from one seed.

export interface Truth {
  plays: number
  watchedMs: number
  stalls: number
  stallMs: number
  exits: number
  errors: number
  switches: number
  bits: number
  mediaMs: number
  seenShares: number
  seenPlays: number
  readonly startups: number[]
  readonly viewers: Set<string>
  anonymous: number
}

export function noTruth(): Truth {
  return {
    plays: 0,
    watchedMs: 0,
    stalls: 0,
    stallMs: 0,
    exits: 0,
    errors: 0,
    switches: 0,
    bits: 0,
    mediaMs: 0,
    seenShares: 0,
    seenPlays: 0,
    startups: [],
    viewers: new Set(),
    anonymous: 0,
  }
}

/** What happens at a moment, milliseconds from the beginning of the viewing. */
export type Act =
  | { readonly atMs: number; readonly kind: 'segment'; readonly track: string; readonly index: number }
  | { readonly atMs: number; readonly kind: 'sound'; readonly index: number }
  /** `isLast`: it arrives as a forgery or a repetition; the truth knows nothing of it. */
  | { readonly atMs: number; readonly kind: 'events'; readonly report: string }

export interface Viewing {
  readonly acts: readonly Act[]
  readonly player: 'hlsjs' | 'shaka' | 'native' | 'ffmpeg'
  readonly viewer: string | undefined
  readonly country: string
}

export const SEGMENT_MS = 6000
/** Of each rendition's segments. */
export const BYTES = { low: 300_000, high: 1_500_000, sound: 90_000 } as const

/** A number from 0 to 1, the next of the seed (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const BUFFER_MS = 30_000

/** One viewing of a film of so many segments; what it was goes into `truth`. */
export function watch(random: () => number, segments: number, truth: Truth): Viewing {
  const pick = random()
  const player = pick < 0.45 ? 'hlsjs' : pick < 0.6 ? 'shaka' : pick < 0.95 ? 'native' : 'ffmpeg'
  const speaks = player === 'hlsjs' || player === 'shaka'
  const viewer =
    random() < 0.4
      ? Math.floor(random() * 150)
          .toString(16)
          .padStart(16, 'a')
      : undefined
  const country = ['DE', 'FR', 'US', 'JP'][Math.floor(random() * 4)] ?? 'DE'
  const acts: Act[] = []
  const reports: { readonly atMs: number; readonly line: string }[] = []
  let sequence = 0
  const epoch = 1_700_000_000_000 + Math.floor(random() * 1e9)
  const tell = (atMs: number, kind: string, state: string, more = ''): void => {
    if (!speaks) return
    const line = `e=${kind}${more},sid="forged",sn=${sequence},sta=${state},ts=${epoch + Math.round(atMs)},v=2`
    sequence += 1
    reports.push({ atMs, line })
  }

  if (player === 'ffmpeg') {
    // Downloads all at once: nobody watches longer than it takes.
    let now = 0
    for (let index = 0; index < segments; index += 1) {
      acts.push({ atMs: now, kind: 'segment', track: 'high', index })
      if (index < segments - 1) now += 400
    }
    count(truth, {
      viewer,
      watchedMs: Math.min(now + 60_000, segments * SEGMENT_MS),
      seen: segments,
      segments,
      startupMs: 0,
    })
    truth.bits += segments * BYTES.high * 8
    truth.mediaMs += segments * SEGMENT_MS
    return { acts, player, viewer, country }
  }

  const startMs = Math.round(250 * Math.exp(random() * 2.6))
  if (speaks && random() < 0.06) {
    // Asks to play, and leaves before there is a picture.
    tell(20, 'ps', 's')
    tell(startMs + 400, 'ps', 'q')
    truth.exits += 1
    return { acts: send(random, reports, acts), player, viewer, country }
  }

  const wantsAll = random() < 0.5
  const leaveAt = wantsAll ? segments * SEGMENT_MS : Math.floor((0.1 + random() * 0.85) * segments * SEGMENT_MS)
  const pauseAt = random() < 0.25 ? Math.floor(random() * leaveAt) : Number.POSITIVE_INFINITY
  const pauseMs = 20_000 + Math.floor(random() * 1_800_000)
  const stallAt = random() < 0.35 ? 4 + Math.floor(random() * segments) : Number.POSITIVE_INFINITY
  const switchAt = random() < 0.4 ? 3 + Math.floor(random() * segments) : Number.POSITIVE_INFINITY
  const errs = speaks && random() < 0.03

  // The wall clock, and how much of the film is in the buffer beyond the playhead.
  let now = Math.round(startMs * 0.6)
  let playedMs = 0
  let loadedMs = 0
  let track: 'low' | 'high' = 'high'
  let isStarted = false
  let isPaused = false
  let last = 0
  tell(Math.round(startMs * 0.1), 'ps', 's')

  /** Plays on for so long; pauses and leaves on its way. False: it left. */
  const pass = (milliseconds: number): boolean => {
    let left = milliseconds
    while (left > 0) {
      if (!isPaused && playedMs >= pauseAt) {
        isPaused = true
        tell(now, 'ps', 'a')
        now += pauseMs
        tell(now, 'ps', 'p')
      }
      const toPause = isPaused ? Number.POSITIVE_INFINITY : pauseAt - playedMs
      const step = Math.min(left, Math.max(1, toPause), leaveAt - playedMs)
      if (step <= 0) return false
      while (Math.floor((now + step) / 30_000) > Math.floor(last / 30_000)) {
        last = (Math.floor(last / 30_000) + 1) * 30_000
        if (last > now) tell(last, 't', 'p')
      }
      now += step
      playedMs += step
      left -= step
    }
    return playedMs < leaveAt
  }

  let index = 0
  let isHere = true
  for (; index < segments && isHere; index += 1) {
    if (index === switchAt) {
      track = 'low'
      truth.switches += 1
    }
    acts.push({ atMs: now, kind: 'segment', track, index })
    acts.push({ atMs: now + 5, kind: 'sound', index })
    truth.bits += (BYTES[track] + BYTES.sound) * 8
    truth.mediaMs += SEGMENT_MS
    let downloadMs = 200 + Math.floor(random() * 600)
    if (index === 0) downloadMs = startMs - now
    const mayStall = index === stallAt && isStarted && loadedMs < leaveAt && loadedMs < pauseAt
    if (mayStall) {
      downloadMs = loadedMs - playedMs + 8000 + Math.floor(random() * 20_000)
    }
    if (isStarted) {
      const heldMs = loadedMs - playedMs
      isHere = pass(Math.min(downloadMs, heldMs))
      if (isHere && downloadMs > heldMs && mayStall) {
        const waitMs = downloadMs - heldMs
        tell(now, 'ps', 'r')
        now += waitMs
        tell(now, 'ps', 'p')
        truth.stalls += 1
        truth.stallMs += waitMs
      }
    } else {
      now = startMs
      isStarted = true
      last = now
      tell(now, 'ps', 'p', `,msd=${startMs}`)
    }
    loadedMs += SEGMENT_MS
    if (isHere && loadedMs - playedMs > BUFFER_MS) isHere = pass(loadedMs - playedMs - BUFFER_MS)
  }
  const seen = index
  if (isHere) pass(loadedMs - playedMs)
  if (errs) {
    tell(now, 'e', 'f', ',ec=("bufferStalledError")')
    truth.errors += 1
  } else if (playedMs >= segments * SEGMENT_MS - 1) tell(now, 'ps', 'e')
  else if (random() < 0.7) tell(now, 'ps', 'q')
  // Others crash, and say nothing more.
  count(truth, { viewer, watchedMs: playedMs, seen, segments, startupMs: speaks ? startMs : Math.round(startMs * 0.6) })
  return { acts: send(random, reports, acts), player, viewer, country }
}

/** The beacons on their way: some are lost, some come twice, and some were never sent by the player. */
function send(
  random: () => number,
  reports: readonly { readonly atMs: number; readonly line: string }[],
  acts: readonly Act[],
): readonly Act[] {
  const sent: Act[] = reports.flatMap(({ atMs, line }) => {
    const lot = random()
    if (lot < 0.003) return []
    const beacon: Act = { atMs: atMs + 30, kind: 'events', report: line }
    return lot < 0.08 ? [beacon, { ...beacon, atMs: atMs + 900 }] : [beacon]
  })
  return [...acts, ...sent].toSorted((one, other) => one.atMs - other.atMs)
}

function count(
  truth: Truth,
  play: { viewer: string | undefined; watchedMs: number; seen: number; segments: number; startupMs: number },
): void {
  truth.plays += 1
  truth.watchedMs += play.watchedMs
  truth.seenShares += play.seen / play.segments
  truth.seenPlays += 1
  truth.startups.push(play.startupMs)
  if (play.viewer === undefined) truth.anonymous += 1
  else truth.viewers.add(play.viewer)
}

/** Of a list, by nearest rank. */
export function rank(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}
