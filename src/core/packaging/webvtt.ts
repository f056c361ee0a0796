// WebVTT for players: subtitles on the stream's clock, and storyboards. Pure.

/** `00:01:02.500` */
export function timestamp(seconds: number): string {
  const thousandths = Math.round(seconds * 1000)
  const parts = [Math.floor(thousandths / 3_600_000), Math.floor(thousandths / 60_000) % 60]
  const rest = ((thousandths % 60_000) / 1000).toFixed(3).padStart(6, '0')
  return `${parts.map((part) => String(part).padStart(2, '0')).join(':')}:${rest}`
}

/** Says that the file's time zero is the start of the media, on whose clock that is `startSeconds` (RFC 8216bis §3.1.4). */
export function anchorSubtitles(webVtt: string, startSeconds: number): string {
  const map = `X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:${Math.round(startSeconds * 90_000)}`
  return webVtt.replace(/^\uFEFF?WEBVTT[^\n]*\n/, `WEBVTT\n${map}\n`)
}

export interface TileGrid {
  readonly image: string
  readonly columns: number
  readonly count: number
  readonly width: number
  readonly height: number
  readonly everySeconds: number
}

const MAX_TILES = 100
const LONGEST_SIDE = 160

/** A tile every 2 s, or fewer in a long film: at most 100, in a picture about as wide as it is high. */
export function gridFor(film: { width: number; height: number; durationSeconds: number }, image: string): TileGrid {
  const everySeconds = Math.max(2, Math.ceil(film.durationSeconds / MAX_TILES))
  const count = Math.max(1, Math.ceil(film.durationSeconds / everySeconds))
  const scale = LONGEST_SIDE / Math.max(film.width, film.height)
  const even = (length: number): number => Math.max(2, 2 * Math.round((length * scale) / 2))
  const [width, height] = [even(film.width), even(film.height)]
  return { image, columns: Math.ceil(Math.sqrt(count)), count, width, height, everySeconds }
}

/** One cue a tile, each naming a rectangle of the sprite (Media Fragments §4.2.2). */
export function writeStoryboard(grid: TileGrid): string {
  const blocks = Array.from({ length: grid.count }, (_, i) => {
    const x = (i % grid.columns) * grid.width
    const y = Math.floor(i / grid.columns) * grid.height
    const span = `${timestamp(i * grid.everySeconds)} --> ${timestamp((i + 1) * grid.everySeconds)}`
    return `${span}\n${grid.image}#xywh=${x},${y},${grid.width},${grid.height}\n`
  })
  return `WEBVTT\n\n${blocks.join('\n')}`
}
