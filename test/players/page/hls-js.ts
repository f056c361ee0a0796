// hls.js, as the tests ask it.
import HlsJs, { Events, type HlsConfig } from 'hls.js'
import { AHEAD_SECONDS, nativeWords, type Complain, type MakePlayer, type Player } from './player.ts'

export const makeHlsJs: MakePlayer = (video, complain) => make(video, complain, {})

/** With Common Media Client Data, which it sends with every playlist and media request. */
export const makeHlsJsWithCmcd =
  (useHeaders: boolean): MakePlayer =>
  (video, complain) =>
    make(video, complain, { cmcd: { sessionId: 'a viewing', contentId: 'a film', useHeaders } })

function make(video: HTMLVideoElement, complain: Complain, config: Partial<HlsConfig>): Player {
  const hls = new HlsJs({ maxBufferLength: AHEAD_SECONDS, maxMaxBufferLength: AHEAD_SECONDS, ...config })
  hls.on(Events.ERROR, (_, { type, details, fatal, error }) => {
    // The rest it mends by itself: a hole skipped, a request given up. What was refused is noted outside the page.
    if (fatal) complain(`${type} ${details} ${error.message}`)
  })
  return {
    async load(url) {
      const parsed = new Promise<void>((resolve) => hls.once(Events.MANIFEST_PARSED, () => resolve()))
      hls.loadSource(url)
      hls.attachMedia(video)
      await parsed
    },
    qualities: () => hls.levels.map((level) => level.height),
    chooseQuality(height) {
      hls.currentLevel = hls.levels.findIndex((level) => level.height === height)
    },
    languages: () => hls.audioTracks.map((track) => track.lang ?? ''),
    hear(language) {
      hls.audioTrack = hls.audioTracks.findIndex((track) => track.lang === language)
    },
    subtitles: () => hls.subtitleTracks.map((track) => track.lang ?? ''),
    read(language) {
      hls.subtitleDisplay = true
      hls.subtitleTrack = hls.subtitleTracks.findIndex((track) => track.lang === language)
    },
    words: () => nativeWords(video),
    async destroy() {
      hls.destroy()
    },
  }
}
