// Chooses the engine for this browser. The only file that knows both.
import { openNativeEngine } from './native-engine.ts'
import { onceLoaded, type EngineEvents, type PlayerEngine } from './player-engine.ts'

const HLS_TYPE = 'application/vnd.apple.mpegurl'

/**
 * The engine for this browser; `undefined` when it has none. A browser that plays HLS itself and tells about its audio
 * tracks (Safari) never loads hls.js: its own player can AirPlay and spares the battery.
 */
export async function openEngine(
  video: HTMLVideoElement,
  stream: string,
  events: EngineEvents,
): Promise<PlayerEngine | undefined> {
  const isNative = video.canPlayType(HLS_TYPE) !== ''
  if (isNative && Reflect.has(video, 'audioTracks'))
    return attached(video, () => openNativeEngine(video, stream, events))
  if ('MediaSource' in window || 'ManagedMediaSource' in window) {
    const { openHlsEngine } = await import('./hls-engine.ts')
    const engine = attached(video, () => openHlsEngine(video, stream, events))
    if (engine) return engine
  }
  return isNative ? attached(video, () => openNativeEngine(video, stream, events)) : undefined
}

/** Someone may have pressed play before the engine was there: a video is paused when its source changes. */
function attached<Engine>(video: HTMLVideoElement, open: () => Engine): Engine {
  const isPlaying = !video.paused
  const engine = open()
  if (isPlaying) {
    onceLoaded(video, () => {
      video.play().catch(() => undefined)
    })
  }
  return engine
}
