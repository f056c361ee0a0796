// The watch page: markup only. The player in src/web reads the data attributes; all of them are addresses of our own.
import { html } from 'hono/html'
import { layout, type Html } from './layout.ts'

export interface WatchPageFacts {
  readonly jobId: string
  /** A customer's words: hostile, escaped by the template. */
  readonly name: string
  readonly description: string
  /** False while the film is still being prepared: the page asks again by itself. */
  readonly isReady: boolean
}

export function watchPage(facts: WatchPageFacts): Html {
  const stream = `/api/playback/stream/${facts.jobId}`
  return layout({
    title: `${facts.name} · lynxgate`,
    head: html`<link rel="stylesheet" href="/assets/watch.css" />
      <script type="module" src="/assets/watch.js"></script>`,
    body: html`<main class="watch">
      <div
        class="player"
        id="player"
        data-stream="${stream}/index.m3u8"
        data-ready-check="${stream}"
        data-storyboard="${stream}/storyboard.vtt"
        data-direct="/api/playback/direct?job_id=${facts.jobId}"
        data-state="${facts.isReady ? 'ready' : 'not-ready'}"
      >
        <video
          controls
          playsinline
          preload="metadata"
          crossorigin="anonymous"
          poster="/api/playback/thumbnail/${facts.jobId}"
          aria-label="${facts.name}"
        ></video>
        <p class="message" role="status" aria-live="polite" ${facts.isReady ? 'hidden' : ''}>
          ${facts.isReady ? '' : 'This film is still being prepared. It starts here by itself when it is ready.'}
        </p>
      </div>
      <h1>${facts.name}</h1>
      <p class="description">${facts.description}</p>
      <noscript><p>The player needs JavaScript.</p></noscript>
    </main>`,
  })
}
