// The frame every page shares. Values are escaped by the template; no page holds an inline script or style.
import { html } from 'hono/html'

export type Html = ReturnType<typeof html>

/** A whole document; `head` and `body` are templates themselves. */
export function layout(page: { title: string; head?: Html; body: Html }): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${page.title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        ${page.head ?? html`<link rel="stylesheet" href="/assets/theme.css" />`}
      </head>
      <body>
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
