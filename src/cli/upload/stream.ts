// Makes a film's whole stream in a folder: renditions, subtitles, stills, entry playlist. What is there is kept, so an
// interrupted making goes on where it stopped. Sends nothing anywhere.
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CHAPTERS, writeChapters } from './chapters.ts'
import { encodeAudio, encodeVideo, type EncodeSettings } from './encode.ts'
import { fraction, type Film } from './film.ts'
import type { Rung } from './ladder.ts'
import { writeMultivariant, type Sound, type Variant, type Words } from './multivariant.ts'
import { IFRAMES, measureRendition, readVideoCodec, subtitlePlaylist, writeIFrames } from './rendition.ts'
import { makeSprite, makeThumbnail, thumbnailSeconds } from './stills.ts'
import { hasCues, writeSubtitles } from './subtitles.ts'
import { alignTargetDurations } from './target-duration.ts'
import type { ToolRun } from './tool.ts'
import { placeAudio, placeSubtitles } from './tracks.ts'
import { gridFor, writeStoryboard } from './webvtt.ts'

export interface StreamOrder {
  readonly source: string
  readonly film: Film
  /** Largest first. */
  readonly ladder: readonly Rung[]
  readonly settings: EncodeSettings
  /** Gets `hls/` and `thumbnail.jpg`. */
  readonly folder: string
  /** Where to look for the thumbnail; a tenth into the film if left out. */
  readonly thumbnailSeconds?: number
  readonly signal?: AbortSignal
  /** What is being made, and how much of all the making is done, 0 to 1. */
  readonly onProgress?: (label: string, done: number) => void
  /** Says in a sentence what is left out or made otherwise than the film has it. */
  readonly onNotice?: (sentence: string) => void
}

export interface MadeStream {
  readonly durationSeconds: number
  /** How many of the results were there before. */
  readonly kept: number
}

interface Task {
  readonly label: string
  readonly output: string
  /** Roughly the work in it, in any unit. */
  readonly weight: number
  readonly make: (place: string, run: ToolRun) => Promise<void>
}

/** Sound costs about as much as so many pixels a frame. */
const SOUND_WEIGHT = 20_000

export async function makeStream(order: StreamOrder): Promise<MadeStream> {
  const { film, ladder } = order
  const hls = join(order.folder, 'hls')
  const tasks = [...renditionTasks(order, hls), ...subtitleTasks(order, hls)]
  const all = tasks.reduce((sum, task) => sum + task.weight, 0)
  let done = 0
  let kept = 0
  for (const task of tasks) {
    order.onProgress?.(task.label, done / all)
    const onSeconds = (seconds: number): void => {
      const part = film.durationSeconds > 0 ? Math.min(seconds / film.durationSeconds, 1) : 0
      order.onProgress?.(task.label, (done + part * task.weight) / all)
    }
    if (!(await makeOnce(task.output, (place) => task.make(place, { signal: order.signal, onSeconds })))) kept++
    done += task.weight
  }
  order.onProgress?.('Stills', 1)
  const smallest = ladder.at(-1)
  if (smallest === undefined) throw new TypeError('a ladder has at least one rung')
  const { durationSeconds } = await measureRendition(join(hls, rungFolder(smallest)))
  await makeStills(order, hls, smallest, durationSeconds)
  await writeEntry(order, hls)
  return { durationSeconds, kept }
}

function renditionTasks({ source, film, ladder, settings }: StreamOrder, hls: string): Task[] {
  const video = ladder.map((rung) => ({
    label: rung.name,
    output: join(hls, rungFolder(rung)),
    weight: rung.width * rung.height,
    make: (place: string, run: ToolRun) => encodeVideo(source, film, rung, settings, place, run),
  }))
  const audio = placeAudio(film).map(({ track, folder, name }) => ({
    label: `Sound: ${name}`,
    output: join(hls, folder),
    weight: SOUND_WEIGHT,
    make: (place: string, run: ToolRun) => encodeAudio(source, track, settings, place, run),
  }))
  return [...video, ...audio]
}

