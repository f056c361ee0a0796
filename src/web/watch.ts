// The watch page's player: hls.js wherever Media Source exists, native HLS otherwise.
import type HlsType from 'hls.js'

const READY_POLL_SECONDS = [2, 3, 5, 8, 15]

const player = document.querySelector<HTMLElement>('#player')
const video = player?.querySelector('video')
const message = player?.querySelector<HTMLElement>('.message')

function say(text: string): void {
  if (!message) return
  message.textContent = text
  message.hidden = text === ''
}

/** Asks until the stream is there, less and less often. */
async function untilReady(address: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const response = await fetch(address, { method: 'HEAD' }).catch(() => undefined)
    if (response?.ok) return
    const seconds = READY_POLL_SECONDS[Math.min(attempt, READY_POLL_SECONDS.length - 1)] ?? 15
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  }
}

async function play(element: HTMLVideoElement, stream: string): Promise<void> {
  if ('MediaSource' in window || 'ManagedMediaSource' in window) {
    const { default: Hls } = await import('hls.js')
    if (Hls.isSupported()) return attach(Hls, element, stream)
  }
  if (element.canPlayType('application/vnd.apple.mpegurl') === '') {
    return say('This browser cannot play HLS.')
  }
  element.src = stream
  element.addEventListener('error', () => say('The film could not be loaded. Reload the page to try again.'))
}

function attach(Hls: typeof HlsType, element: HTMLVideoElement, stream: string): void {
  const hls = new Hls({ workerPath: '/assets/hls.worker.js' })
  let hasRecovered = false
  hls.on(Hls.Events.ERROR, (_event, error) => {
    if (!error.fatal) return
    // Signatures end after a very long pause: a fresh playlist has fresh ones, and the film goes on where it was.
    if (error.type === Hls.ErrorTypes.NETWORK_ERROR && !hasRecovered) {
      hasRecovered = true
      hls.loadSource(stream)
      hls.startLoad(element.currentTime)
      return
    }
    say('The film could not be loaded. Check the connection and reload the page.')
  })
  hls.on(Hls.Events.FRAG_BUFFERED, () => {
    hasRecovered = false
    say('')
  })
  hls.loadSource(stream)
  hls.attachMedia(element)
}

if (player && video) {
  const { stream = '', readyCheck = '', state } = player.dataset
  if (state !== 'ready') await untilReady(readyCheck)
  say('')
  await play(video, stream)
}
