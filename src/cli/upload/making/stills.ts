// Pictures of a film: its thumbnail, and the sprite of its storyboard; both out of renditions that were made.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { INIT_NAME } from '../film/encode.ts'
import { ownInput, renditionInput } from '../tools/input.ts'
import { DISK_FULL, UploadProblem } from '../problem.ts'
import { readInit, readSegments, segmentName } from './segments.ts'
import { chooseStill, readLight } from '../../../core/packaging/still-choice.ts'
import { runFfmpeg, type ToolRun } from '../tools/tool.ts'
import type { TileGrid } from '../../../core/packaging/webvtt.ts'

const THUMBNAIL_WIDTH = 1280

/** The frame at a time of a rendition, at most 1280 wide. */
export async function makeThumbnail(folder: string, atSeconds: number, file: string, run: ToolRun): Promise<void> {
  const { segment, offsetSeconds } = await findSegment(folder, atSeconds)
  // One segment as a file of its own: not every ffmpeg can seek in a playlist of them.
  const piece = `${file}.mp4`
  try {
    await writeFile(piece, [await readFile(join(folder, INIT_NAME)), await readFile(join(folder, segment))])
    const chosen = `select='gte(t,${(offsetSeconds - 0.001).toFixed(3)})'`
    const filters = `${chosen},scale='min(${THUMBNAIL_WIDTH},iw)':-2:flags=lanczos,${FOR_JPEG}`
    await makePicture([ownInput(piece, 'mov')], filters, '4', file, run)
  } finally {
    await rm(piece, { force: true })
  }
}

async function findSegment(folder: string, atSeconds: number): Promise<{ segment: string; offsetSeconds: number }> {
  const { timescale = 1 } = (await readInit(folder)) ?? {}
  let offsetSeconds = atSeconds
  for (const { name, duration } of await readSegments(folder)) {
    if (offsetSeconds < duration / timescale) return { segment: name, offsetSeconds }
    offsetSeconds -= duration / timescale
  }
  return { segment: segmentName(0), offsetSeconds: 0 }
}

/** Where a picture of the film is worth looking at, judged by the key frames of a rendition. */
export async function findStill(playlist: string, durationSeconds: number, run: ToolRun): Promise<number> {
  const folder = dirname(playlist)
  const name = `light.part-${process.pid}`
  const filters = `signalstats,metadata=mode=print:file=${name}`
  try {
    const input = renditionInput(playlist, '-skip_frame', 'nokey')
    await runFfmpeg([input], ['-map', '0:v:0', '-vf', filters, '-f', 'null', '-'], { ...run, folder })
    return chooseStill(readLight(await readFile(join(folder, name), 'utf8')), durationSeconds)
  } finally {
    await rm(join(folder, name), { force: true })
  }
}

/** Tiles of one rendition, decoding nothing but its key frames. */
export async function makeSprite(playlist: string, grid: TileGrid, file: string, run: ToolRun): Promise<void> {
  const rows = Math.ceil(grid.count / grid.columns)
  const filters = [
    `fps=1/${grid.everySeconds}:start_time=0:round=up`,
    `scale=${grid.width}:${grid.height}:flags=lanczos`,
    `tile=${grid.columns}x${rows}`,
    FOR_JPEG,
  ]
  await makePicture([renditionInput(playlist, '-skip_frame', 'nokey')], filters.join(','), '5', file, run)
}

/** JPEG has the colours of BT.601 in full range (JFIF 1.02). */
const FOR_JPEG = 'scale=in_color_matrix=bt709:in_range=tv:out_color_matrix=bt601:out_range=pc,format=yuvj420p'
const ONE_PICTURE = ['-frames:v', '1', '-update', '1', '-map_metadata', '-1', '-flags', '+bitexact', '-f', 'image2']

async function makePicture(
  inputs: Parameters<typeof runFfmpeg>[0],
  filters: string,
  quality: string,
  file: string,
  run: ToolRun,
): Promise<void> {
  // By its bare name, because in a path ffmpeg takes % for a number.
  const output = ['-vf', filters, ...ONE_PICTURE, '-q:v', quality, basename(file)]
  const { complaint } = await runFfmpeg(inputs, output, { ...run, folder: dirname(file) })
  if (await isWholePicture(file)) return
  if (/No space left/i.test(complaint)) throw new UploadProblem(DISK_FULL)
  throw new UploadProblem('ffmpeg reported success, but the picture is incomplete: run the same command again.')
}

/** There, and a JPEG from its first marker to its last. */
export async function isWholePicture(path: string): Promise<boolean> {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0))
  return bytes.length > 4 && bytes.readUInt16BE(0) === 0xffd8 && bytes.readUInt16BE(bytes.length - 2) === 0xffd9
}
