// Makes the renditions of a film: all its sizes by one decoder, then each sound. What is whole on the disk is kept; an
// interrupted size goes on at the segment where it stopped; what a tool made is measured before it counts as made.
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findDamage } from '../film/doubts.ts'
import {
  framesPerSegment,
  INIT_NAME,
  pictureArguments,
  pictureInput,
  soundArguments,
  soundInput,
} from '../film/encode.ts'
import type { EncodeSettings } from '../film/encode.ts'
import type { Film } from '../film/film.ts'
import { fraction } from '../picture/frame-rate.ts'
import type { Placed } from '../../../core/packaging/track-places.ts'
import type { Rung } from '../../../core/packaging/ladder.ts'
import { beginMaking, encodeInto, explainLoss, isFull, publish, resumeMaking } from './making.ts'
import { finishRendition, measureRendition, readRendition } from './rendition.ts'
import { readInit, readSegments, type Segment } from './segments.ts'
import type { AudioTrack } from '../film/sound.ts'
import type { ToolRun } from '../tools/tool.ts'

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
  const { place, kept } = await resumeMaking(folder, film, rungs)
  const fromFrame = kept * framesPerSegment(film)
  const begunSeconds = fromFrame / fraction(film.frameRate)
  const readFirstInit = (): Promise<Buffer> => readFile(join(place, rungs[0]?.name ?? '', INIT_NAME))
  const init = kept === 0 ? undefined : await readFirstInit()
  const onSeconds = (seconds: number): void => run.onSeconds?.(begunSeconds + seconds)
  const args = pictureArguments(film, rungs, settings, fromFrame)
  const report = await encodeInto(place, pictureInput(source, film), args, { ...run, onSeconds })
  if (init?.equals(await readFirstInit()) === false) {
    // Another ffmpeg than the one that began it: what the two made does not go together.
    await rm(place, { recursive: true })
    return await makePictures(order, rungs, run)
  }
  const made = new Map<Rung, Segment[]>()
  for (const rung of rungs) made.set(rung, await readSegments(join(place, rung.name)))
  const frames = countFrames(film, [...made.values()])
  if (frames === undefined || frames < Math.max(1, fromFrame + report.frames)) throw await explainLoss(place, report)
  if (frames < film.frames) doubt(order, `Only ${share(frames, film)} of the picture could be decoded.`)
  doubt(order, findDamage('the picture', report.complaint))
  for (const [rung, segments] of made) {
    await finishRendition(join(place, rung.name), segments, 0)
    await publish(join(place, rung.name), join(folder, 'hls', rungFolder(rung)))
  }
  await rm(place, { recursive: true })
}

/** How many frames each size has; undefined when they differ, or a segment before the last is not full. */
function countFrames(film: Film, sizes: readonly (readonly Segment[])[]): number | undefined {
  const counts = sizes.map((segments) => segments.reduce((sum, { samples }) => sum + samples, 0))
  const areFull = sizes.every((segments) => segments.slice(0, -1).every((segment) => isFull(segment, film)))
  return areFull && new Set(counts).size === 1 ? counts[0] : undefined
}

/** Begins where the picture does. */
export async function makeSound(
  order: RenditionOrder,
  { track, folder: to, name }: Placed<AudioTrack>,
  run: ToolRun,
): Promise<void> {
  const { film, source, settings, folder, ladder } = order
  const part = 'sound'
  const place = await beginMaking(folder, part)
  const args = soundArguments(film, track, settings, part)
  const report = await encodeInto(place, soundInput(source), args, run)
  const [init, segments] = [await readInit(join(place, part)), await readSegments(join(place, part))]
  const made = segments.reduce((sum, segment) => sum + segment.duration, 0) / (init?.timescale ?? 1)
  if (init === undefined || made < report.seconds - SOUND_TOLERANCE_SECONDS) throw await explainLoss(place, report)
  if (made < film.durationSeconds - SOUND_TOLERANCE_SECONDS) {
    const found = `${made.toFixed(1)} s of ${film.durationSeconds.toFixed(1)} s`
    doubt(order, `Only ${found} of the sound ${name} could be decoded.`)
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

function share(frames: number, film: Film): string {
  const seconds = (count: number): string => `${(count / fraction(film.frameRate)).toFixed(1)} s`
  return `${seconds(frames)} of ${seconds(film.frames)}`
}
