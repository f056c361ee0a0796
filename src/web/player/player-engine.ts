// What plays the stream, as the controls see it: one small interface over hls.js and the browser's own HLS.

/** `id` −1 means Auto (quality) or Off (subtitles). */
export interface Choice {
  readonly id: number
  readonly label: string
  /** BCP 47, for a label written in that language. */
  readonly language?: string | undefined
}

/** `list` is empty when there is nothing to choose. */
export interface Choices {
  readonly list: readonly Choice[]
  readonly selectedId: number
}

/** `expired`: storage refused a signed address; `gone`: no such stream any more; `media`: cannot be decoded. */
export type Problem = 'expired' | 'gone' | 'network' | 'media' | 'unsupported'

export interface EngineEvents {
  /** A list of choices, or what is selected, is different now. */
  changed(): void
  /** Playback cannot go on without `reload`. */
  failed(problem: Problem): void
}

export interface PlayerEngine {
  qualities(): Choices
  audioTracks(): Choices
  subtitles(): Choices
  selectQuality(id: number): void
  selectAudioTrack(id: number): void
  selectSubtitles(id: number): void
  /** Loads the playlist anew, with fresh signatures, and goes on at the same position with the same choices. */
  reload(): void
}

export const NOTHING_TO_CHOOSE: Choices = { list: [], selectedId: -1 }

/** Calls back once with the first moment at which `video` knows its length. */
export function onceLoaded(video: HTMLVideoElement, then: () => void): void {
  if (video.readyState >= HTMLMediaElement.HAVE_METADATA) then()
  else video.addEventListener('loadedmetadata', then, { once: true })
}
