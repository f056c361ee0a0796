// The language that the player speaks: the one asked for, else the first of the viewer's that there is, else English.
import { de } from './de.ts'
import { en, type Texts } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'

export const LANGUAGES: Readonly<Record<string, Texts>> = { en, de, fr, es }

/** Of BCP 47 tags in the order of preference; only their first part counts. The answer is a key of `LANGUAGES`. */
export function chooseLanguage(tags: readonly string[]): string {
  const primaries = tags.map((tag) => tag.split('-')[0]?.toLowerCase() ?? '')
  return primaries.find((primary) => Object.hasOwn(LANGUAGES, primary)) ?? 'en'
}

/** The texts of a key of `LANGUAGES`. */
export function textsOf(language: string): Texts {
  return LANGUAGES[language] ?? en
}

/** A text with its values filled in; a name without a value stays as it is. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}
