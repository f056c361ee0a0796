// The player's markup, for every page that shows a film. src/web/player/player.ts brings it to life; without JavaScript the
// browser's own controls play what the browser can.
import { html } from 'hono/html'
import type { FilmState } from '../../core/videos/film-state.ts'
import type { VideoStatus } from '../../core/videos/status.ts'
import type { Html } from './layout.ts'
import type { PageView } from './view.ts'

export interface PlayerFacts {
  readonly jobId: string
  /** A customer's words: hostile, escaped by the template. */
  readonly name: string
  /** Of a private film: what its addresses need; hostile, escaped where it stands. */
  readonly token?: string | undefined
  readonly status: VideoStatus
  readonly film: FilmState
  readonly durationSeconds?: number | undefined
  /** Whether this viewer may have the uploaded file itself. */
  readonly isOriginalAllowed: boolean
  /** Where it plays in a frame: what an embed code needs. Undefined where it may not. */
  readonly embedPath?: string | undefined
  /** In a frame: the pages that may talk to the player. */
  readonly parents?: '*' | readonly string[] | undefined
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
export function player(view: PageView, facts: PlayerFacts): Html {
  const addresses = addressesOf(facts)
  const { texts } = view
  const hasFailed = facts.film === 'original' && facts.status === 'failed'
  return html`${playerSection(view, facts)} ${hasFailed ? html`<p class="hint">${texts.player.failedOriginal}</p>` : ''}
    <noscript>
      <p class="hint">${texts.player.noScript} <a href="${addresses.original}">${texts.player.openOriginal}</a></p>
    </noscript>`
}

/** The player and nothing beside it. */
export function playerSection(view: PageView, facts: PlayerFacts): Html {
  const addresses = addressesOf(facts)
  return facts.film === 'failed' || facts.film === 'unplayable'
    ? notice(view, facts, addresses)
    : video(view, facts, addresses)
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

/** What a script may know of the film besides what it plays. */
function describe(
  { origin }: PageView,
  { name, film, status, durationSeconds, embedPath, parents }: PlayerFacts,
): Html {
  return html`data-title="${name}" ${film === 'stream' ? '' : html`data-status="${status}"`}
  ${durationSeconds === undefined ? '' : html`data-duration="${durationSeconds}"`}
  ${embedPath === undefined ? '' : html`data-embed="${origin}${embedPath}"`}
  ${parents === undefined ? '' : html`data-parents="${JSON.stringify(parents)}"`}`
}

/** While the film is being prepared the player asks again by itself. */
function video(
  view: PageView,
  facts: PlayerFacts,
  { stream, readyCheck, storyboard, original, poster }: Addresses,
): Html {
  const { film, name } = facts
  const { texts } = view
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
    aria-label="${texts.player.label}"
    ${attributes}
    ${describe(view, facts)}
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
      ${isReady ? '' : texts.player.preparing}
    </div>
  </section>`
}

/** Nothing to play, and nothing to wait for. */
function notice(view: PageView, facts: PlayerFacts, { poster, download }: Addresses): Html {
  const { texts } = view
  return html`<section
    class="player"
    id="player"
    aria-label="${texts.player.label}"
    ${describe(view, facts)}
    data-state="${facts.film}"
  >
    <img class="poster" src="${poster}" alt="" />
    <div class="message" role="status">
      <span>${facts.film === 'failed' ? texts.player.failed : texts.player.unplayable}</span>
      ${facts.isOriginalAllowed ? html`<a class="notice-action" href="${download}">${texts.player.download}</a>` : ''}
    </div>
  </section>`
}
