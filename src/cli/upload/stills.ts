// Pictures of a film: its thumbnail, and the sprite of its storyboard.
import type { Film } from './film.ts'
import { filmInput, renditionInput } from './input.ts'
import { runFfmpeg, type ToolRun } from './tool.ts'
import type { TileGrid } from './webvtt.ts'

const THUMBNAIL_WIDTH = 1280

/** Looks through two seconds for the frame that is most like its neighbours, so rarely for a black or a torn one. */
export async function makeThumbnail(
  source: string,
  film: Film,
  atSeconds: number,
  file: string,
  run: ToolRun,
): Promise<void> {
  const filters = `thumbnail=n=48,scale='min(${THUMBNAIL_WIDTH},iw*sar)':-2:flags=lanczos,setsar=1,format=yuvj420p`
  await runFfmpeg(
    [filmInput(source, '-ss', String(atSeconds))],
    ['-map', `0:${film.videoIndex}`, '-vf', filters, ...ONE_PICTURE, '-q:v', '4', file],
    run,
  )
}

/** A tenth into the film, where the titles are over. */
export function thumbnailSeconds(film: Pick<Film, 'durationSeconds'>): number {
  return Math.min(film.durationSeconds / 10, 60)
}

/** Tiles of one rendition, decoding nothing but its key frames. */
export async function makeSprite(playlist: string, grid: TileGrid, file: string, run: ToolRun): Promise<void> {
  const rows = Math.ceil(grid.count / grid.columns)
  const filters = [
    `fps=1/${grid.everySeconds}:start_time=0:round=up`,
    `scale=${grid.width}:${grid.height}:flags=lanczos`,
    `tile=${grid.columns}x${rows}`,
    'format=yuvj420p',
  ]
  await runFfmpeg(
    [renditionInput(playlist, '-skip_frame', 'nokey')],
    ['-vf', filters.join(','), ...ONE_PICTURE, '-q:v', '5', file],
    run,
  )
}

const ONE_PICTURE = ['-frames:v', '1', '-update', '1', '-map_metadata', '-1', '-flags', '+bitexact', '-f', 'image2']
