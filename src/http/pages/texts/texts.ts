// What the pages say, in one file a language. Names, descriptions and reports are the sender's own words and stay as they are.
import type { PlaybackRefusal } from '../../../core/playback/policy.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'

export interface Notice {
  readonly title: string
  readonly text: string
}

export interface Texts {
  readonly home: Notice & {
    readonly reference: string
    readonly health: string
    readonly demo: Notice
    /** Under a sender's own name. */
    readonly branded: string
  }
  readonly toStart: string
  readonly notFound: Notice
  /** A film that is unknown, deleted or switched off, where it was embedded. */
  readonly noFilm: Notice
  readonly refused: string
  readonly refusals: Readonly<Record<PlaybackRefusal, string>>
  /** Any other problem. */
  readonly problem: Notice
  readonly player: {
    readonly label: string
    readonly preparing: string
    readonly failed: string
    readonly failedOriginal: string
    readonly unplayable: string
    readonly download: string
    readonly noScript: string
    readonly openOriginal: string
  }
  readonly share: {
    readonly off: string
    readonly privateOff: string
    readonly length: string
    readonly shared: string
    readonly report: string
    readonly unreadable: string
    readonly table: string
    readonly goTo: (moment: string) => string
    readonly more: (count: number) => string
  }
}

const LANGUAGES = { en, de, fr, es } as const

export type Language = keyof typeof LANGUAGES

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(LANGUAGES, text)
}

export function textsOf(language: Language): Texts {
  return LANGUAGES[language]
}
