// What the tests ask of every player, in its own words below. Runs in the browser; knows no test.

export interface Player {
  /** Resolves when the player knows what there is to play. */
  load(url: string): Promise<void>
  /** Heights in pixels that one can choose from; empty when the player offers no choice. */
  qualities(): number[]
  chooseQuality(height: number): void
  /** Language codes of the sound one can switch to. */
  languages(): string[]
  hear(language: string): void
  /** Language codes of the subtitles. */
  subtitles(): string[]
  read(language: string): void
  /** The text of the cues that are shown right now. */
  words(): string[]
  /** The preview picture of a moment, by the player's own reading of a WebVTT storyboard. */
  preview?(storyboardUrl: string, seconds: number): Promise<Preview>
  destroy(): Promise<void>
}

/** Where in which picture a preview lies, pixels. */
export interface Preview {
  readonly pictureUrl: string
  readonly left: number
  readonly width: number
}

/** Anything the player reports as an error, in its own words. */
export type Complain = (complaint: string) => void

/** How far ahead each player may load: a short film must not lie in memory whole, or a seek would send no request. */
export const AHEAD_SECONDS = 4

export type MakePlayer = (video: HTMLVideoElement, complain: Complain) => Player

/** The text of the shown cues of the browser's own tracks. */
export function nativeWords(video: HTMLVideoElement): string[] {
  return [...video.textTracks]
    .filter((track) => track.mode === 'showing')
    .flatMap((track) => [...(track.activeCues ?? [])])
    .flatMap((cue) => (cue instanceof VTTCue ? [cue.text] : []))
}
