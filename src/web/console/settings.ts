// What the service tells its console: read once from the document.

export interface Settings {
  readonly version: string
  readonly delivery: 's3' | 'edge'
  readonly clerk: { readonly publishableKey: string; readonly origin: string } | null
  /** Of the local stand-in issuer, where `npm start` runs one. */
  readonly standInIssuer: string | null
}

const root = document.querySelector<HTMLElement>('#console')

export const settings = JSON.parse(root?.dataset['settings'] ?? '{}') as Settings
