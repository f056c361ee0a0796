// Countries that a playback token allows or blocks: ISO 3166-1 alpha-2, and `EU` for the members of the Union. Pure.

export interface CountryRule {
  readonly kind: 'allow' | 'block'
  readonly countries: ReadonlySet<string>
}

const CODE = /^[A-Z]{2}$/
/** Cloudflare's words for Tor and for nowhere: neither is a country. */
const UNKNOWN: ReadonlySet<string> = new Set(['T1', 'XX'])

// oxfmt-ignore
const EUROPEAN_UNION = [
  'AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU',
  'IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK',
]

/** Undefined when a code is not a country code (ISO 3166-1 alpha-2). */
export function parseCountries(kind: CountryRule['kind'], codes: readonly string[]): CountryRule | undefined {
  if (codes.length === 0 || !codes.every((code) => CODE.test(code))) return undefined
  return { kind, countries: new Set(codes.flatMap((code) => (code === 'EU' ? EUROPEAN_UNION : [code]))) }
}

/** An unknown country counts as not allowed, whichever way the rule is written. */
export function isCountryAllowed({ kind, countries }: CountryRule, country: string | undefined): boolean {
  if (country === undefined || !CODE.test(country) || UNKNOWN.has(country)) return false
  return countries.has(country) === (kind === 'allow')
}
