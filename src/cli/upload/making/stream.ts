// Makes a film's whole stream in a folder: renditions, subtitles, stills, entry playlist. What is there is kept, so an
// interrupted making goes on where it stopped. Sends nothing anywhere.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CHAPTERS, writeChapters } from '../probe/chapters.ts'
import { flush } from './flush.ts'
import { fraction } from '../picture/frame-rate.ts'
import type { Rung } from '../../../core/packaging/ladder.ts'
import { writeMultivariant, type Sound, type Variant, type Words } from '../../../core/packaging/multivariant.ts'
import { subtitlePlaylist } from '../../../core/packaging/media-playlist.ts'
import { IFRAMES, measureRendition, readRendition, writeIFrames } from './rendition.ts'
import { makePictures, makeSound, missingRungs, rungFolder, type RenditionOrder } from './renditions.ts'
import { findStill, isWholePicture, makeSprite, makeThumbnail } from './stills.ts'
import { hasCues, writeSubtitles } from '../subtitles/subtitles.ts'
import { alignTargetDurations } from './target-duration.ts'
import type { ToolRun } from '../tools/tool.ts'
import { placeAudio, placeSubtitles } from '../film/tracks.ts'
import { gridFor, writeStoryboard } from '../../../core/packaging/webvtt.ts'

/** `folder` gets `hls/` and `thumbnail.jpg`. */
export interface StreamOrder extends RenditionOrder {
  /** Where to look for the thumbnail; otherwise it is chosen. */
  readonly thumbnailSeconds?: number
  /** Of subtitles that are not Unicode; otherwise their language tells. */
  readonly subtitleEncoding?: string | undefined
  readonly signal?: AbortSignal
  /** What is being made, and how much of all the making is done, 0 to 1. */
  readonly onProgress?: (label: string, done: number) => void
  /** Says in a sentence what is left out or made otherwise than the film has it. */
  readonly onNotice?: (sentence: string) => void
}

export interface MadeStream {
  readonly durationSeconds: number
}

interface Task {
  readonly label: string
  /** Roughly the work in it, in any unit. */
  readonly weight: number
  readonly make: (run: ToolRun) => Promise<void>
}

/** Sound costs about as much as so many pixels a frame. */
const SOUND_WEIGHT = 20_000

export async function makeStream(order: StreamOrder): Promise<MadeStream> {
  const { film, ladder } = order
  const hls = join(order.folder, 'hls')
  const tasks = [...(await renditionTasks(order, hls)), ...(await subtitleTasks(order, hls))]
  const all = tasks.reduce((sum, task) => sum + task.weight, 0)
  let done = 0
  for (const task of tasks) {
    order.onProgress?.(task.label, done / all)
    const onSeconds = (seconds: number): void => {
      const part = Math.min(seconds / film.durationSeconds, 1)
      order.onProgress?.(task.label, (done + part * task.weight) / all)
    }
    await task.make({ signal: order.signal, onSeconds })
    done += task.weight
  }
  order.onProgress?.('Stills', 1)
  const smallest = ladder.at(-1)
  if (smallest === undefined) throw new TypeError('a ladder has at least one rung')
  const { durationSeconds } = await measureRendition(join(hls, rungFolder(smallest)))
  await makeStills(order, hls, smallest, durationSeconds)
  await writeEntry(order, hls)
  return { durationSeconds }
}

async function renditionTasks(order: StreamOrder, hls: string): Promise<Task[]> {
  const rungs = await missingRungs(order)
  const pictures = {
    label: rungs.map(({ name }) => name).join(', '),
    weight: rungs.reduce((sum, { width, height }) => sum + width * height, 0),
    make: (run: ToolRun) => makePictures(order, rungs, run),
  }
  const tasks: Task[] = rungs.length === 0 ? [] : [pictures]
  for (const sound of placeAudio(order.film)) {
    if ((await readRendition(join(hls, sound.folder))) !== undefined) continue
    const make = (run: ToolRun): Promise<void> => makeSound(order, sound, run)
    tasks.push({ label: `Sound: ${sound.name}`, weight: SOUND_WEIGHT, make })
  }
  return tasks
}

export const WORDS = 'words.vtt'

async function subtitleTasks(order: StreamOrder, hls: string): Promise<Task[]> {
  const { source, film, ladder, subtitleEncoding: encoding, onNotice } = order
  const tasks: Task[] = []
  for (const { track, folder, name } of placeSubtitles(film)) {
    const file = join(hls, folder, WORDS)
    if ((await readFile(file, 'utf8').catch(() => '')).startsWith('WEBVTT')) continue
    const make = async (run: ToolRun): Promise<void> => {
      const { startSeconds } = await measureRendition(join(hls, rungFolder(ladder[0] ?? { name: '' })))
      const subtitles = { source, track, name, clock: film.clock, startSeconds, encoding, onNotice }
      await makeWhole(file, (place) => writeSubtitles(subtitles, place, run))
    }
    tasks.push({ label: `Subtitles: ${name}`, weight: SOUND_WEIGHT / 4, make })
  }
  return tasks
}

/** Out of what was made, where every frame is upright, square and in its right colours. */
async function makeStills(order: StreamOrder, hls: string, smallest: Rung, durationSeconds: number): Promise<void> {
  const { film, ladder, signal } = order
  const playlistOf = (rung: Rung): string => join(hls, rungFolder(rung), 'index.m3u8')
  const grid = gridFor({ ...film, durationSeconds }, 'storyboard.jpg')
  const sprite = join(hls, grid.image)
  if (!(await isWholePicture(sprite))) {
    await makeWhole(sprite, (place) => makeSprite(playlistOf(smallest), grid, place, { signal }))
  }
  await writeFile(join(hls, 'storyboard.vtt'), writeStoryboard(grid))
  const thumbnail = join(order.folder, 'thumbnail.jpg')
  if (await isWholePicture(thumbnail)) return
  const at = order.thumbnailSeconds ?? (await findStill(playlistOf(smallest), durationSeconds, { signal }))
  await makeWhole(thumbnail, (place) =>
    makeThumbnail(join(hls, rungFolder(ladder[0] ?? smallest)), at, place, { signal }),
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
    const { peak, average, videoCodec: codec = '' } = await measureRendition(place)
    variants.push({ ...rung, folder, codec, framesPerSecond: fraction(film.frameRate), peak, average })
  }
  const sounds: Sound[] = []
  for (const { track, folder, name } of placeAudio(film)) {
    const { peak, average } = await measureRendition(join(hls, folder))
    const channels = Math.min(track.channels, 2)
    sounds.push({ folder, name, language: track.language, codec: 'mp4a.40.2', channels, peak, average })
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

/** Makes a file beside its place and moves it there when it is whole and on the disk. */
async function makeWhole(output: string, make: (place: string) => Promise<void>): Promise<void> {
  // Of this process alone: a tool that outlived a killed command may still be writing to its own.
  const place = `${output}.part-${process.pid}`
  await mkdir(dirname(output), { recursive: true })
  try {
    await make(place)
    await flush(place)
    await rename(place, output)
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}
