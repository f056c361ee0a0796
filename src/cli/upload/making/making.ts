// The folder in which renditions lie until they are whole and on the disk: taken over from a run that was stopped, and
// left for the next one where a run fails.
import { mkdir, readdir, rename, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { framesPerSegment, INIT_NAME } from '../film/encode.ts'
import type { Film } from '../film/film.ts'
import { flush } from './flush.ts'
import type { Input } from '../tools/input.ts'
import type { Rung } from '../../../core/packaging/ladder.ts'
import { DISK_FULL, UploadProblem } from '../problem.ts'
import { readInit, readSegments, segmentName, type Segment } from './segments.ts'
import { runFfmpeg, ToolFailure, type ToolReport, type ToolRun } from '../tools/tool.ts'

/** Each process has its own: a tool that outlived another may still be writing to that one's. */
const NAME = /^making-\d+(?:-new)?$/

function placeIn(folder: string): string {
  return join(folder, `making-${process.pid}`)
}

/** An empty folder with one in it. */
export async function beginMaking(folder: string, part: string): Promise<string> {
  await rm(placeIn(folder), { recursive: true, force: true })
  await mkdir(join(placeIn(folder), part), { recursive: true })
  return placeIn(folder)
}

/** A folder with one for each size, and how many whole segments of each an earlier run has left in it. */
export async function resumeMaking(
  folder: string,
  film: Film,
  rungs: readonly Rung[],
): Promise<{ place: string; kept: number }> {
  const earlier = (await readdir(folder).catch(() => [])).filter((name) => NAME.test(name))
  const from = earlier.length === 1 ? join(folder, earlier[0] ?? '') : undefined
  const kept = from === undefined ? 0 : await countWhole(from, film, rungs)
  const fresh = `${placeIn(folder)}-new`
  await rm(fresh, { recursive: true, force: true })
  for (const { name: size } of rungs) {
    await mkdir(join(fresh, size), { recursive: true })
    if (from === undefined || kept === 0) continue
    const names = [INIT_NAME, ...Array.from({ length: kept }, (_, i) => segmentName(i))]
    for (const name of names) await rename(join(from, size, name), join(fresh, size, name))
  }
  for (const name of earlier) await rm(join(folder, name), { recursive: true })
  await rename(fresh, placeIn(folder))
  return { place: placeIn(folder), kept }
}

async function countWhole(place: string, film: Film, rungs: readonly Rung[]): Promise<number> {
  // The picture's last frame is made again, because it may have to stay until the sound ends.
  let kept = Math.floor((film.pictureFrames - 1) / framesPerSegment(film))
  for (const { name } of rungs) {
    if ((await readInit(join(place, name))) === undefined) return 0
    const segments = await readSegments(join(place, name))
    const broken = segments.findIndex((segment) => !isFull(segment, film))
    kept = Math.min(kept, broken < 0 ? segments.length : broken)
  }
  return kept
}

/** Of as many frames as every segment but the last has. */
export function isFull(segment: Segment, film: Film): boolean {
  return segment.samples === framesPerSegment(film)
}

/** Runs ffmpeg in it; on a full disk it fails for many reasons, all of which are that one. */
export async function encodeInto(
  place: string,
  input: Input,
  args: readonly string[],
  run: ToolRun,
): Promise<ToolReport> {
  try {
    return await runFfmpeg([input], args, { ...run, folder: place })
  } catch (error) {
    if (error instanceof ToolFailure && (await isDiskFull(place))) throw new UploadProblem(DISK_FULL)
    throw error
  }
}

/** Why there is less on the disk than ffmpeg says that it made. */
export async function explainLoss(place: string, { complaint }: ToolReport): Promise<UploadProblem> {
  if (/No space left/i.test(complaint) || (await isDiskFull(place))) return new UploadProblem(DISK_FULL)
  const last = complaint.trim().split('\n').at(-1)
  const why = last === undefined || last === '' ? '' : ` (${last})`
  return new UploadProblem(
    `ffmpeg said that it was done, but what it made is not whole${why}: run the same command again.`,
  )
}

/** A disk with less than this is full: a segment does not fit. */
const FULL_BYTES = 2 ** 22

async function isDiskFull(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize < FULL_BYTES
}

/** Gives what is whole and flushed its own name. */
export async function publish(made: string, output: string): Promise<void> {
  await rm(output, { recursive: true, force: true })
  await mkdir(dirname(output), { recursive: true })
  await rename(made, output)
  await flush(dirname(output))
}
