// The watch page: the player, and what its owner says about the film. Markup only.
import { html } from 'hono/html'
import { layout, type Html } from './layout.ts'
import { player, type PlayerFacts } from './player.ts'

export interface WatchPageContent extends PlayerFacts {
  /** A customer's words: hostile, escaped by the template. */
  readonly description: string
}

export function watchPage(content: WatchPageContent): Html {
  return layout({
    title: `${content.name} · lynxgate`,
    head: html`<link rel="stylesheet" href="/assets/watch.css" />
      <script type="module" src="/assets/watch.js"></script>`,
    body: html`<main class="watch">
      ${player(content)}
      <h1>${content.name}</h1>
      ${content.description === '' ? '' : html`<p class="description">${content.description}</p>`}
    </main>`,
  })
}
