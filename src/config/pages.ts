// Variables of the pages that people see: the sender's brand, and which sites may embed films.
import { DEFAULT_BRAND, type Brand } from '../core/brand.ts'
import { NO_PAGES, parsePageOrigins, type PageRule } from '../core/playback/page-origin.ts'
import type { Variables } from './variables.ts'

const MAX_NAME_CHARACTERS = 64

export function readBrand(read: Variables): Brand {
  const name = read.matching('BRAND_NAME', isName, `must be one line of at most ${MAX_NAME_CHARACTERS} characters`)
  const logoUrl = read.matching('BRAND_LOGO_URL', isLogoUrl, 'must be an https URL, or a path that starts with /')
  const color = read.matching('BRAND_COLOR', isColor, 'must be a colour such as #e11d48')
  if (logoUrl !== undefined && name === undefined) {
    read.problem('BRAND_NAME', 'is required with BRAND_LOGO_URL: it is what a screen reader says of the logo')
  }
  const own = color === undefined ? undefined : longColor(color)
  if (name === undefined) return { ...DEFAULT_BRAND, color: own }
  return { name, logoUrl, color: own, isCustom: true }
}

/** `*` (the default): any site; `none`: no site; else patterns such as a playback token's `origin` has. */
export function readEmbedOrigins(read: Variables): PageRule {
  const value = read.text('EMBED_ORIGINS') ?? '*'
  if (value === '*') return '*'
  if (value === 'none') return NO_PAGES
  const pages = parsePageOrigins(read.list('EMBED_ORIGINS'))
  if (pages === undefined) {
    read.problem(
      'EMBED_ORIGINS',
      'must be *, none, or comma-separated origins such as https://example.com or https://*.example.com',
    )
  }
  return pages ?? NO_PAGES
}

function isName(text: string): boolean {
  return text.length <= MAX_NAME_CHARACTERS && text.isWellFormed() && !/\p{Cc}/u.test(text)
}

/** Its origin goes into a Content-Security-Policy, where a semicolon or comma would begin something else. */
function isLogoUrl(text: string): boolean {
  if (/^\/(?!\/)[^\s\\]*$/.test(text)) return true
  const url = URL.parse(text)
  return (
    url?.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    parsePageOrigins([url.origin]) !== undefined
  )
}

function isColor(text: string): boolean {
  return /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(text)
}

/** `#rrggbb` of either form. */
function longColor(color: string): string {
  return color.length === 4 ? color.replace(/[0-9a-f]/gi, '$&$&') : color
}
