// Subtitles that lie beside a film in files named after it: film.srt, film.de.vtt, film.en.forced.srt.
import { open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { languageTag } from '../../../core/packaging/language.ts'
import { nameOfFile } from '../options.ts'
import type { SubtitleTrack } from '../film/subtitle-track.ts'

/** The film's name, then a dot and these; anything else between the dots makes it the file of another film. */
const EXTENSIONS = new Set(['srt', 'vtt', 'webvtt', 'ass', 'ssa'])

export type SidecarName = Pick<SubtitleTrack, 'language' | 'isForced' | 'isForHearingImpaired'>

export interface Sidecars {
  readonly tracks: readonly SubtitleTrack[]
  /** Sentences about those that are left out. */
  readonly notices: readonly string[]
}

/** A day of subtitles has less. */
const MAX_BYTES = 20_000_000

export async function findSidecars(film: string): Promise<Sidecars> {
  const folder = dirname(film)
  // A folder that may not be listed holds no files that the person would expect to be found.
  const names = await readdir(folder).catch(() => [])
  const tracks: SubtitleTrack[] = []
  const notices: string[] = []
  for (const name of names.sort((a, b) => a.localeCompare(b, 'en'))) {
    const said = readSidecarName(film, name)
    if (said === undefined) continue
    const path = join(folder, name)
    const found = await readable(path)
    if (typeof found === 'string') notices.push(`Subtitles ${name} are left out: ${found}.`)
    else tracks.push({ ...said, index: undefined, codec: 'text', title: undefined, file: { name, path, ...found } })
  }
  return { tracks, notices }
}

/** Pure: what a name says; undefined when it is not one of this film's subtitles. */
export function readSidecarName(film: string, name: string): SidecarName | undefined {
  // Some systems take names apart into letters and accents.
  const stem = nameOfFile(film).normalize()
  const [extension = '', ...words] = name.normalize().slice(stem.length).split('.').slice(1).reverse()
  if (!name.normalize().startsWith(`${stem}.`) || !EXTENSIONS.has(extension.toLowerCase())) return undefined
  if (name === basename(film)) return undefined
  let language: string | undefined
  let isForced = false
  let isForHearingImpaired = false
  for (const word of words.reverse()) {
    const tag = languageTag(word)
    if (/^forced$/i.test(word)) isForced = true
    // `hi` alone is Hindi.
    else if (/^(?:sdh|cc)$/i.test(word) || (/^hi$/i.test(word) && language !== undefined)) isForHearingImpaired = true
    else if (/^default$/i.test(word)) continue
    else if (tag !== undefined && language === undefined) language = tag
    else return undefined
  }
  return { language, isForced, isForHearingImpaired }
}

async function readable(path: string): Promise<{ sizeBytes: number; modifiedMs: number } | string> {
  try {
    const found = await stat(path)
    if (!found.isFile()) return 'it is not a file'
    if (found.size > MAX_BYTES) return 'the file is too large for subtitles'
    await (await open(path, 'r')).close()
    return { sizeBytes: found.size, modifiedMs: Math.round(found.mtimeMs) }
  } catch {
    return 'this user may not read the file'
  }
}
