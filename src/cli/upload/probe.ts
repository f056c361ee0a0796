// Asks ffprobe what a file is, and says in a sentence when it is no film.
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { readFilm, type Film, type Probe } from './film.ts'
import { usageProblem } from '../command.ts'
import { UploadProblem } from './problem.ts'
import { runFfprobe, ToolFailure } from './tool.ts'

export interface ProbedFile {
  readonly sizeBytes: number
  readonly modifiedMs: number
}

export async function findFile(path: string): Promise<ProbedFile> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw usageProblem(`There is no file ${path}`)
  if (!found.isFile()) throw usageProblem(`${path} is no file`)
  return { sizeBytes: found.size, modifiedMs: Math.round(found.mtimeMs) }
}

/** `languages` name the audio tracks that have none, in order. */
export async function probeFilm(path: string, languages: readonly string[], signal?: AbortSignal): Promise<Film> {
  const args = ['-show_format', '-show_streams', '-of', 'json', path]
  const json = await runFfprobe(args, signal).catch((error: unknown) => {
    if (error instanceof ToolFailure) throw noFilm(path)
    throw error
  })
  const film = readFilm(JSON.parse(json) as Probe, languages)
  if (film === undefined) throw noFilm(path)
  return film
}

function noFilm(path: string): UploadProblem {
  return new UploadProblem(`${basename(path)} is no video that ffmpeg can read.`)
}
