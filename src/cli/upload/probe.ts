// Asks ffprobe what a file is, and says in a sentence when it is no film.
import { basename } from 'node:path'
import { readFilm, type Film, type Probe } from './film.ts'
import { filmInput } from './input.ts'
import { UploadProblem } from './problem.ts'
import { runFfprobe, ToolFailure } from './tool.ts'

/** `languages` name the audio tracks that have none, in order. */
export async function probeFilm(path: string, languages: readonly string[], signal?: AbortSignal): Promise<Film> {
  const args = ['-show_format', '-show_streams', '-show_chapters', '-of', 'json']
  const json = await runFfprobe(filmInput(path), args, signal).catch((error: unknown) => {
    if (error instanceof ToolFailure) throw unreadable(path, error.complaint)
    throw error
  })
  const film = readFilm(JSON.parse(json) as Probe, languages)
  if (film === undefined) throw unreadable(path)
  return film
}

function unreadable(path: string, complaint = ''): UploadProblem {
  const why = whyUnreadable(complaint)
  return new UploadProblem(`ffmpeg cannot read ${basename(path)} as a video${why === undefined ? '' : `: ${why}`}.`)
}

/** Pure: a reason out of what ffprobe wrote; undefined when it gave none that helps. */
export function whyUnreadable(complaint: string): string | undefined {
  const format = /\[(\S+) @ [^\]]*\] Format not on whitelist/.exec(complaint)?.[1]
  if (format !== undefined) return `its content is of the format ${format}, which is not one of films`
  if (/moov atom not found/.test(complaint))
    return 'it has no index, so it was cut off, is damaged, or is something else'
  return undefined
}
