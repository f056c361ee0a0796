// How a film can be watched in a browser, if at all. Pure.
import { playsInBrowsers } from '../storage/media-type.ts'
import type { VideoStatus } from './status.ts'

/**
 * `stream`: its HLS stream; `original`: there is no stream, and browsers play the file that was uploaded; `preparing`: a
 * stream is being made; `failed`: making one failed; `unplayable`: there is no stream, and none is being made.
 */
export type FilmState = 'stream' | 'original' | 'preparing' | 'failed' | 'unplayable'

/** A stream plays whatever the status says. `isOriginalAllowed`: whether this viewer may have the file itself. */
export function filmStateOf(
  video: { readonly status: VideoStatus; readonly storagePath: string },
  known: { readonly hasStream: boolean; readonly isOriginalAllowed: boolean },
): FilmState {
  if (known.hasStream) return 'stream'
  if (video.status === 'queued' || video.status === 'processing') return 'preparing'
  if (known.isOriginalAllowed && playsInBrowsers(video.storagePath)) return 'original'
  return video.status === 'failed' ? 'failed' : 'unplayable'
}
