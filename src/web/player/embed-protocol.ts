// What an embedded player and the page around it say to each other (docs/player.md): objects `{lynxgate: 1, type, …}` by
// postMessage. Hears its parent only, and speaks only to an origin that may embed it, never to `*`.
import { mayEmbed, type Parents } from './parents.ts'
import type { Player } from './player.ts'

/** Between two reports of the time. */
const TIME_EVERY_MS = 250

export interface ParentLink {
  /** Tells the parent that playback cannot go on. */
  error(code: string, message: string): void
}

export function linkToParent(player: () => Player | undefined, title: string, parents: Parents): ParentLink {
  let parent = firstParent(parents)
  const video = player()?.video
  function say(type: string, facts: Readonly<Record<string, unknown>> = {}): void {
    if (parent !== undefined) window.parent.postMessage({ lynxgate: 1, type, ...facts }, parent)
  }
  window.addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
    if (source !== window.parent || window.parent === window || !mayEmbed(origin, parents)) return
    parent = origin
    const current = player()
    if (current) obey(current, data, say, title)
  })
  if (!video) return { error: (code, message) => say('error', { code, message }) }

  const seconds = (): { seconds: number; duration: number | null } => ({
    seconds: video.currentTime,
    duration: durationOf(video),
  })
  video.addEventListener('loadedmetadata', () => say('ready', { title, duration: durationOf(video) }), { once: true })
  for (const type of ['play', 'pause', 'ended'] as const) video.addEventListener(type, () => say(type))
  video.addEventListener('seeked', () => say('seeked', seconds()))
  let saidAtMs = -Infinity
  video.addEventListener('timeupdate', ({ timeStamp }) => {
    if (timeStamp - saidAtMs < TIME_EVERY_MS) return
    saidAtMs = timeStamp
    say('time', seconds())
  })
  return { error: (code, message) => say('error', { code, message }) }
}

/** What the browser itself says of the parent; else the first message from it tells. */
function firstParent(parents: Parents): string | undefined {
  if (window.parent === window) return undefined
  const known = location.ancestorOrigins?.[0] ?? (document.referrer === '' ? '' : new URL(document.referrer).origin)
  return mayEmbed(known, parents) ? known : undefined
}

/** Ignores what it does not know: a page may speak other protocols on the same channel. */
function obey(
  player: Player,
  message: unknown,
  say: (type: string, facts: Readonly<Record<string, unknown>>) => void,
  title: string,
): void {
  if (typeof message !== 'object' || message === null || Reflect.get(message, 'lynxgate') !== 1) return
  const { video } = player
  const seconds: unknown = Reflect.get(message, 'seconds')
  const muted: unknown = Reflect.get(message, 'muted')
  switch (Reflect.get(message, 'type')) {
    case 'play':
      return void video.play().catch(() => undefined)
    case 'pause':
      return video.pause()
    case 'seek':
      return typeof seconds === 'number' && Number.isFinite(seconds) ? player.seekTo(seconds) : undefined
    case 'mute':
      if (typeof muted === 'boolean') video.muted = muted
      return undefined
    case 'state':
      return say('state', {
        title,
        seconds: video.currentTime,
        duration: durationOf(video),
        paused: video.paused,
        ended: video.ended,
        muted: video.muted,
        volume: video.volume,
        speed: video.playbackRate,
      })
    default:
      return undefined
  }
}

/** Seconds; null while unknown and for a live stream, as JSON has no Infinity. */
function durationOf({ duration }: HTMLVideoElement): number | null {
  return Number.isFinite(duration) ? duration : null
}
