// A shared link: the film first, then what is known of it, then its report where there is one. Markup only;
// src/web/pages/report.ts makes the moments of a report seek.
import { html } from 'hono/html'
import type { Block } from '../../core/videos/report-outline.ts'
import type { FilmState } from '../../core/videos/film-state.ts'
import { formatTimestamp } from '../../core/timestamp.ts'
import { linkCard } from './cards.ts'
import { layout, type Html } from './layout.ts'
import { formatMoment, property, showBlock } from './outline.ts'
import { player, type PlayerFacts } from './player.ts'
import type { PageView } from './view.ts'

export interface SharePageContent extends Omit<PlayerFacts, 'film'> {
  readonly shareHash: string
  /** A customer's words: hostile, escaped by the template. */
  readonly description: string
  readonly sharedAtMs: number
  /** `off`: its owner ended playback; `private`: nothing here can play private films. What else there is is still shown. */
  readonly film: FilmState | 'off' | 'private'
  /** Whether everyone may know of the film who has the link. */
  readonly isPublic: boolean
  /** Empty: there is no report. Undefined: there is one, and it cannot be shown. */
  readonly outline: readonly Block[] | undefined
}

export function sharePage(view: PageView, content: SharePageContent): Html {
  const { name, description, durationSeconds } = content
  const words = view.texts.share
  const card = {
    title: name,
    description,
    path: `/r/${content.shareHash}`,
    posterPath: `/api/playback/thumbnail/${content.jobId}`,
    // A frame would outlive the link.
    embedPath: undefined,
    durationSeconds,
  }
  return layout(view, {
    title: name,
    head: html`<link rel="stylesheet" href="/assets/report.css" />
      <script type="module" src="/assets/report.js"></script>
      ${content.isPublic ? linkCard(view, card) : ''}`,
    body: html`<main class="watch report">
      ${showFilm(view, content)}
      <h1>${name}</h1>
      ${description === '' ? '' : html`<p class="description">${description}</p>`}
      <dl class="properties">
        ${durationSeconds === undefined ? '' : property(words.length, html`${formatMoment(durationSeconds)}`)}
        ${property(words.shared, showDate(view, content.sharedAtMs))}
      </dl>
      ${showReport(view, content.outline)}
    </main>`,
  })
}

function showFilm(view: PageView, content: SharePageContent): Html {
  const { film } = content
  const words = view.texts.share
  if (film === 'off') return html`<p class="hint">${words.off}</p>`
  if (film === 'private') return html`<p class="hint">${words.privateOff}</p>`
  return player(view, { ...content, film })
}

/** In the reader's language, in UTC: the same for everyone who has the link. */
function showDate({ language }: PageView, epochMs: number): Html {
  const date = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { dateStyle: 'long', timeZone: 'UTC' })
  return html`<time datetime="${formatTimestamp(epochMs)}">${date.format(epochMs)}</time>`
}

function showReport({ texts: { share } }: PageView, outline: SharePageContent['outline']): Html | '' {
  if (outline === undefined) return html`<p class="hint">${share.unreadable}</p>`
  if (outline.length === 0) return ''
  return html`<section aria-labelledby="report">
    <h2 id="report">${share.report}</h2>
    ${outline.map((block) => showBlock(share, block, 3))}
  </section>`
}
