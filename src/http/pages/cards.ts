// What a page says to those who show a link to it: Open Graph (ogp.me), Twitter cards, oEmbed discovery. Of films that
// everyone may see only.
import { html } from 'hono/html'
import type { Html } from './layout.ts'
import type { PageView } from './view.ts'

export interface LinkCard {
  /** A customer's words: hostile, escaped by the template. */
  readonly title: string
  readonly description: string
  /** All of them paths on the page's origin. */
  readonly path: string
  readonly posterPath: string
  /** Where it plays in a frame; undefined where it may not. */
  readonly embedPath: string | undefined
  readonly durationSeconds: number | undefined
}

const MAX_DESCRIPTION_CHARACTERS = 300
/** Of the frame that a card opens; the player fits the film into any. */
const FRAME = { width: 1280, height: 720 } as const

export function linkCard({ origin, look }: PageView, card: LinkCard): Html {
  const description = shorten(card.description)
  const url = origin + card.path
  const poster = origin + card.posterPath
  return html`<meta property="og:type" content="video.other" />
    <meta property="og:site_name" content="${look.brand.name}" />
    <meta property="og:title" content="${card.title}" />
    <meta property="og:url" content="${url}" />
    <meta property="og:image" content="${poster}" />
    <meta name="twitter:card" content="${card.embedPath === undefined ? 'summary_large_image' : 'player'}" />
    <meta name="twitter:title" content="${card.title}" />
    <meta name="twitter:image" content="${poster}" />
    ${
      description === ''
        ? ''
        : html`<meta name="description" content="${description}" />
            <meta property="og:description" content="${description}" />
            <meta name="twitter:description" content="${description}" />`
    }
    ${
      card.durationSeconds === undefined
        ? ''
        : html`<meta property="video:duration" content="${Math.max(1, Math.round(card.durationSeconds))}" />`
    }
    ${card.embedPath === undefined ? '' : frameTags(origin + card.embedPath, card.title, url, origin)}`
}

function frameTags(embedUrl: string, title: string, url: string, origin: string): Html {
  const oembedUrl = `${origin}/api/oembed?format=json&url=${encodeURIComponent(url)}`
  return html`<meta property="og:video" content="${embedUrl}" />
    ${embedUrl.startsWith('https:') ? html`<meta property="og:video:secure_url" content="${embedUrl}" />` : ''}
    <meta property="og:video:type" content="text/html" />
    <meta property="og:video:width" content="${FRAME.width}" />
    <meta property="og:video:height" content="${FRAME.height}" />
    <meta name="twitter:player" content="${embedUrl}" />
    <meta name="twitter:player:width" content="${FRAME.width}" />
    <meta name="twitter:player:height" content="${FRAME.height}" />
    <link rel="alternate" type="application/json+oembed" href="${oembedUrl}" title="${title}" />`
}

/** One line, cut between code points. */
function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const points = Array.from(line.slice(0, 2 * MAX_DESCRIPTION_CHARACTERS + 1))
  if (points.length <= MAX_DESCRIPTION_CHARACTERS) return line
  return `${points.slice(0, MAX_DESCRIPTION_CHARACTERS - 1).join('')}…`
}
