// The issuer's key set over the network, with a copy in KV for the time the issuer is away.
import type { DatedKeySet } from '../../domain/auth/key-set-state.ts'
import type { FetchedKeySet, KeySetSource } from '../../domain/auth/signing-keys.ts'
import { AnswerTooLarge, fetchBounded, type FetchUrl } from '../bounded-fetch.ts'
import { KV_LIMIT_MS, withinTime } from '../time-limit.ts'
import { importKeySet } from './jwk-set.ts'

const TIMEOUT_MS = 3000
/** About 160 keys. */
const MAX_KIB = 64
/** As long as a stale set is trusted. */
const KEPT_SECONDS = 24 * 3600

/** `url`: pinned by the configuration, never taken from a token (`jku`, `x5u`). */
export function jwksSource(fetchUrl: FetchUrl, kv: KVNamespace, url: string): KeySetSource<CryptoKey> {
  const kvKey = `jwks:${url}`
  return {
    async fetch() {
      try {
        const { status, json } = await fetchBounded(fetchUrl, url, {
          timeoutMs: TIMEOUT_MS,
          maxBytes: MAX_KIB * 1024,
          headers: { Accept: 'application/json' },
        })
        return status === 200 ? await importKeySet(json) : unusable(`answered with ${status}`)
      } catch (cause) {
        if (cause instanceof AnswerTooLarge) return unusable(`larger than ${MAX_KIB} KiB`)
        throw cause
      }
    },
    async load() {
      try {
        return await readCopy(await withinTime(KV_LIMIT_MS, () => kv.get(kvKey, 'json')))
      } catch {
        return undefined
      }
    },
    async save({ set, fetchedAtMs }) {
      const copy = { fetched_at: fetchedAtMs, jwks: JSON.parse(set.document) as unknown }
      await withinTime(KV_LIMIT_MS, () => kv.put(kvKey, JSON.stringify(copy), { expirationTtl: KEPT_SECONDS }))
    },
  }
}

function unusable(reason: string): FetchedKeySet<CryptoKey> {
  return { outcome: 'unusable', reason, omitted: [] }
}

/** What was saved is checked like what was fetched. */
async function readCopy(copy: unknown): Promise<DatedKeySet<CryptoKey> | undefined> {
  if (typeof copy !== 'object' || copy === null || !('fetched_at' in copy) || !('jwks' in copy)) return undefined
  if (typeof copy.fetched_at !== 'number') return undefined
  const imported = await importKeySet(copy.jwks)
  return imported.outcome === 'fetched' ? { set: imported.set, fetchedAtMs: copy.fetched_at } : undefined
}
