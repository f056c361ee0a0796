// Whose pages these are: the name, logo and colour that viewers see. Pure.

export interface Brand {
  readonly name: string
  /** An https URL, or a path on this origin; undefined: the name alone. */
  readonly logoUrl: string | undefined
  /** `#rrggbb`; undefined: the colours of the theme. */
  readonly color: string | undefined
  /** Whether a sender set it: then nothing on the pages speaks of this software. */
  readonly isCustom: boolean
}

export const DEFAULT_BRAND: Brand = { name: 'lynxgate', logoUrl: '/favicon.svg', color: undefined, isCustom: false }
