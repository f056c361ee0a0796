// Makes the renditions of a film: all its sizes by one decoder, then each sound. What is whole on the disk is kept; an
// interrupted size goes on at the segment where it stopped; what a tool made is measured before it counts as made.
import { mkdir, readdir, readFile, rename, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { framesPerSegment, INIT_NAME, pictureArguments, pictureInput, soundArguments, soundInput } from './encode.ts'
import type { EncodeSettings } from './encode.ts'
import { findDamage } from './doubts.ts'
import type { Film } from './film.ts'
import { flush } from './flush.ts'
import { fraction } from './frame-rate.ts'
import type { Rung } from './ladder.ts'
import { DISK_FULL, UploadProblem } from './problem.ts'
import { finishRendition, measureRendition, readRendition } from './rendition.ts'
import { readInit, readSegments, segmentName, type Segment } from './segments.ts'
import { runFfmpeg, type ToolReport, type ToolRun } from './tool.ts'
import type { Placed } from './tracks.ts'
import type { AudioTrack } from './sound.ts'

export interface RenditionOrder {
  readonly source: string
  readonly film: Film
  /** Largest first. */
  readonly ladder: readonly Rung[]
  readonly settings: EncodeSettings
  /** Holds what is being made, and `hls/`. */
  readonly folder: string
  /** Says in a sentence what could not be made as it was planned. */
  readonly onDoubt?: (sentence: string) => void
}

export function rungFolder(rung: Pick<Rung, 'name'>): string {
  return `video/${rung.name}`
}

/** The sizes that are not whole on the disk. */
export async function missingRungs({ ladder, folder }: RenditionOrder): Promise<Rung[]> {
  const missing: Rung[] = []
  for (const rung of ladder) {
    if ((await readRendition(join(folder, 'hls', rungFolder(rung)))) === undefined) missing.push(rung)
  }
  return missing
}

/** Makes them all at once. */
export async function makePictures(order: RenditionOrder, rungs: readonly Rung[], run: ToolRun): Promise<void> {
  const { film, source, settings, folder } = order
  const place = join(folder, `making-${process.pid}`)
  const kept = await adopt(order, rungs, place)
  const fromFrame = kept * framesPerSegment(film)
  const begun = fromFrame / fraction(film.frameRate)
  const init = kept === 0 ? undefined : await readFile(join(place, rungs[0]?.name ?? '', INIT_NAME))
  const report = await runFfmpeg([pictureInput(source, film)], pictureArguments(film, rungs, settings, fromFrame), {
    ...run,
    folder: place,
    onSeconds: (seconds) => run.onSeconds?.(begun + seconds),
  })
  if (init?.equals(await readFile(join(place, rungs[0]?.name ?? '', INIT_NAME))) === false) {
    // Another ffmpeg than the one that began it: what the two made does not go together.
    await rm(place, { recursive: true })
    return await makePictures(order, rungs, run)
  }
  const made = new Map<Rung, Segment[]>()
  for (const rung of rungs) made.set(rung, await readSegments(join(place, rung.name)))
  const frames = [...made.values()].map((segments) => segments.reduce((sum, { samples }) => sum + samples, 0))
  const fewest = Math.min(...frames)
  const areEven = [...made.values()].every((segments) => segments.slice(0, -1).every(isFull(film)))
  const isAll = fewest > 0 && fewest >= fromFrame + report.frames && fewest === Math.max(...frames)
  if (!isAll || !areEven) throw await explainLoss(place, report)
  if (fewest < film.frames) {
    order.onDoubt?.(
      `Only ${inSeconds(fewest, film)} of ${inSeconds(film.frames, film)} of the picture could be decoded.`,
    )
  }
  doubt(order, findDamage('the picture', report.complaint))
  for (const [rung, segments] of made) {
    await finishRendition(join(place, rung.name), segments, 0)
    await publish(join(place, rung.name), join(folder, 'hls', rungFolder(rung)))
  }
  await rm(place, { recursive: true })
}

/** Begins where the picture does. */
export async function makeSound(
  order: RenditionOrder,
  { track, folder: to, name }: Placed<AudioTrack>,
  run: ToolRun,
): Promise<void> {
  const { film, source, settings, folder, ladder } = order
  const place = join(folder, `making-${process.pid}`)
  const part = 'sound'
  await rm(place, { recursive: true, force: true })
  await mkdir(join(place, part), { recursive: true })
  const args = soundArguments(film, track, settings, part)
  const report = await runFfmpeg([soundInput(source)], args, { ...run, folder: place })
  const [init, segments] = [await readInit(join(place, part)), await readSegments(join(place, part))]
  const made = segments.reduce((sum, segment) => sum + segment.duration, 0) / (init?.timescale ?? 1)
  if (init === undefined || made < report.seconds - SOUND_TOLERANCE_SECONDS) throw await explainLoss(place, report)
  if (made < film.durationSeconds - SOUND_TOLERANCE_SECONDS) {
    order.onDoubt?.(
      `Only ${made.toFixed(1)} s of ${film.durationSeconds.toFixed(1)} s of the sound ${name} could be decoded.`,
    )
  }
  doubt(order, findDamage(`the sound ${name}`, report.complaint))
  const { startSeconds } = await measureRendition(join(folder, 'hls', rungFolder(ladder[0] ?? { name: '' })))
  await finishRendition(join(place, part), segments, startSeconds)
  await publish(join(place, part), join(folder, 'hls', to))
  await rm(place, { recursive: true })
}

function doubt({ onDoubt }: RenditionOrder, sentence: string | undefined): void {
  if (sentence !== undefined) onDoubt?.(sentence)
}

/** A few frames of AAC. */
const SOUND_TOLERANCE_SECONDS = 0.15

/**
 * Takes over what an earlier run had made of all these sizes: how many whole segments of each there are now in `place`.
 * Its folder is taken away, so that an encoder that outlived it has nowhere to write.
 */
async function adopt({ film, folder }: RenditionOrder, rungs: readonly Rung[], place: string): Promise<number> {
  // The last frame of the picture must be made again where it stays until the sound ends.
  let kept = Math.floor((film.pictureFrames - 1) / framesPerSegment(film))
  const earlier = (await readdir(folder).catch(() => [])).filter((name) => /^making-\d+(?:-new)?$/.test(name))
  const from = earlier.length === 1 ? join(folder, earlier[0] ?? '') : undefined
  for (const rung of rungs) {
    const segments = from === undefined ? [] : await readSegments(join(from, rung.name))
    const whole = segments.findIndex((segment) => !isFull(film)(segment))
    const hasInit = from !== undefined && (await readInit(join(from, rung.name))) !== undefined
    kept = Math.min(kept, hasInit ? (whole < 0 ? segments.length : whole) : 0)
  }
  const fresh = join(folder, `making-${process.pid}-new`)
  await rm(fresh, { recursive: true, force: true })
  for (const rung of rungs) {
    await mkdir(join(fresh, rung.name), { recursive: true })
    if (kept === 0 || from === undefined) continue
    const names = [INIT_NAME, ...Array.from({ length: kept }, (_, i) => segmentName(i))]
    for (const name of names) await rename(join(from, rung.name, name), join(fresh, rung.name, name))
  }
  for (const name of earlier) await rm(join(folder, name), { recursive: true })
  await rename(fresh, place)
  return kept
}

function isFull(film: Film): (segment: Segment) => boolean {
  return ({ samples }) => samples === framesPerSegment(film)
}

/** Under its own name only when all of it is on the disk. */
async function publish(made: string, output: string): Promise<void> {
  await rm(output, { recursive: true, force: true })
  await mkdir(dirname(output), { recursive: true })
  await rename(made, output)
  await flush(dirname(output))
}

/** A disk with less than this is full: a segment does not fit. */
const FULL_BYTES = 2 ** 22

/** Why there is less on the disk than ffmpeg says that it made. */
async function explainLoss(folder: string, { complaint }: ToolReport): Promise<UploadProblem> {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < FULL_BYTES || /No space left/i.test(complaint)) return new UploadProblem(DISK_FULL)
  const last = complaint.trim().split('\n').at(-1)
  const why = last === undefined || last === '' ? '' : ` (${last})`
  return new UploadProblem(
    `ffmpeg said that it was done, but what it made is not whole${why}: run the same command again.`,
  )
}

function inSeconds(frames: number, film: Film): string {
  return `${(frames / fraction(film.frameRate)).toFixed(1)} s`
}
