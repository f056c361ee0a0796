// Where each track of a film lies in its stream and what a player's menu calls it. Pure.
import { languageName } from './language.ts'

export interface Placed<Track> {
  readonly track: Track
  /** Below the stream's folder: `audio/en`, `audio/en-2`. */
  readonly folder: string
  /** No two of a kind have the same (RFC 8216bis §4.4.6.1.1). */
  readonly name: string
}

export interface Named {
  /** BCP 47. */
  readonly language: string | undefined
  readonly title: string | undefined
  /** What tells two of one language apart: ` (forced)`. */
  readonly mark?: string
}

/** In the order given; `kind` is the folder of them all. */
export function placeTracks<Track extends Named>(kind: string, tracks: readonly Track[]): Placed<Track>[] {
  const folders = new Set<string>()
  const names = new Set<string>()
  return tracks.map((track, i) => {
    const { language, title, mark = '' } = track
    const name = title ?? (language === undefined ? `Track ${i + 1}` : languageName(language)) + mark
    return {
      track,
      folder: unused(folders, `${kind}/${language ?? 'und'}`, '-'),
      name: unused(names, name, ' '),
    }
  })
}

function unused(taken: Set<string>, wanted: string, separator: string): string {
  let text = wanted
  for (let n = 2; taken.has(text); n++) text = wanted + separator + n
  taken.add(text)
  return text
}
