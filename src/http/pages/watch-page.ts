// The watch page: the player, and what its owner says about the film. Markup only.
import { html } from 'hono/html'
import { linkCard } from './cards.ts'
import { layout, type Html } from './layout.ts'
import { player, type PlayerFacts } from './player.ts'
import type { PageView } from './view.ts'

export interface WatchPageContent extends PlayerFacts {
  /** A customer's words: hostile, escaped by the template. */
  readonly description: string
  /** Whether everyone may know of the film who has the link. */
  readonly isPublic: boolean
}

export function watchPage(view: PageView, content: WatchPageContent): Html {
  const { jobId, name, description, isPublic, embedPath, durationSeconds } = content
  const card = {
    title: name,
    description,
    path: `/watch/${jobId}`,
    posterPath: `/api/playback/thumbnail/${jobId}`,
    embedPath,
    durationSeconds,
  }
  return layout(view, {
    title: name,
    head: html`<link rel="stylesheet" href="/assets/watch.css" />
      <script type="module" src="/assets/watch.js"></script>
      ${isPublic ? linkCard(view, card) : ''}`,
    body: html`<main class="watch">
      ${player(view, content)}
      <h1>${name}</h1>
      ${description === '' ? '' : html`<p class="description">${description}</p>`}
    </main>`,
  })
}
