// The page's one object: opens a player, does to it what a viewer does, and reports what a viewer would notice.
import { makeBrowser } from './browser.ts'
import { listen, type Listener } from './ear.ts'
import { makeHlsJs, makeHlsJsWithCmcd } from './hls-js.ts'
import type { MakePlayer, Player } from './player.ts'
import { makeShaka } from './shaka.ts'
import { makeVideoJs } from './video-js.ts'

const MAKERS = {
  'hls.js': makeHlsJs,
  'hls.js, CMCD in headers': makeHlsJsWithCmcd(true),
  'hls.js, CMCD in the query': makeHlsJsWithCmcd(false),
  'Video.js': makeVideoJs,
  Shaka: makeShaka,
  '<video>': makeBrowser,
}
export type PlayerName = keyof typeof MAKERS

export interface Seen {
  /** Where the film is and how long it is. */
  readonly seconds: number
  readonly duration: number
  /** Decoded so far, by Chromium's own counters. */
  readonly frames: number
  readonly soundBytes: number
  /** Lines of the picture; 0 without one. */
  readonly height: number
}

const POLL_MS = 25
/** On a busy machine everything takes its time. */
const PATIENCE_MS = 60_000

const stage = document.createElement('main')
document.body.appendChild(stage)

let video: HTMLVideoElement
let player: Player
let ear: Listener | undefined
let complaints: string[] = []

function see(): Seen {
  const counters = video as unknown as { webkitAudioDecodedByteCount: number }
  return {
    seconds: video.currentTime,
    duration: video.duration,
    frames: video.getVideoPlaybackQuality().totalVideoFrames,
    soundBytes: counters.webkitAudioDecodedByteCount,
    height: video.videoHeight,
  }
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!isSo()) {
    if (complaints.length > 0) throw new Error(`${what}: ${complaints.join('; ')}`)
    if (performance.now() > deadline) throw new Error(`${what}: not within ${PATIENCE_MS} ms; ${JSON.stringify(see())}`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/** Plays on for some time of the film, perhaps over its end to its beginning. */
async function advance(seconds: number): Promise<void> {
  const from = video.currentTime
  await until(`playing on from ${from}`, () => video.currentTime >= from + seconds || video.currentTime < from)
}

export const lab = {
  /** Opens a fresh player and plays the first moments. */
  async open(name: PlayerName, url: string): Promise<Seen> {
    complaints = []
    video = document.createElement('video')
    video.playsInline = true
    video.width = 640
    video.height = 360
    stage.replaceChildren(video)
    const make: MakePlayer = MAKERS[name]
    player = make(video, (complaint) => complaints.push(complaint))
    // Set behind the back of Video.js, which would take the film up again by itself, whatever is set later.
    // The film goes on while a busy machine keeps us from looking; it must not be over by then.
    video.loop = true
    let isLoaded = false
    void player.load(url).then(() => (isLoaded = true))
    await until('loading', () => isLoaded)
    await video.play()
    await advance(0.2)
    return see()
  },

  see,
  async playOn(): Promise<Seen> {
    await advance(0.15)
    return see()
  },

  /** Seeks while playing, and plays on from there. */
  async seek(seconds: number): Promise<Seen> {
    const startMs = performance.now()
    video.currentTime = seconds
    // It plays on from there in the background.
    const isThere = (): boolean => {
      const beyond = video.currentTime - seconds
      return beyond > -0.5 && beyond < 0.5 + (performance.now() - startMs) / 1000
    }
    await until(`seeking to ${seconds}`, () => !video.seeking && isThere())
    await advance(0.15)
    return see()
  },

  /** Seeks close to the end and plays the film out. */
  async finish(): Promise<Seen> {
    video.loop = false
    video.currentTime = video.duration - 0.3
    await until('ending', () => video.ended)
    return see()
  },

  qualities: (): number[] => player.qualities(),
  /** Switches the picture and waits until it is the other one. */
  async chooseQuality(height: number): Promise<Seen> {
    player.chooseQuality(height)
    await until(`showing ${height} lines`, () => video.videoHeight === height)
    await advance(0.15)
    return see()
  },

  languages: (): string[] => player.languages(),
  /** Switches the sound and waits until its pitch is heard. */
  async hear(language: string, pitchHz: number): Promise<Seen> {
    ear ??= listen(video)
    player.hear(language)
    await until(`hearing ${language}`, () => Math.abs((ear?.pitchHz() ?? 0) - pitchHz) < 60)
    return see()
  },

  subtitles: (): string[] => player.subtitles(),
  /** Shows subtitles and waits until those of the very second are on. */
  async read(language: string, word: string): Promise<string[]> {
    player.read(language)
    await until(`reading ${language}`, () => player.words().join() === `${word} ${Math.floor(video.currentTime)}`)
    return player.words()
  },

  /** The preview of a moment, and how wide the picture it lies in really is. */
  async preview(
    storyboardUrl: string,
    seconds: number,
  ): Promise<{ left: number; width: number; pictureWidth: number }> {
    const preview = await player.preview?.(storyboardUrl, seconds)
    if (preview === undefined) throw new Error('this player has no previews')
    const picture = new Image()
    picture.src = preview.pictureUrl
    await picture.decode()
    return { left: preview.left, width: preview.width, pictureWidth: picture.naturalWidth }
  },

  /** Everything the player complained about. */
  async close(): Promise<readonly string[]> {
    ear?.stop()
    ear = undefined
    // An element that loses its source in the middle of a request complains about that as well.
    const heard = [...complaints]
    await player.destroy()
    stage.replaceChildren()
    return heard
  },
}

declare global {
  interface Window {
    lab: typeof lab
  }
}
window.lab = lab
