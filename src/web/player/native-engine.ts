// The browser's own HLS behind the engine interface. Quality is the browser's business; tracks are, where it lists them.
import { NOTHING_TO_CHOOSE, onceLoaded, type EngineEvents, type PlayerEngine, type Choices } from './player-engine.ts'

/** Not in TypeScript's DOM: Safari has it (HTML §4.8.11.10.1). */
interface AudioTrack {
  enabled: boolean
  readonly label: string
  readonly language: string
}
type VideoWithAudioTracks = HTMLVideoElement & { readonly audioTracks?: ArrayLike<AudioTrack> & EventTarget }

export function openNativeEngine(video: VideoWithAudioTracks, stream: string, events: EngineEvents): PlayerEngine {
  const audio = (): AudioTrack[] => Array.from(video.audioTracks ?? [])
  const texts = (): TextTrack[] =>
    Array.from(video.textTracks).filter((track) => track.kind === 'subtitles' || track.kind === 'captions')

  for (const list of [video.textTracks, video.audioTracks]) {
    for (const type of ['addtrack', 'removetrack', 'change']) list?.addEventListener(type, () => events.changed())
  }
  video.addEventListener('error', () => {
    // The browser does not tell why: a refused signature looks like a lost network, and both are cured by a reload.
    const code = video.error?.code
    if (code === MediaError.MEDIA_ERR_DECODE) events.failed('media')
    else if (code !== undefined) events.failed(navigator.onLine ? 'expired' : 'network')
  })
  video.src = stream

  const select = (id: number): void => {
    // Cues are drawn by the page, so a chosen track is "hidden": loaded, with events, not drawn by the browser.
    for (const [index, track] of texts().entries()) track.mode = index === id ? 'hidden' : 'disabled'
    events.changed()
  }

  return {
    qualities: () => NOTHING_TO_CHOOSE,
    audioTracks: () => choicesOf(audio(), (track) => track.enabled),
    subtitles: () => choicesOf(texts(), (track) => track.mode !== 'disabled'),
    selectQuality: () => undefined,
    selectAudioTrack(id) {
      for (const [index, track] of audio().entries()) track.enabled = index === id
      events.changed()
    },
    selectSubtitles: select,
    reload() {
      const { currentTime, paused, ended } = video
      const subtitleId = texts().findIndex((track) => track.mode !== 'disabled')
      const audioId = audio().findIndex((track) => track.enabled)
      video.src = stream
      video.load()
      if (!paused || ended) video.play().catch(() => undefined)
      onceLoaded(video, () => {
        video.currentTime = currentTime
        select(subtitleId)
        for (const [index, track] of audio().entries()) track.enabled = audioId < 0 || index === audioId
      })
    },
  }
}

function choicesOf<Track extends { readonly label: string; readonly language: string }>(
  tracks: readonly Track[],
  isSelected: (track: Track) => boolean,
): Choices {
  return {
    list: tracks.map(({ label, language }, id) => ({
      id,
      label: label || language || `Track ${id + 1}`,
      language: language || undefined,
    })),
    selectedId: tracks.findIndex(isSelected),
  }
}
