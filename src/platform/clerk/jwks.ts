// The issuer's key set over the network, with a copy in KV for the time the issuer is away.
import type { DatedKeySet, KeySetSource } from '../../domain/auth/signing-keys.ts'
import { fetchBounded, type FetchUrl } from '../bounded-fetch.ts'
import { importKeySet } from './jwk-set.ts'

const TIMEOUT_MS = 3000
const MAX_BYTES = 64 * 1024
/** As long as a stale set is believed. */
const KEPT_SECONDS = 24 * 3600

/** `url`: pinned by the configuration, never taken from a token (`jku`, `x5u`). */
export function jwksSource(fetchUrl: FetchUrl, kv: KVNamespace, url: string): KeySetSource<CryptoKey> {
  const kvKey = `jwks:${url}`
  return {
    async fetch() {
      const { status, json } = await fetchBounded(fetchUrl, url, {
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_BYTES,
        headers: { Accept: 'application/json' },
      })
      if (status !== 200) throw new TypeError('the key set was not answered with 200')
      return await importKeySet(json)
    },
    async load() {
      try {
        return await readCopy(await kv.get(kvKey, 'json'))
      } catch {
        return undefined
      }
    },
    async save({ set, fetchedAtMs }) {
      const copy = { fetched_at: fetchedAtMs, jwks: JSON.parse(set.document) as unknown }
      await kv.put(kvKey, JSON.stringify(copy), { expirationTtl: KEPT_SECONDS })
    },
  }
}

/** What was saved is checked like what was fetched. */
async function readCopy(copy: unknown): Promise<DatedKeySet<CryptoKey> | undefined> {
  if (typeof copy !== 'object' || copy === null || !('fetched_at' in copy) || !('jwks' in copy)) return undefined
  if (typeof copy.fetched_at !== 'number') return undefined
  return { set: await importKeySet(copy.jwks), fetchedAtMs: copy.fetched_at }
}
