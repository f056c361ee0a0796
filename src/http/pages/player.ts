// The player's markup, for every page that shows a film. src/web/player/player.ts brings it to life; without JavaScript the
// browser's own controls play what the browser can.
import { html } from 'hono/html'
import type { FilmState } from '../../core/videos/film-state.ts'
import type { VideoStatus } from '../../core/videos/status.ts'
import type { Html } from './layout.ts'

export interface PlayerFacts {
  readonly jobId: string
  /** A customer's words: hostile, escaped by the template. */
  readonly name: string
  /** Of a private film: what its addresses need; hostile, escaped where it stands. */
  readonly token?: string | undefined
  readonly status: VideoStatus
  readonly film: FilmState
  /** Whether this viewer may have the uploaded file itself. */
  readonly isOriginalAllowed: boolean
}

/** All of our own origin. */
interface Addresses {
  readonly stream: string
  readonly readyCheck: string
  readonly storyboard: string
  readonly original: string
  readonly download: string
  readonly poster: string
}

/** The page links `/assets/watch.css` and a script that calls `startPlayer`. */
export function player(facts: PlayerFacts): Html {
  const addresses = addressesOf(facts)
  return html`${facts.film === 'failed' || facts.film === 'unplayable' ? notice(facts, addresses) : video(facts, addresses)}
    ${
      facts.film === 'original' && facts.status === 'failed'
        ? html`<p class="hint">Preparing this film failed: this is the file as it was uploaded.</p>`
        : ''
    }
    <noscript>
      <p class="hint">
        Quality, languages and previews need JavaScript. Without it, your browser plays the film if it can, or
        <a href="${addresses.original}">opens the original file</a>.
      </p>
    </noscript>`
}

function addressesOf({ jobId, token }: PlayerFacts): Addresses {
  const stream = `/api/playback/stream/${jobId}`
  const query = token === undefined ? '' : `?token=${encodeURIComponent(token)}`
  const original = `/api/playback/direct?job_id=${jobId}${query.replace('?', '&')}`
  return {
    stream: `${stream}/index.m3u8${query}`,
    readyCheck: `${stream}${query}`,
    storyboard: `${stream}/storyboard.vtt`,
    original,
    download: `${original}&download=1`,
    poster: `/api/playback/thumbnail/${jobId}${query}`,
  }
}

/** While the film is being prepared the player asks again by itself. */
function video({ name, film }: PlayerFacts, { stream, readyCheck, storyboard, original, poster }: Addresses): Html {
  const isReady = film !== 'preparing'
  const attributes =
    film === 'original'
      ? html`data-original="${original}"`
      : html`data-stream="${stream}" data-ready-check="${readyCheck}" data-storyboard="${storyboard}"`
  const sources = html`${film === 'stream' ? html`<source src="${stream}" type="application/vnd.apple.mpegurl" />` : ''}
    <source src="${original}" />`
  return html`<section
    class="player"
    id="player"
    aria-label="Video player"
    ${attributes}
    data-state="${isReady ? 'ready' : 'not-ready'}"
  >
    <video
      controls
      playsinline
      preload="none"
      ${film === 'original' ? '' : html`crossorigin="anonymous"`}
      poster="${poster}"
      aria-label="${name}"
    >
      ${isReady ? sources : ''}
    </video>
    <div class="message" role="status" aria-live="polite" ${isReady ? 'hidden' : ''}>
      ${isReady ? '' : 'This film is still being prepared. It starts here by itself when it is ready.'}
    </div>
  </section>`
}

/** Nothing to play, and nothing to wait for. */
function notice({ film, isOriginalAllowed }: PlayerFacts, { poster, download }: Addresses): Html {
  return html`<section class="player" id="player" aria-label="Video player" data-state="${film}">
    <img class="poster" src="${poster}" alt="" />
    <div class="message" role="status">
      <span>${film === 'failed' ? 'Preparing this film failed.' : 'This film cannot be played in a browser.'}</span>
      ${isOriginalAllowed ? html`<a class="notice-action" href="${download}">Download the original</a>` : ''}
    </div>
  </section>`
}
