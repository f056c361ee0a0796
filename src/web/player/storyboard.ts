// Storyboards: WebVTT whose cues name a tile of a sprite. Pure: text in, tiles out. No DOM, no fetch.

export interface Tile {
  readonly startSeconds: number
  readonly endSeconds: number
  readonly image: string
  /** Pixels inside the image. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const TIMING = /^(?:(\d+):)?(\d\d):(\d\d)\.(\d{3})\s+-->\s+(?:(\d+):)?(\d\d):(\d\d)\.(\d{3})/
const FRAGMENT = /#xywh=(?:pixel:)?(\d+),(\d+),(\d+),(\d+)$/

/** Tiles in order of time; cues that name no tile (`#xywh=`, Media Fragments 1.0 §4.2.2) are left out. */
export function parseStoryboard(text: string): readonly Tile[] {
  const tiles: Tile[] = []
  let timing: RegExpExecArray | null = null
  for (const raw of text.split(/\r\n|\r|\n/)) {
    const line = raw.trim()
    const found = TIMING.exec(line)
    if (found) timing = found
    else if (line === '') timing = null
    else if (timing) {
      const tile = readTile(timing, line)
      if (tile) tiles.push(tile)
      timing = null
    }
  }
  return tiles.sort((a, b) => a.startSeconds - b.startSeconds)
}

/** The tile that shows a time, the last one before it in a gap, `undefined` before the first. */
export function findTile(tiles: readonly Tile[], seconds: number): Tile | undefined {
  return tiles.findLast((tile) => tile.startSeconds <= seconds)
}

function readTile(timing: RegExpExecArray, line: string): Tile | undefined {
  const fragment = FRAGMENT.exec(line)
  if (!fragment) return undefined
  const [x = 0, y = 0, width = 0, height = 0] = fragment.slice(1).map(Number)
  if (width === 0 || height === 0) return undefined
  return {
    startSeconds: readSeconds(timing, 1),
    endSeconds: readSeconds(timing, 5),
    image: line.slice(0, fragment.index),
    x,
    y,
    width,
    height,
  }
}

function readSeconds(timing: RegExpExecArray, group: number): number {
  const [hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = timing
    .slice(group, group + 4)
    .map((part) => Number(part ?? 0))
  return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000
}