export const WORDS = 'words.vtt'

function subtitleTasks({ source, film, onNotice }: StreamOrder, hls: string): Task[] {
  return placeSubtitles(film).map(({ track, folder, name }) => ({
    label: `Subtitles: ${name}`,
    output: join(hls, folder),
    weight: SOUND_WEIGHT / 4,
    make: async (place: string, run: ToolRun) => {
      await mkdir(place, { recursive: true })
      await writeSubtitles({ source, track, name, onNotice }, join(place, WORDS), run)
    },
  }))
}

async function makeStills(order: StreamOrder, hls: string, smallest: Rung, durationSeconds: number): Promise<void> {
  const { source, film, signal } = order
  const grid = gridFor({ ...film, durationSeconds }, 'storyboard.jpg')
  await makeOnce(join(hls, grid.image), (place) =>
    makeSprite(join(hls, rungFolder(smallest), 'index.m3u8'), grid, place, { signal }),
  )
  await writeFile(join(hls, 'storyboard.vtt'), writeStoryboard(grid))
  await makeOnce(join(order.folder, 'thumbnail.jpg'), (place) =>
    makeThumbnail(source, film, order.thumbnailSeconds ?? thumbnailSeconds(film), place, { signal }),
  )
}

/** Written from what the renditions really are; cheap, so always written anew. */
async function writeEntry({ film, ladder }: StreamOrder, hls: string): Promise<void> {
  const renditions = [...ladder.map(rungFolder), ...placeAudio(film).map(({ folder }) => folder)]
  await alignTargetDurations(renditions.map((folder) => join(hls, folder, 'index.m3u8')))
  const variants: Variant[] = []
  for (const rung of ladder) {
    const folder = rungFolder(rung)
    const place = join(hls, folder)
    const { peak, average } = await measureRendition(place)
    const framesPerSecond = fraction(film.frameRate)
    variants.push({ ...rung, folder, codec: await readVideoCodec(place), framesPerSecond, peak, average })
  }
  const sounds: Sound[] = []
  for (const { track, folder, name } of placeAudio(film)) {
    const { peak, average } = await measureRendition(join(hls, folder))
    sounds.push({ folder, name, language: track.language, channels: track.channels, peak, average })
  }
  const smallest = variants.at(-1)
  const { durationSeconds } = await measureRendition(join(hls, smallest?.folder ?? ''))
  const words: Words[] = []
  for (const { track, folder, name } of placeSubtitles(film)) {
    if (!hasCues(await readFile(join(hls, folder, WORDS), 'utf8'))) continue
    words.push({ ...track, folder, name })
    await writeFile(join(hls, folder, 'index.m3u8'), subtitlePlaylist(WORDS, durationSeconds))
  }
  const peak = smallest && (await writeIFrames(join(hls, smallest.folder)))
  const iframes = smallest && peak !== undefined ? { variant: smallest, file: IFRAMES, peak } : undefined
  const chapters = film.chapters.length === 0 ? undefined : CHAPTERS
  if (chapters !== undefined) await writeFile(join(hls, chapters), writeChapters(film.chapters))
  await writeFile(join(hls, 'index.m3u8'), writeMultivariant({ variants, sounds, words, iframes, chapters }))
}

export function rungFolder(rung: Pick<Rung, 'name'>): string {
  return `video/${rung.name}`
}

/** Makes a file or folder beside its place and moves it there when it is whole; false when it was there. */
async function makeOnce(output: string, make: (place: string) => Promise<void>): Promise<boolean> {
  const isThere = await access(output).then(
    () => true,
    () => false,
  )
  if (isThere) return false
  // Of this process alone: an encoder that outlived a killed command may still be writing to its own.
  const place = `${output}.part-${process.pid}`
  await mkdir(dirname(output), { recursive: true })
  try {
    await make(place)
    await rename(place, output)
  } finally {
    await rm(place, { recursive: true, force: true })
  }
  return true
}
