// Which sizes a film is made in, so that every line can play it. Pure: sizes in, rungs out; never larger than the film.

export interface Rung {
  /** `720p`: the shorter side, as people say it; also the name of its folder. */
  readonly name: string
  readonly width: number
  readonly height: number
  readonly profile: 'main' | 'high'
  /** x264's constant rate factor: lower is better and larger. */
  readonly quality: number
  /** Most kilobits per second a player must be ready for. */
  readonly maxKilobits: number
}

const STANDARD_SIDES = [1080, 720, 480, 360, 240] as const

/** A smaller rung must be really smaller, or it costs storage without a benefit. */
const STEP = 0.85

/** At 30 frames a second and 16:9. */
const KILOBITS: readonly (readonly [side: number, kilobits: number])[] = [
  [1080, 5500],
  [720, 3000],
  [480, 1500],
  [360, 850],
  [240, 450],
  [0, 300],
]

/** Largest first. `framesPerSecond` above 30 gets half as many bits again. */
export function ladderFor(film: { width: number; height: number; framesPerSecond: number }): Rung[] {
  const short = Math.min(film.width, film.height)
  const top = Math.min(short, STANDARD_SIDES[0])
  const sides = [top, ...STANDARD_SIDES.filter((side) => side <= top * STEP)]
  return sides.map((side) => {
    const scale = side / short
    const kilobits = KILOBITS.find(([from]) => side >= from)?.[1] ?? 300
    return {
      name: `${even(side)}p`,
      width: even(film.width * scale),
      height: even(film.height * scale),
      profile: side >= 720 ? 'high' : 'main',
      quality: 22,
      maxKilobits: film.framesPerSecond > 31 ? kilobits * 1.5 : kilobits,
    }
  })
}

/** H.264 with 4:2:0 colour has even sides; rounding down never scales up. */
function even(length: number): number {
  return Math.max(2, 2 * Math.floor((length + 0.01) / 2))
}
