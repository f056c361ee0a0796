// How all pages of the service look: the sender's brand, its one inline style, and what a policy must allow for both.
import { raw } from 'hono/html'
import type { Brand } from '../../core/brand.ts'
import { utf8 } from '../../core/bytes.ts'
import { sha256 } from '../../core/sha256.ts'

export interface PageLook {
  readonly brand: Brand
  /** `<style>` with the sender's colour; empty without one. The theme derives the rest from it. */
  readonly style: ReturnType<typeof raw> | ''
  /** Its source expression (CSP Level 3 §2.3.1): nothing else that is inline applies. */
  readonly styleSource: string | undefined
  /** Where the logo comes from, when that is another origin. */
  readonly imageOrigin: string | undefined
}

/** Once an isolate. */
export function pageLook(brand: Brand): PageLook {
  const { color, logoUrl } = brand
  const css = color === undefined ? undefined : `:root{--brand:${color}}`
  return {
    brand,
    style: css === undefined ? '' : raw(`<style>${css}</style>`),
    styleSource: css === undefined ? undefined : `'sha256-${btoa(String.fromCharCode(...sha256(utf8(css))))}'`,
    imageOrigin: logoUrl?.startsWith('https:') === true ? new URL(logoUrl).origin : undefined,
  }
}
