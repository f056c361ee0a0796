// Where each track of a film lies in its stream. Pure.
import { placeTracks, type Placed } from '../../../core/packaging/track-places.ts'
import type { Film } from './film.ts'
import type { AudioTrack } from './sound.ts'
import type { SubtitleTrack } from './subtitle-track.ts'

/** The film's own default first: it becomes the stream's. */
export function placeAudio(film: Pick<Film, 'audio'>): Placed<AudioTrack>[] {
  const defaults = film.audio.filter((track) => track.isDefault)
  return placeTracks('audio', [...defaults, ...film.audio.filter((track) => !track.isDefault)])
}

export function placeSubtitles(film: Pick<Film, 'subtitles'>): Placed<SubtitleTrack>[] {
  const marked = film.subtitles.map((track) => ({ ...track, mark: markOf(track) }))
  return placeTracks('subtitles', marked)
}

/** What tells two of one language apart. */
function markOf({ isForced, isForHearingImpaired }: SubtitleTrack): string {
  if (isForced) return ' (forced)'
  return isForHearingImpaired ? ' (SDH)' : ''
}
