// The player alone, for frames on other sites. Markup only.
import { html } from 'hono/html'
import { bareLayout, type Html } from './layout.ts'
import { playerSection, type PlayerFacts } from './player.ts'
import type { PageView } from './view.ts'

export function embedPage(view: PageView, content: PlayerFacts): Html {
  return bareLayout(view, {
    title: content.name,
    head: html`<link rel="stylesheet" href="/assets/watch.css" />
      <script type="module" src="/assets/embed.js"></script>`,
    body: html`<main>${playerSection(view, content)}</main>`,
  })
}
