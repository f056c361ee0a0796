// Composition of the console: what its page is told, where it may connect, and the files it is made of.
import type { Config } from '../config/config.ts'
import type { ConsoleConfig } from '../config/console.ts'
import { VERSION } from '../config/version.ts'
import type { Bindings } from '../platform/bindings.ts'
import { assetReader, type ReadAsset } from '../platform/assets.ts'

export interface Console {
  /** What the page is told; nothing in it is a secret. */
  readonly settings: ConsoleSettings
  /** Where the page may connect to besides this origin: storage, and who signs it in. */
  readonly origins: { readonly storage: readonly string[]; readonly signIn: readonly string[] }
  readonly readAsset: ReadAsset
}

export interface ConsoleSettings {
  readonly version: string
  readonly delivery: 's3' | 'edge'
  readonly clerk: ConsoleConfig['clerk'] | null
  readonly standInIssuer: string | null
}

/** `mediaOrigin`: where media is delivered from; undefined when that is this origin. */
export function makeConsole(
  { clerk, standInIssuer }: ConsoleConfig,
  { delivery, s3 }: Pick<Config, 'delivery' | 's3'>,
  bindings: Bindings,
  mediaOrigin: string | undefined,
): Console {
  // Uploads go to the endpoint also where the Worker delivers; one on the request's own origin is in `'self'`.
  const uploads = s3 === undefined ? undefined : URL.parse(s3.endpoint)?.origin
  const known = (origins: readonly (string | undefined)[]): string[] => [
    ...new Set(origins.filter((origin) => origin !== undefined)),
  ]
  return {
    settings: {
      version: VERSION,
      delivery: delivery.kind,
      clerk: clerk ?? null,
      standInIssuer: standInIssuer ?? null,
    },
    origins: { storage: known([mediaOrigin, uploads]), signIn: known([clerk?.origin, standInIssuer]) },
    readAsset: assetReader(bindings.ASSETS),
  }
}
