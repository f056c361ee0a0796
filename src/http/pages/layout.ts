// The frame every page shares. Values are escaped by the template; no page holds an inline script or style.
import { html } from 'hono/html'

export type Html = ReturnType<typeof html>

/** A whole document under the shared header; `body` is the page's `<main>`, `head` what it loads besides the theme. */
export function layout(page: { title: string; head?: Html; body: Html }): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${page.title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content="#f6f4ee" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#0a101f" media="(prefers-color-scheme: dark)" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/theme.css" />
        ${page.head ?? ''}
      </head>
      <body>
        <header class="site-header">
          <a class="mark" href="/"><img src="/favicon.svg" alt="" width="32" height="32" />lynxgate</a>
        </header>
        ${page.body}
      </body>
    </html>`
}

/**
 * Headers of a page (CSP Level 3). `mediaOrigins`: where media comes from besides this origin. Scripts and styles
 * come from this origin only, and `blob:` is what Media Source and the player's worker need.
 */
export function pageHeaders(mediaOrigins: readonly string[]): Readonly<Record<string, string>> {
  const media = ["'self'", ...mediaOrigins].join(' ')
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      `img-src ${media} data:`,
      `media-src ${media} blob:`,
      `connect-src ${media}`,
      "worker-src 'self' blob:",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'Referrer-Policy': 'no-referrer',
    'X-Robots-Tag': 'noindex',
  }
}
