// The start page: what this is, and where to go from here.
import { html } from 'hono/html'
import { layout, type Html } from './layout.ts'

/** `demoJobId`: of a film to try, when there is one. */
export function homePage(content: { version: string; demoJobId: string | undefined }): Html {
  return layout({
    title: 'lynxgate · private films in every player',
    body: html`<main class="home">
        <div class="lead">
          <h1>Private films, in every player.</h1>
          <p>
            lynxgate is the edge gate for video APIs: it checks who asks, signs every address in a playlist, and keeps
            the signatures valid until the film is over.
          </p>
          <ul class="links">
            <li><a href="/docs">API reference</a></li>
            <li><a href="/api/health">Health</a></li>
          </ul>
        </div>
        ${content.demoJobId === undefined ? '' : demoCard(content.demoJobId)}
      </main>
      <footer class="site-footer">lynxgate ${content.version}</footer>`,
  })
}

function demoCard(jobId: string): Html {
  return html`<a class="card" href="/watch/${jobId}">
    <img src="/api/playback/thumbnail/${jobId}" alt="" width="640" height="360" />
    <span class="card-title">Watch the demo film</span>
    <span class="card-note">Three qualities, two languages, subtitles and previews, out of a private bucket.</span>
  </a>`
}
