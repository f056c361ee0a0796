// The player's markup, for every page that shows a film. src/web/player/player.ts brings it to life; without JavaScript the
// browser's own controls play what the browser can.
import { html } from 'hono/html'
import type { Html } from './layout.ts'

export interface PlayerFacts {
  readonly jobId: string
  /** A customer's words: hostile, escaped by the template. */
  readonly name: string
  /** Of a private film: what its addresses need; hostile, escaped where it stands. */
  readonly token?: string | undefined
  /** False while the film is still being prepared: the player asks again by itself. */
  readonly isReady: boolean
}

/** All addresses are of our own origin. The page links `/assets/watch.css` and a script that calls `startPlayer`. */
export function player(facts: PlayerFacts): Html {
  const stream = `/api/playback/stream/${facts.jobId}`
  const token = facts.token === undefined ? '' : encodeURIComponent(facts.token)
  const query = token === '' ? '' : `?token=${token}`
  const sources = html`<source src="${stream}/index.m3u8${query}" type="application/vnd.apple.mpegurl" />
    <source src="/api/playback/direct?job_id=${facts.jobId}${token === '' ? '' : `&token=${token}`}" />`
  return html`<section
      class="player"
      id="player"
      aria-label="Video player"
      data-stream="${stream}/index.m3u8${query}"
      data-ready-check="${stream}${query}"
      data-storyboard="${stream}/storyboard.vtt"
      data-state="${facts.isReady ? 'ready' : 'not-ready'}"
    >
      <video
        controls
        playsinline
        preload="none"
        crossorigin="anonymous"
        poster="/api/playback/thumbnail/${facts.jobId}${query}"
        aria-label="${facts.name}"
      >
        ${facts.isReady ? sources : ''}
      </video>
      <div class="message" role="status" aria-live="polite" ${facts.isReady ? 'hidden' : ''}>
        ${facts.isReady ? '' : 'This film is still being prepared. It starts here by itself when it is ready.'}
      </div>
    </section>
    <noscript>
      <p class="hint">
        Quality, languages and previews need JavaScript. Without it, your browser plays the film if it can, or
        <a href="/api/playback/direct?job_id=${facts.jobId}${token === '' ? '' : `&token=${token}`}"
          >opens the original file</a
        >.
      </p>
    </noscript>`
}
