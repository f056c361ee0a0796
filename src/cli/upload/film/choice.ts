// What the person wishes of a film's tracks: which are taken, and what those are that do not say it. Pure.
import { usageProblem } from '../../command.ts'
import { languageTag } from '../../../core/packaging/language.ts'
import type { SubtitleTrack } from './subtitle-track.ts'

export interface TrackWishes {
  /** Of the sounds that have none, in order. */
  readonly languages?: readonly string[]
  readonly subtitleLanguages?: readonly string[]
  /** What `readChoice` made of --audio; undefined for all. */
  readonly audio?: readonly string[] | undefined
  readonly subtitles?: readonly string[] | undefined
  /** In files beside the film. */
  readonly beside?: readonly SubtitleTrack[]
}

interface Choosable {
  readonly index: number | undefined
  readonly file?: { readonly name: string } | undefined
  readonly language: string | undefined
}

/** Words of a list such as `de,en` or `2,film.de.srt`; empty for `none`, undefined when nothing is chosen. */
export function readChoice(option: string, list: string | undefined): readonly string[] | undefined {
  if (list === undefined) return undefined
  const words = list.split(',').map((word) => word.trim())
  if (words.includes('')) throw usageProblem(`--${option} takes languages or numbers, such as de,2, or none.`)
  if (!words.includes('none')) return words
  if (words.length > 1) throw usageProblem(`--${option} takes none without other tracks.`)
  return []
}

/**
 * The tracks of those words, in the order of the words: a language takes all of that language, a number the stream of
 * that number as --dry-run shows it, a name the file. A word that names nothing is wrong use.
 */
export function chooseTracks<Track extends Choosable>(
  option: string,
  tracks: readonly Track[],
  words: readonly string[] | undefined,
): readonly Track[] {
  if (words === undefined) return tracks
  const chosen = new Set<Track>()
  for (const word of words) {
    const named = tracks.filter((track) => isNamed(track, word))
    if (named.length === 0) throw usageProblem(`--${option}: no track is ${word}. There ${listTracks(tracks)}.`)
    for (const track of named) chosen.add(track)
  }
  return [...chosen]
}

/** Those without a language get the next of the list. */
export function nameTracks<Track extends { readonly language: string | undefined }>(
  tracks: readonly Track[],
  languages: readonly string[] = [],
): Track[] {
  const unused = [...languages]
  return tracks.map((track) => ({ ...track, language: track.language ?? languageTag(unused.shift()) }))
}

function isNamed({ index, file, language }: Choosable, word: string): boolean {
  if (/^\d+$/.test(word)) return index === Number(word)
  if (file?.name === word) return true
  const tag = languageTag(word)
  return tag !== undefined && (language === tag || language?.startsWith(`${tag}-`) === true)
}

function listTracks(tracks: readonly Choosable[]): string {
  if (tracks.length === 0) return 'is none'
  const words = tracks.map(({ index, file, language }) => {
    const name = file?.name ?? String(index)
    return language === undefined ? name : `${name} (${language})`
  })
  return `${words.length === 1 ? 'is' : 'are'} ${words.join(', ')}`
}
