// The watch page: the player, and what its owner says about the film. Markup only.
import { html } from 'hono/html'
import { layout, type Html } from './layout.ts'
import { player, type PlayerFacts } from './player.ts'

export interface WatchPageFacts extends PlayerFacts {
  /** A customer's words: hostile, escaped by the template. */
  readonly description: string
}

export function watchPage(facts: WatchPageFacts): Html {
  return layout({
    title: `${facts.name} · lynxgate`,
    head: html`<link rel="stylesheet" href="/assets/watch.css" />
      <script type="module" src="/assets/watch.js"></script>`,
    body: html`<main class="watch">
      ${player(facts)}
      <h1>${facts.name}</h1>
      ${facts.description === '' ? '' : html`<p class="description">${facts.description}</p>`}
    </main>`,
  })
}
