// The console's document: empty but for its settings. src/web/console fills it.
import { html } from 'hono/html'
import type { Html } from './layout.ts'

export interface ConsoleOrigins {
  /** Where media is read from and written to. */
  readonly storage: readonly string[]
  /** Who signs people in; scripts come from those with https only. */
  readonly signIn: readonly string[]
}

/** `settings` are for everyone to read. */
export function consolePage(settings: object): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>lynxgate</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content="#f6f4ee" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#0a101f" media="(prefers-color-scheme: dark)" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/console/assets/console.css" />
        <script type="module" src="/console/assets/console.js"></script>
      </head>
      <body>
        <div id="console" data-settings="${JSON.stringify(settings)}"></div>
        <noscript><p class="notice">The console needs JavaScript. The API at /docs does not.</p></noscript>
      </body>
    </html>`
}

/**
 * Headers of the page (CSP Level 3). Scripts come from this origin, and from Clerk where one signs in with it: then what
 * Clerk asks for is allowed besides, https://clerk.com/docs/guides/secure/best-practices/csp-headers
 */
export function consoleHeaders({ storage, signIn }: ConsoleOrigins): Readonly<Record<string, string>> {
  const clerk = signIn.filter((origin) => origin.startsWith('https:'))
  const withClerk = (...sources: readonly string[]): readonly string[] => (clerk.length === 0 ? [] : sources)
  const policy: Readonly<Record<string, readonly string[]>> = {
    'default-src': ["'none'"],
    'script-src': ["'self'", ...clerk, ...withClerk('https://challenges.cloudflare.com')],
    'style-src': ["'self'", ...withClerk("'unsafe-inline'")],
    'img-src': ["'self'", ...storage, 'data:', 'blob:', ...withClerk('https://img.clerk.com')],
    'media-src': ["'self'", ...storage, 'blob:'],
    'connect-src': ["'self'", ...storage, ...signIn],
    'worker-src': ["'self'", 'blob:'],
    'frame-src': ["'self'", ...withClerk('https://challenges.cloudflare.com')],
    'manifest-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
  }
  return {
    'Content-Security-Policy': Object.entries(policy)
      .map(([name, sources]) => `${name} ${sources.join(' ')}`)
      .join('; '),
    'Cross-Origin-Opener-Policy': 'same-origin-allow-popups',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=()',
    'Referrer-Policy': 'no-referrer',
    'X-Robots-Tag': 'noindex',
  }
}
