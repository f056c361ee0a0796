// When each frame of each track begins and how long it lasts, read from what ffprobe lists of a whole file. Pure.

export interface TrackTimes {
  /** Seconds on the file's own clock, ascending. */
  readonly starts: readonly number[]
  /** Of the same frames; 0 where the file does not say. */
  readonly durations: readonly number[]
  /** Where the last frame ends. */
  readonly end: number
  readonly keyFrames: number
  /** Where the clock was set back by more than a second, on the clock before; undefined when it never was. */
  readonly setBackAt: number | undefined
  readonly isEncrypted: boolean
}

export interface PacketReader {
  /** A line of ffprobe's with the entries of `PACKET_ENTRIES`: how far the clock has come. */
  add(line: string): number
  /** By the stream's index. */
  tracks(): ReadonlyMap<number, TrackTimes>
}

export const PACKET_ENTRIES = [
  '-show_entries',
  'packet=stream_index,pts_time,dts_time,duration_time,flags:packet_side_data=side_data_type',
  '-of',
  'compact=p=0:nk=1',
]

/** A clock that goes back by less is one whose frames are stored out of order. */
const SET_BACK_SECONDS = 1

interface Growing {
  readonly starts: number[]
  readonly durations: number[]
  keyFrames: number
  latest: number
  setBackAt: number | undefined
  isEncrypted: boolean
}

export function createPacketReader(): PacketReader {
  const growing = new Map<number, Growing>()
  let reached = 0
  return {
    add(line) {
      const [index = '', presented = '', decoded = '', lasting = '', flags = '', ...more] = line.split('|')
      // Frames that the container says are not shown: what comes before an edit begins.
      if (!/^\d+$/.test(index) || flags.includes('D')) return reached
      const start = Number(presented === 'N/A' ? decoded : presented)
      if (!Number.isFinite(start)) return reached
      let track = growing.get(Number(index))
      if (track === undefined) {
        track = { starts: [], durations: [], keyFrames: 0, latest: -Infinity, setBackAt: undefined, isEncrypted: false }
        growing.set(Number(index), track)
      }
      const clock = decoded === 'N/A' ? start : Number(decoded)
      if (clock < track.latest - SET_BACK_SECONDS) track.setBackAt ??= track.latest
      track.latest = Math.max(track.latest, clock)
      track.starts.push(start)
      track.durations.push(Number(lasting) || 0)
      if (flags.includes('K')) track.keyFrames++
      if (more.includes('Encryption info')) track.isEncrypted = true
      reached = Math.max(reached, start)
      return reached
    },
    tracks: () => new Map([...growing].map(([index, track]) => [index, settle(track)])),
  }
}

function settle({ starts, durations, keyFrames, setBackAt, isEncrypted }: Growing): TrackTimes {
  const order = starts.map((_, i) => i).sort((a, b) => (starts[a] ?? 0) - (starts[b] ?? 0))
  const sorted = order.map((i) => starts[i] ?? 0)
  const lasting = order.map((i) => durations[i] ?? 0)
  const last = lasting.at(-1) || typicalGap(sorted)
  return { starts: sorted, durations: lasting, end: (sorted.at(-1) ?? 0) + last, keyFrames, setBackAt, isEncrypted }
}

/** The median of what lies between one start and the next; 0 of a single one. */
export function typicalGap(starts: readonly number[]): number {
  const gaps = gapsOf(starts)
  return gaps[Math.floor((gaps.length - 1) / 2)] ?? 0
}

/** What lies between one start and the next, ascending, without those that begin together. */
export function gapsOf(starts: readonly number[]): number[] {
  const gaps: number[] = []
  for (let i = 1; i < starts.length; i++) {
    const gap = (starts[i] ?? 0) - (starts[i - 1] ?? 0)
    if (gap > 1e-6) gaps.push(gap)
  }
  return gaps.sort((a, b) => a - b)
}
