// What a request says of the page it wants.
import { accepts } from 'hono/accepts'
import { requestOrigin, type HttpContext } from './context.ts'
import type { PageLook } from './pages/look.ts'
import { isLanguage, textsOf, type Language } from './pages/texts/texts.ts'
import type { PageView } from './pages/view.ts'

/** `?lang=` decides, for frames on sites in another language than the browser's; else `Accept-Language` (RFC 9110 §12.5.4). */
export function pageView(c: HttpContext, look: PageLook): PageView {
  const asked = c.req.query('lang') ?? ''
  const language = isLanguage(asked) ? asked : acceptedLanguage(c)
  return { look, language, texts: textsOf(language), origin: requestOrigin(c.req.raw) }
}

function acceptedLanguage(c: HttpContext): Language {
  const found = accepts(c, {
    header: 'Accept-Language',
    supports: [],
    default: 'en',
    match: (ranges, { default: fallback }) =>
      ranges
        .filter(({ q }) => q > 0)
        .toSorted((a, b) => b.q - a.q)
        // `de-AT` is German too (RFC 4647 §3.4).
        .map(({ type }) => type.toLowerCase().split('-')[0] ?? '')
        .find(isLanguage) ?? fallback,
  })
  return isLanguage(found) ? found : 'en'
}
