// For whom a page is made: the language they read, on which origin, in whose look.
import type { PageLook } from './look.ts'
import type { Language, Texts } from './texts/texts.ts'

export interface PageView {
  readonly look: PageLook
  readonly language: Language
  readonly texts: Texts
  /** `https://host[:port]` */
  readonly origin: string
}
