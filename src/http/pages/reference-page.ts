// The API reference: Swagger UI on the API's own description. Markup only; src/web/pages/reference.ts starts it.
import { html } from 'hono/html'
import { layout, type Html } from './layout.ts'
import type { PageView } from './view.ts'

export function referencePage(view: PageView): Html {
  return layout(
    { ...view, language: 'en' },
    {
      title: 'API reference',
      head: html`<link rel="stylesheet" href="/assets/swagger-ui.css" />
        <link rel="stylesheet" href="/assets/reference.css" />
        <script src="/assets/swagger-ui.js" defer></script>
        <script type="module" src="/assets/reference.js"></script>`,
      body: html`<main class="reference">
        <h1>API reference</h1>
        <p class="hint">
          Authorize with an API key to try a call on this very service. The key stays in this page and is gone with it.
          For programs: <a href="/api/openapi.json">openapi.json</a>, for language models:
          <a href="/llms.txt">llms.txt</a>.
        </p>
        <div id="reference" data-description="/api/openapi.json"></div>
        <noscript><p class="hint">The reference needs JavaScript; openapi.json is the same without it.</p></noscript>
      </main>`,
    },
  )
}
