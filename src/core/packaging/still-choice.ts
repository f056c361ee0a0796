// Which frame stands for a film. Pure: how light frames are in, a time out.

export interface Light {
  readonly atSeconds: number
  /** Between the darkest and the lightest tenth of its points, of 255. */
  readonly contrast: number
}

/** What ffmpeg's `signalstats` and `metadata=print` write of each frame. */
export function readLight(text: string): Light[] {
  return text.split(/^(?=frame:)/m).flatMap((block) => {
    const read = (name: string): number => Number(new RegExp(`${name}[=:](-?[\\d.]+)`).exec(block)?.[1] ?? NaN)
    const light = { atSeconds: read('pts_time'), contrast: read('YHIGH') - read('YLOW') }
    return Number.isFinite(light.atSeconds + light.contrast) ? [light] : []
  })
}

const LATEST_SECONDS = 60

/**
 * The first from a tenth into the film on, where the titles are over, that has at least half of the most contrast there
 * is: neither black nor white nor fading.
 */
export function chooseStill(frames: readonly Light[], durationSeconds: number): number {
  const most = Math.max(0, ...frames.map(({ contrast }) => contrast))
  const wanted = Math.min(durationSeconds / 10, LATEST_SECONDS)
  const good = frames.filter(({ contrast }) => contrast >= most / 2)
  return (good.find(({ atSeconds }) => atSeconds >= wanted) ?? good.at(-1))?.atSeconds ?? 0
}
