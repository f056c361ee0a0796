// Where each track of a film lies in its stream and what a player's menu calls it. Pure.
import type { Film } from './film.ts'
import { languageName } from '../probe/language.ts'
import type { AudioTrack } from './sound.ts'
import type { SubtitleTrack } from './subtitle-track.ts'

export interface Placed<Track> {
  readonly track: Track
  /** Below the stream's folder: `audio/en`, `audio/en-2`. */
  readonly folder: string
  /** No two of a kind have the same (RFC 8216bis §4.4.6.1.1). */
  readonly name: string
}

/** The film's own default first: it becomes the stream's. */
export function placeAudio(film: Pick<Film, 'audio'>): Placed<AudioTrack>[] {
  const defaults = film.audio.filter((track) => track.isDefault)
  return place('audio', [...defaults, ...film.audio.filter((track) => !track.isDefault)])
}

export function placeSubtitles(film: Pick<Film, 'subtitles'>): Placed<SubtitleTrack>[] {
  const marked = film.subtitles.map((track) => ({ ...track, mark: markOf(track) }))
  return place('subtitles', marked)
}

/** What tells two of one language apart. */
function markOf({ isForced, isForHearingImpaired }: SubtitleTrack): string {
  if (isForced) return ' (forced)'
  return isForHearingImpaired ? ' (SDH)' : ''
}

function place<Track extends { language: string | undefined; title: string | undefined; mark?: string }>(
  kind: string,
  tracks: readonly Track[],
): Placed<Track>[] {
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
