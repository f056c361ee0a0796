// The uploaded file behind the engine interface, for a film without a stream: the browser's own player, and what its
// errors mean here.
import { openNativeEngine } from './native-engine.ts'
import type { EngineEvents, PlayerEngine, Problem } from './player-engine.ts'

/** `original` redirects to a presigned URL. */
export function openOriginalEngine(
  video: HTMLVideoElement,
  original: () => string,
  events: EngineEvents,
): PlayerEngine {
  let hasLoaded = false
  video.addEventListener('loadedmetadata', () => {
    hasLoaded = true
  })
  const explained: EngineEvents = {
    ...events,
    failed(problem) {
      if (problem !== 'expired' || hasLoaded) return events.failed(problem)
      void whyNot(original()).then((reason) => events.failed(reason))
    },
  }
  return openNativeEngine(video, original, explained, undefined)
}

/** A browser that takes nothing of a file does not tell why: whether its first byte can be had does. */
async function whyNot(original: string): Promise<Problem> {
  // No HEAD: the browser may have the redirect from before, whose URL is signed for GET.
  const response = await fetch(original, { headers: { Range: 'bytes=0-0' } }).catch(() => undefined)
  await response?.body?.cancel()
  if (response?.ok === true) return 'unsupported'
  return response?.status === 404 ? 'gone' : 'expired'
}
