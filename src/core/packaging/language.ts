// What a film says about its tracks' languages → what a playlist says. Pure.

/** Not a language, or none: ISO 639-2's words for it. */
const NONE = new Set(['und', 'zxx', 'mul', 'mis'])

/** The BCP 47 tag of an ISO 639 code or tag (`ger`, `deu`, `de-AT`); undefined when it names no language. */
export function languageTag(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  try {
    const [tag] = Intl.getCanonicalLocales(text.trim().replaceAll('_', '-'))
    return tag === undefined || NONE.has(tag) || nameOf(tag) === undefined ? undefined : tag
  } catch {
    return undefined
  }
}

/** `de` of `de-AT`; undefined of no tag. */
export function languageBase(tag: string | undefined): string | undefined {
  return tag?.split('-')[0]?.toLowerCase()
}

/** A language in its own words, with a capital: what a player's menu shows. */
export function languageName(tag: string): string {
  const name = nameOf(tag) ?? tag
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1)
}

function nameOf(tag: string): string | undefined {
  return new Intl.DisplayNames([tag], { type: 'language', fallback: 'none' }).of(tag)
}
