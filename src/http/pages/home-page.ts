// The start page: what this is, and where to go from here.
import { html } from 'hono/html'
import { layout, type Html } from './layout.ts'

/** `demoJobId`: of a film to try, when there is one. */
export function homePage(facts: { version: string; demoJobId: string | undefined }): Html {
  return layout({
    title: 'lynxgate',
    body: html`<main class="sheet">
      <h1>lynxgate</h1>
      <p>
        The edge gate for video APIs: private films in every player, with complete HLS rewriting and signatures that
        outlast the film.
      </p>
      ${facts.demoJobId === undefined ? '' : html`<p><a href="/watch/${facts.demoJobId}">Watch the demo film</a></p>`}
      <p><a href="/api/openapi.json">The API, described</a> · <a href="/api/health">Health</a> · ${facts.version}</p>
    </main>`,
  })
}
