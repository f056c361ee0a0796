// The browser's own HLS behind the engine interface. Quality is the browser's business, and so are its tracks.
import { onceLoaded, type EngineEvents, type PlayerEngine } from './player-engine.ts'

/** Not in TypeScript's DOM: Safari has it (HTML §4.8.11.10.1). */
interface AudioTrack {
  enabled: boolean
}
type VideoWithAudioTracks = HTMLVideoElement & { readonly audioTracks?: ArrayLike<AudioTrack> }

/** `source` is asked at every load. `folder`: where the stream lies, absolute; `undefined` for a file. */
export function openNativeEngine(
  video: VideoWithAudioTracks,
  source: () => string,
  events: EngineEvents,
  folder: string | undefined,
): PlayerEngine {
  const audio = (): AudioTrack[] => Array.from(video.audioTracks ?? [])
  function report(): void {
    // The browser does not tell why: a refused signature looks like a lost network, and both are cured by a reload.
    const code = video.error?.code
    if (code === MediaError.MEDIA_ERR_DECODE) events.failed('media')
    else if (code !== undefined) events.failed(navigator.onLine ? 'expired' : 'network')
  }
  video.addEventListener('error', report)
  video.src = source()
  if (folder !== undefined) events.loaded({ folder, chapters: undefined })

  return {
    renditions: () => ({ list: [], selected: -1 }),
    sounds: () => undefined,
    selectRendition: () => undefined,
    selectSound: () => undefined,
    reload() {
      const { currentTime, paused, ended } = video
      const texts = Array.from(video.textTracks)
      const shown = texts.findIndex((track) => track.mode === 'showing')
      const heard = audio().findIndex((track) => track.enabled)
      video.src = source()
      video.load()
      if (!paused || ended) video.play().catch(() => undefined)
      onceLoaded(video, () => {
        video.currentTime = currentTime
        const track = video.textTracks[shown]
        if (track) track.mode = 'showing'
        for (const [index, sound] of audio().entries()) sound.enabled = heard < 0 || index === heard
      })
    },
    close() {
      video.removeEventListener('error', report)
      video.removeAttribute('src')
      video.load()
    },
  }
}
