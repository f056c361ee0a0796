// The frame every page shares. Values are escaped by the template; no page holds an inline script, and one inline style
// at most, which the policy knows by its hash.
import { html } from 'hono/html'
import type { PageRule } from '../../core/playback/page-origin.ts'
import { pagePatterns } from '../../core/playback/page-origin.ts'
import type { Brand } from '../../core/brand.ts'
import type { PageLook } from './look.ts'
import type { PageView } from './view.ts'

export type Html = ReturnType<typeof html>

export interface PageContent {
  /** Without the sender's name, which follows it. Empty: that name alone. */
  readonly title: string
  /** What it loads besides the theme, and what it says to those who show links. */
  readonly head?: Html
  /** The page's `<main>`. */
  readonly body: Html
}

/** A whole document under the shared header. */
export function layout(view: PageView, { title, head, body }: PageContent): Html {
  const { brand } = view.look
  return html`${documentStart(view, title === '' ? brand.name : `${title} · ${brand.name}`, head)}
    <body>
      <header class="site-header">
        <a class="mark" href="/">${logo(brand)}${brand.name}</a>
      </header>
      ${body}
    </body>
    </html>`
}

/** A document that stands in another page's frame: nothing but its body. */
export function bareLayout(view: PageView, { title, head, body }: PageContent): Html {
  return html`${documentStart(view, title, head)}
    <body class="embed">
      ${body}
    </body>
    </html>`
}

function documentStart({ language, look }: PageView, title: string, head: Html | undefined): Html {
  const { brand } = look
  return html`<!doctype html>
    <html lang="${language}" ${brand.color === undefined ? '' : 'data-brand'}>
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content="#f6f4ee" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#0a101f" media="(prefers-color-scheme: dark)" />
        <link rel="icon" href="${brand.logoUrl ?? 'data:,'}" />
        <link rel="stylesheet" href="/assets/theme.css" />
        ${look.style} ${head ?? ''}
      </head>
     `
}

function logo({ logoUrl, isCustom }: Brand): Html | '' {
  if (logoUrl === undefined) return ''
  // Of a sender's logo only the height is known.
  return isCustom
    ? html`<img src="${logoUrl}" alt="" height="32" />`
    : html`<img src="${logoUrl}" alt="" width="32" height="32" />`
}

export interface PagePolicy {
  /** Where media comes from besides this origin. */
  readonly mediaOrigins?: readonly string[]
  /** Sites that may show the page in a frame; none unless told. */
  readonly parents?: PageRule
  /**
   * Whether the player's own requests say that they come from this origin: tokens that name pages need that. No path and
   * no query ever leaves.
   */
  readonly saysOrigin?: boolean
}

/**
 * Headers of a page (CSP Level 3). Scripts and styles come from this origin only, and `blob:` is what Media Source and
 * the player's worker need.
 */
export function pageHeaders(look: PageLook, policy: PagePolicy = {}): Readonly<Record<string, string>> {
  const media = ["'self'", ...(policy.mediaOrigins ?? [])].join(' ')
  const directives = [
    "default-src 'none'",
    "script-src 'self'",
    look.styleSource === undefined ? "style-src 'self'" : `style-src 'self' ${look.styleSource}`,
    `img-src ${media}${look.imageOrigin === undefined ? '' : ` ${look.imageOrigin}`} data:`,
    `media-src ${media} blob:`,
    `connect-src ${media}`,
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    ...frameAncestors(policy.parents),
  ]
  return {
    'Content-Security-Policy': directives.join('; '),
    'Referrer-Policy': policy.saysOrigin === true ? 'strict-origin' : 'no-referrer',
    'X-Robots-Tag': 'noindex',
    Vary: 'Accept-Language',
  }
}

/** Left out where every page may: `*` would keep out pages without a network address, such as a file or an app's. */
function frameAncestors(parents: PageRule | undefined): string[] {
  const patterns = parents === undefined ? [] : pagePatterns(parents)
  if (patterns === '*') return []
  // The grammar of host sources has no IPv6 addresses (CSP Level 3 §2.3.1).
  const sources = patterns.filter((pattern) => !pattern.includes('['))
  return [`frame-ancestors ${sources.length === 0 ? "'none'" : sources.join(' ')}`]
}
