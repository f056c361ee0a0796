// A storyboard: one sprite of small pictures and the WebVTT that says which part of it belongs to which second.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runFfmpeg } from './ffmpeg.ts'
import { FILM_SECONDS } from './film.ts'

/** One picture of this width every so many seconds, side by side. */
export const STORYBOARD = { everySeconds: 2, width: 80, height: 45 }

const { everySeconds: EVERY_SECONDS, width: WIDTH, height: HEIGHT } = STORYBOARD

/** Writes `storyboard.vtt` and the sprite it names, relatively. */
export async function writeStoryboard(video: string, folder: string): Promise<void> {
  const count = FILM_SECONDS / EVERY_SECONDS
  const filter = `fps=1/${EVERY_SECONDS},scale=${WIDTH}:${HEIGHT},tile=${count}x1`
  await runFfmpeg(['-i', video, '-vf', filter, '-frames:v', '1', join(folder, 'storyboard.jpg')])
  const clock = (at: number): string => `00:00:${String(at).padStart(2, '0')}.000`
  const cues = Array.from({ length: count }, (_, index) => {
    const start = index * EVERY_SECONDS
    const place = `xywh=${index * WIDTH},0,${WIDTH},${HEIGHT}`
    return `${clock(start)} --> ${clock(start + EVERY_SECONDS)}\nstoryboard.jpg#${place}\n`
  })
  await writeFile(join(folder, 'storyboard.vtt'), ['WEBVTT\n', ...cues].join('\n'))
}
