// What makes one doubt that a film is whole: less of it than it promises, or a clock that jumps. Pure.
import type { Clock } from '../probe/clock.ts'
import type { TrackTimes } from '../probe/packets.ts'
import { readSeconds, type Probe, type ProbedStream } from '../probe/probed.ts'
import { formatTime } from '../progress.ts'

/** Less is how containers round, and frames last. */
const MISSING_SECONDS = 0.5
const MISSING_SHARE = 0.02

export function findDoubts(
  probe: Probe,
  { clock }: { readonly clock: Clock },
  tracks: readonly TrackTimes[],
): string[] {
  const doubts: string[] = []
  const promised = promisedSeconds(probe)
  const found = Math.max(0, ...tracks.map(({ end }) => end)) - clock.startSeconds
  if (promised - found > Math.max(MISSING_SECONDS, promised * MISSING_SHARE)) {
    doubts.push(`It says that it lasts ${exactly(promised)}, and there are ${exactly(found)} of it: was it cut off?`)
  }
  const lost = clock.jumps.reduce((sum, jump) => sum + jump.seconds, 0)
  if (clock.jumps.length > 0) {
    const places = clock.jumps
      .slice(0, 3)
      .map(({ atSeconds }) => formatTime(Math.floor(atSeconds - clock.startSeconds)))
    const more = clock.jumps.length > 3 ? ', …' : ''
    doubts.push(
      `Its clock jumps at ${places.join(', ')}${more}: ${exactly(lost)} with neither picture nor sound are closed up.`,
    )
  }
  return doubts
}

const DAMAGE = /error while decoding|invalid data found|corrupt|damaged|concealing|no frame!|header damaged/i

/** Undefined when ffmpeg decoded without complaints of that kind. */
export function findDamage(what: string, complaint: string): string | undefined {
  return DAMAGE.test(complaint) ? `Parts of ${what} are damaged and could not be decoded.` : undefined
}

function exactly(seconds: number): string {
  return `${seconds.toFixed(1)} s`
}

/** Of picture and sound, where the file says it of each; subtitles may be longer. */
function promisedSeconds(probe: Probe): number {
  const played = (probe.streams ?? []).filter(
    ({ codec_type: type, disposition }) =>
      (type === 'video' || type === 'audio') && disposition?.['attached_pic'] !== 1,
  )
  const said = played
    .map((stream) => readSeconds(stream.duration) ?? taggedSeconds(stream))
    .filter((s) => s !== undefined)
  return said.length > 0 ? Math.max(...said) : (readSeconds(probe.format?.duration) ?? 0)
}

/** Matroska's statistics: `00:00:05.000000000`, in any case of letters. */
function taggedSeconds({ tags = {} }: ProbedStream): number | undefined {
  const text = Object.entries(tags).find(([name]) => /^duration(?:-eng)?$/i.test(name))?.[1]
  const parts = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(text ?? '')
  return parts === null ? undefined : Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number(parts[3])
}
