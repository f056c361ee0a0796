// Chooses the engine for this browser. The only file that knows them all.
import { openNativeEngine } from './native-engine.ts'
import { openOriginalEngine } from './original-engine.ts'
import type { EngineEvents, PlayerEngine } from './player-engine.ts'

const HLS_TYPE = 'application/vnd.apple.mpegurl'

/** Addresses: an HLS playlist, or the file that was uploaded. */
export type Source = { readonly stream: string } | { readonly original: string }

/** Before the second and the third try to load a part of the player. */
const PAUSES_MS = [800, 2500]

/**
 * The engine for this browser; `undefined` when it has none; rejects when it could not be loaded. A browser that plays
 * HLS itself and tells about its audio tracks (Safari) never loads hls.js: its own player can AirPlay and spares the
 * battery.
 */
export async function openEngine(
  video: HTMLVideoElement,
  source: Source,
  events: EngineEvents,
): Promise<PlayerEngine | undefined> {
  if ('original' in source) return attached(video, () => openOriginalEngine(video, source.original, events))
  const { stream } = source
  const isNative = video.canPlayType(HLS_TYPE) !== ''
  if (isNative && Reflect.has(video, 'audioTracks'))
    return attached(video, () => openNativeEngine(video, stream, events))
  if ('MediaSource' in window || 'ManagedMediaSource' in window) {
    const { openHlsEngine } = await withRetries(() => import('./hls-engine.ts'))
    const engine = attached(video, () => openHlsEngine(video, stream, events))
    if (engine) return engine
  }
  return isNative ? attached(video, () => openNativeEngine(video, stream, events)) : undefined
}

async function withRetries<Part>(load: () => Promise<Part>): Promise<Part> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await load()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  return await load()
}

/** Someone may have pressed play before the engine was there: a video is paused when its source changes. */
function attached<Engine>(video: HTMLVideoElement, open: () => Engine): Engine {
  const isWanted = !video.paused
  const engine = open()
  if (isWanted) video.play().catch(() => undefined)
  return engine
}
