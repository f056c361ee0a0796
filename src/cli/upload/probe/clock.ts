// The film's clock: where it begins and ends, and the jumps in which nothing is seen or heard. Pure.
import { typicalGap, type TrackTimes } from './packets.ts'

export interface Jump {
  /** Where it begins, on the file's own clock. */
  readonly atSeconds: number
  /** How much is taken out. */
  readonly seconds: number
}

export interface Clock {
  /** The file's own time of what is shown and heard first. */
  readonly startSeconds: number
  readonly jumps: readonly Jump[]
  /** From the first to the last of picture and sound, without the jumps. */
  readonly totalSeconds: number
}

/** A pause that long is no pause between two frames. */
const JUMP_SECONDS = 1
/** A film without sound may show a still for long: a recording of a screen does. */
const SILENT_JUMP_SECONDS = { unsaid: 10, said: 60 } as const
const MAX_JUMPS = 100

export interface Playing {
  /** Where the file says that it begins. */
  readonly startSeconds: number
  readonly picture: TrackTimes
  readonly sounds: readonly TrackTimes[]
}

/** Undefined when there are more jumps than can be closed. */
export function readClock({ startSeconds, picture, sounds }: Playing): Clock | undefined {
  const jumps = findJumps(picture, sounds)
  if (jumps.length > MAX_JUMPS) return undefined
  const end = Math.max(picture.end, ...sounds.map((sound) => sound.end))
  return { startSeconds, jumps, totalSeconds: shownTime(end, { startSeconds, jumps }) }
}

/** When something of the file's own time is shown, in seconds from the beginning; what lies in a jump, where it was. */
export function shownTime(seconds: number, clock: Pick<Clock, 'startSeconds' | 'jumps'>): number {
  const before = clock.jumps.filter((jump) => jump.atSeconds < seconds)
  const closed = before.reduce((sum, jump) => sum + Math.min(jump.seconds, seconds - jump.atSeconds), 0)
  return seconds - clock.startSeconds - closed
}

/** The same for ffmpeg's `setpts` and `asetpts`. */
export function clockFilter({ startSeconds, jumps }: Clock): string {
  const past = jumps.map(({ atSeconds, seconds }) => `+gt(T,${atSeconds.toFixed(6)})*${seconds.toFixed(6)}`).join('')
  return `setpts='PTS-(${startSeconds.toFixed(6)}${past})/TB'`
}

/** Stretches over a second in which no track has anything: the recording stopped there, or its clock was set. */
function findJumps(picture: TrackTimes, sounds: readonly TrackTimes[]): Jump[] {
  const events = [picture, ...sounds].flatMap(({ starts }) => starts).sort((a, b) => a - b)
  const usual = typicalGap(picture.starts)
  const heard = sounds.map(({ starts }) => [starts[0] ?? Infinity, starts.at(-1) ?? -Infinity] as const)
  const jumps: Jump[] = []
  for (let i = 1; i < events.length; i++) {
    const [from = 0, to = 0] = [events[i - 1], events[i]]
    if (to - from <= JUMP_SECONDS + usual) continue
    const isHeard = heard.some(([first, last]) => first <= from && last >= to)
    if (!isHeard && to - from <= silentLimit(picture, from, usual)) continue
    jumps.push({ atSeconds: from + usual / 2, seconds: to - from - usual })
  }
  return jumps
}

/** How long nothing may happen in a film, or a part of it, that has no sound. */
function silentLimit({ starts, durations }: TrackTimes, from: number, usual: number): number {
  // Pictures that change rarely are slides: any time is right for them.
  if (usual > JUMP_SECONDS) return Infinity
  const isSaid = (durations[starts.lastIndexOf(from)] ?? 0) > usual * 2
  return isSaid ? SILENT_JUMP_SECONDS.said : SILENT_JUMP_SECONDS.unsaid
}
