// Video.js with its own HLS engine, as the tests ask it.
import videojs from 'video.js'
import { AHEAD_SECONDS, type MakePlayer } from './player.ts'

/** Lists of Video.js are array-like and typed loosely. */
interface List<Item> {
  readonly length: number
  readonly [index: number]: Item
}
interface Quality {
  readonly height: number
  enabled: boolean
}
/** Its engine's settings, which are global. */
const { Vhs } = videojs as unknown as { Vhs: { GOAL_BUFFER_LENGTH: number; MAX_GOAL_BUFFER_LENGTH: number } }
Vhs.GOAL_BUFFER_LENGTH = AHEAD_SECONDS
Vhs.MAX_GOAL_BUFFER_LENGTH = AHEAD_SECONDS

/** A plug-in that comes with it and is missing from its types. */
interface WithQualities {
  qualityLevels(): List<Quality>
}
interface Track {
  readonly language: string
  readonly kind: string
  enabled: boolean
  mode: string
  readonly activeCues: List<{ readonly text: string }> | null
}

export const makeVideoJs: MakePlayer = (video, complain) => {
  videojs.log.level('error')
  video.classList.add('video-js')
  const player = videojs(video, { controls: true })
  player.on('error', () => complain(`error ${player.error()?.code} ${player.error()?.message}`))
  const qualities = (): Quality[] => Array.from((player as unknown as WithQualities).qualityLevels())
  const sounds = (): Track[] => Array.from(player.audioTracks() as unknown as List<Track>)
  const texts = (): Track[] =>
    Array.from(player.textTracks() as unknown as List<Track>).filter((track) => track.kind === 'subtitles')
  return {
    async load(url) {
      const known = new Promise<void>((resolve) => player.one('loadedmetadata', () => resolve()))
      const type = url.includes('.m3u8') ? 'application/vnd.apple.mpegurl' : 'video/mp4'
      player.src({ src: url, type })
      await known
    },
    qualities: () => qualities().map((quality) => quality.height),
    chooseQuality(height) {
      // Its engine changes at once only when a quality is enabled that was not.
      for (const quality of qualities()) quality.enabled = false
      for (const quality of qualities()) quality.enabled = quality.height === height
    },
    languages: () => sounds().map((track) => track.language),
    hear(language) {
      for (const track of sounds()) track.enabled = track.language === language
    },
    subtitles: () => texts().map((track) => track.language),
    read(language) {
      for (const track of texts()) track.mode = track.language === language ? 'showing' : 'disabled'
    },
    words: () =>
      texts()
        .filter((track) => track.mode === 'showing')
        .flatMap((track) => Array.from(track.activeCues ?? []))
        .map((cue) => cue.text),
    async destroy() {
      player.dispose()
    },
  }
}
