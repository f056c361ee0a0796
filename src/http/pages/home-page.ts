// The start page: what this is, and where to go from here. Under a sender's brand it says nothing of this software.
import { html } from 'hono/html'
import { layout, type Html } from './layout.ts'
import type { PageView } from './view.ts'

/** `demoJobId`: of a film to try, when there is one. */
export function homePage(
  view: PageView,
  { version, demoJobId }: { version: string; demoJobId: string | undefined },
): Html {
  const { texts, look } = view
  const { brand } = look
  const demo = demoJobId === undefined ? '' : demoCard(view, demoJobId)
  if (brand.isCustom) {
    return layout(view, {
      title: '',
      body: html`<main class="home">
        <div class="lead">
          <h1>${brand.name}</h1>
          <p>${texts.home.branded}</p>
        </div>
        ${demo}
      </main>`,
    })
  }
  return layout(view, {
    title: texts.home.title.replace(/\.$/, ''),
    body: html`<main class="home">
        <div class="lead">
          <h1>${texts.home.title}</h1>
          <p>${texts.home.text}</p>
          <ul class="links">
            <li><a href="/docs">${texts.home.reference}</a></li>
            <li><a href="/api/health">${texts.home.health}</a></li>
          </ul>
        </div>
        ${demo}
      </main>
      <footer class="site-footer">lynxgate ${version}</footer>`,
  })
}

function demoCard({ texts }: PageView, jobId: string): Html {
  return html`<a class="card" href="/watch/${jobId}">
    <img src="/api/playback/thumbnail/${jobId}" alt="" width="640" height="360" />
    <span class="card-title">${texts.home.demo.title}</span>
    <span class="card-note">${texts.home.demo.text}</span>
  </a>`
}
