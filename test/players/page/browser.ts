// The browser's own player: no script between the element and the URL.
import { nativeWords, type MakePlayer } from './player.ts'

export const makeBrowser: MakePlayer = (video, complain) => {
  video.addEventListener('error', () => complain(`error ${video.error?.code} ${video.error?.message}`))
  return {
    async load(url) {
      const known = new Promise<void>((resolve) =>
        video.addEventListener('loadedmetadata', () => resolve(), { once: true }),
      )
      // Without it Chromium's HLS player refuses byte ranges of another origin.
      if (url.includes('.m3u8')) video.crossOrigin = 'anonymous'
      video.src = url
      await known
    },
    qualities: () => [],
    chooseQuality: () => undefined,
    languages: () => [],
    hear: () => undefined,
    subtitles: () => [...video.textTracks].map((track) => track.language),
    read(language) {
      for (const track of video.textTracks) track.mode = track.language === language ? 'showing' : 'disabled'
    },
    words: () => nativeWords(video),
    async destroy() {
      video.removeAttribute('src')
      video.load()
    },
  }
}
