// Who may watch, as it is stored: `on` is the older word for `public`, and stays in the rows.
import type { PlaybackMode } from '../../core/playback-mode.ts'
import type { videos } from './schema/videos.ts'

type Stored = (typeof videos.$inferSelect)['playback']

export function storedPlayback(playback: PlaybackMode): Stored {
  return playback === 'public' ? 'on' : playback
}

export function toPlaybackMode(stored: Stored): PlaybackMode {
  return stored === 'on' ? 'public' : stored
}
