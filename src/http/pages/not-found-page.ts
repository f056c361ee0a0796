// The page of a wrong link: says so, and shows a way home.
import { html } from 'hono/html'
import { layout, type Html } from './layout.ts'

export function notFoundPage(): Html {
  return layout({
    title: 'Not found · lynxgate',
    body: html`<main class="sheet">
      <img class="eyes" src="/favicon.svg" alt="" width="96" height="96" />
      <h1>There is nothing here</h1>
      <p>The link is wrong, or what it led to is no longer there. Links are case-sensitive and long: was it cut?</p>
      <p><a class="button" href="/">To the start page</a></p>
    </main>`,
  })
}
