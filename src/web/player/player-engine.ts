// What plays the film, as the player sees it: one small interface over hls.js, the browser's own HLS and the original file.
// Its text and that of the player's words are the version of hls-engine.js: one of another version is not used.
// Subtitles are the text tracks of the video element itself: the one whose mode is `showing` is the one that is chosen.
import type { Texts } from './texts/en.ts'

/** Sizes in pixels, 0 when unknown; bit rates in bits a second. */
export interface Rendition {
  readonly id: string
  readonly width: number
  readonly height: number
  readonly bitrate: number
  readonly frameRate: number
}

export interface Sound {
  readonly label: string
  /** BCP 47, '' when unknown. */
  readonly language: string
}

/** `selected` is an index; −1 means Auto (renditions) or unknown (sounds). */
export interface Choices<Item> {
  readonly list: readonly Item[]
  readonly selected: number
}

/** `expired`: storage refused a signed address; `gone`: no such stream any more; `media`: cannot be decoded. */
export type Problem = 'expired' | 'gone' | 'network' | 'media' | 'unsupported'

/** What lies beside the playlists. Addresses are absolute. */
export interface Surroundings {
  /** Ends in `/`; of a private film the folder of this viewing. */
  readonly folder: string
  /** `com.apple.hls.chapters` of the multivariant playlist. */
  readonly chapters: string | undefined
}

export interface EngineEvents {
  /** A list of choices, or what is selected, is different now. */
  changed(): void
  loaded(around: Surroundings): void
  /** Playback cannot go on without `reload`. */
  failed(problem: Problem): void
}

/** `undefined` when it cannot work here. `stream` is asked at every load: a token in it may be a newer one. */
export type OpenHlsEngine = (
  video: HTMLVideoElement,
  stream: () => string,
  events: EngineEvents,
  texts: Texts,
) => PlayerEngine | undefined

export interface PlayerEngine {
  renditions(): Choices<Rendition>
  /** `undefined` when the video element has audio tracks of its own. */
  sounds(): Choices<Sound> | undefined
  selectRendition(index: number): void
  selectSound(index: number): void
  /** Loads the playlist anew, with fresh signatures, and goes on at the same position with the same choices. */
  reload(): void
  /** Lets go of the video for good. */
  close(): void
}

/** Calls back once with the first moment at which `video` knows its length. */
export function onceLoaded(video: HTMLVideoElement, then: () => void): void {
  if (video.readyState >= HTMLMediaElement.HAVE_METADATA) then()
  else video.addEventListener('loadedmetadata', then, { once: true })
}
