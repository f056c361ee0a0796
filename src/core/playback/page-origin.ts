// Pages that may show a film: origins with their scheme, and `https://*.example.com` for every name below one. Pure.

/** Every page, or these. */
export type PageRule = '*' | PageOrigins

export interface PageOrigins {
  readonly exact: ReadonlySet<string>
  /** `https://` and `.example.com`, with what stands between left open. */
  readonly wildcards: readonly { readonly scheme: string; readonly suffix: string }[]
}

export const NO_PAGES: PageOrigins = { exact: new Set(), wildcards: [] }

/** Stands for a page of this service itself, which was let in before its player asks for anything. */
export const OWN_PAGE = 'own'

const WILDCARD = /^(https?:\/\/)\*(\.[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?)$/
const ORIGIN = /^https?:\/\/(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::\d{1,5})?$/
const LABELS = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/

/** Undefined when one of them is not an origin. A star needs two labels after it: `https://*.com` would be a whole top-level domain. */
export function parsePageOrigins(texts: readonly string[]): PageOrigins | undefined {
  const exact = new Set<string>()
  const wildcards: { scheme: string; suffix: string }[] = []
  for (const text of texts) {
    const lower = text.toLowerCase()
    const [, scheme, suffix] = WILDCARD.exec(lower) ?? []
    if (scheme !== undefined && suffix !== undefined) wildcards.push({ scheme, suffix })
    else if (ORIGIN.test(lower)) exact.add(lower)
    else return undefined
  }
  return { exact, wildcards }
}

/**
 * Whether a page of this origin may. `Origin` as the browser sends it, else the origin of `Referer`; an opaque origin
 * (`null`, of a sandboxed frame) is no page that was named.
 */
export function isPageAllowed({ exact, wildcards }: PageOrigins, origin: string): boolean {
  if (origin === OWN_PAGE || exact.has(origin)) return true
  return wildcards.some(({ scheme, suffix }) => {
    if (!origin.startsWith(scheme) || !origin.endsWith(suffix)) return false
    return LABELS.test(origin.slice(scheme.length, origin.length - suffix.length))
  })
}

/** The page a request comes from: undefined when it sends neither header, `null` when it hides itself. */
export function pageOriginOf(origin: string | undefined, referer: string | undefined): string | undefined {
  if (origin !== undefined) return origin
  if (referer === undefined || referer === '') return undefined
  const page = /^[^/?#]*\/\/[^/?#]*/.exec(referer.toLowerCase())?.[0] ?? ''
  return ORIGIN.test(page) ? page : 'null'
}

/** Pages that both rules allow. */
export function bothPageRules(one: PageRule, other: PageRule): PageRule {
  if (one === '*') return other
  if (other === '*') return one
  const exact = [...one.exact, ...other.exact].filter(
    (origin) => isPageAllowed(one, origin) && isPageAllowed(other, origin),
  )
  // Two stars meet in the longer name, when it ends in the shorter one.
  const isWithin = (pages: PageOrigins, { scheme, suffix }: PageOrigins['wildcards'][number]): boolean =>
    pages.wildcards.some((wide) => wide.scheme === scheme && suffix.endsWith(wide.suffix))
  const wildcards = [...one.wildcards, ...other.wildcards].filter(
    (wildcard, index, all) =>
      isWithin(one, wildcard) &&
      isWithin(other, wildcard) &&
      all.findIndex(({ scheme, suffix }) => scheme === wildcard.scheme && suffix === wildcard.suffix) === index,
  )
  return { exact: new Set(exact), wildcards }
}

/** The patterns as they were written; `*` for every page. */
export function pagePatterns(rule: PageRule): '*' | readonly string[] {
  if (rule === '*') return '*'
  return [...rule.exact, ...rule.wildcards.map(({ scheme, suffix }) => `${scheme}*${suffix}`)]
}
