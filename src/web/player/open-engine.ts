// Chooses the engine for this browser. The only file that knows them all.
import type * as hlsEngine from './hls-engine.ts'
import { INTERFACE } from './interface-version.ts'
import { openNativeEngine } from './native-engine.ts'
import { openOriginalEngine } from './original-engine.ts'
import type { EngineEvents, PlayerEngine } from './player-engine.ts'
import type { Texts } from './texts/en.ts'

const HLS_TYPE = 'application/vnd.apple.mpegurl'

/** Answers an address: an HLS playlist, or the file that was uploaded. Asked at every load. */
export type Source = { readonly stream: () => string } | { readonly original: () => string }

export interface OpenEvents extends EngineEvents {
  /** A part of the player did not arrive, and is asked for again. */
  late(): void
}

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
  events: OpenEvents,
  texts: Texts,
): Promise<PlayerEngine | undefined> {
  if ('original' in source) return attached(video, () => openOriginalEngine(video, source.original, events))
  const { stream } = source
  const isNative = video.canPlayType(HLS_TYPE) !== ''
  const folder = new URL('.', new URL(stream(), location.href)).href
  if (isNative && Reflect.has(HTMLMediaElement.prototype, 'audioTracks')) {
    return attached(video, () => openNativeEngine(video, stream, events, folder))
  }
  if ('MediaSource' in window || 'ManagedMediaSource' in window) {
    const { openHlsEngine } = await loadHlsEngine(events)
    const engine = attached(video, () => openHlsEngine(video, stream, events, texts))
    if (engine) return engine
  }
  return isNative ? attached(video, () => openNativeEngine(video, stream, events, folder)) : undefined
}

type HlsEngine = typeof hlsEngine

async function loadHlsEngine(events: OpenEvents): Promise<HlsEngine> {
  try {
    return ours(await import('./hls-engine.ts'))
  } catch {
    events.late()
  }
  const [first, last] = PAUSES_MS
  await new Promise((resolve) => setTimeout(resolve, first))
  try {
    return await importAgain()
  } catch {
    await new Promise((resolve) => setTimeout(resolve, last))
    return await importAgain()
  }
}

let attempts = 0

/** By an address of its own: some browsers keep a failed import for as long as the page lives. */
async function importAgain(): Promise<HlsEngine> {
  attempts += 1
  const address = `./hls-engine.js?v=${INTERFACE}&attempt=${attempts}`
  const engine: HlsEngine = await import(new URL(address, import.meta.url).href)
  return ours(engine)
}

/** While versions of the service change, or in a tab that was opened long ago, the address may answer another's. */
function ours(engine: HlsEngine): HlsEngine {
  if (engine.INTERFACE !== INTERFACE) throw new Error('This engine belongs to another version of the player')
  return engine
}

/** Someone may have pressed play before the engine was there: a video is paused when its source changes. */
function attached<Engine>(video: HTMLVideoElement, open: () => Engine): Engine {
  const isWanted = !video.paused
  const engine = open()
  if (isWanted) video.play().catch(() => undefined)
  return engine
}
