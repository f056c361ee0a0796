// Signatures of a scanner for secrets, in GitHub's format
// (https://docs.github.com/en/code-security/secret-scanning/secret-scanning-partner-program): ECDSA of P-256 with SHA-256
// over the raw body, by keys that it publishes.
import { importSPKI } from 'jose'
import { decodeBase64url } from '../core/bytes.ts'
import { Fault } from '../core/fault.ts'
import { isRecord } from '../core/json.ts'
import { rawSignature } from '../core/auth/ecdsa-signature.ts'
import type { ScannerSignature } from '../domain/keys/leaked.ts'
import { fetchBounded, type FetchUrl } from './bounded-fetch.ts'

const TIMEOUT_MS = 3000
const MAX_BYTES = 64 * 1024
/** How long keys are used as they are. */
const FRESH_MS = 3_600_000
/** An id that is not known asks again at most so often: strangers cause little. */
const COOLING_MS = 30_000
const ECDSA = { name: 'ECDSA', hash: 'SHA-256' }

export function scannerSignature(fetchUrl: FetchUrl, nowMs: () => number, url: string): ScannerSignature {
  /** PEM by id. */
  let keys: ReadonlyMap<string, string> = new Map()
  let fetchedAtMs = Number.NEGATIVE_INFINITY
  let askedAtMs = Number.NEGATIVE_INFINITY

  async function find(keyId: string): Promise<string | undefined> {
    const known = keys.get(keyId)
    if (known !== undefined && nowMs() - fetchedAtMs < FRESH_MS) return known
    if (nowMs() - askedAtMs < COOLING_MS) return known ?? missing()
    askedAtMs = nowMs()
    const fetched = await fetchKeys()
    if (fetched === undefined) return known ?? missing()
    keys = fetched
    fetchedAtMs = nowMs()
    return keys.get(keyId)
  }

  /** Keys that could not be had are no reason to call a message forged. */
  function missing(): undefined {
    if (fetchedAtMs >= askedAtMs) return undefined
    throw new Fault('unavailable', 'Keys of the scanner are temporarily unavailable', { retryAfterSeconds: 30 })
  }

  async function fetchKeys(): Promise<ReadonlyMap<string, string> | undefined> {
    try {
      const headers = { Accept: 'application/json', 'User-Agent': 'lynxgate' }
      const { status, json } = await fetchBounded(fetchUrl, url, {
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_BYTES,
        headers,
      })
      return status === 200 ? readKeys(json) : undefined
    } catch {
      return undefined
    }
  }

  return {
    async isGenuine({ keyId, signature, body }) {
      const raw = readSignature(signature)
      const pem = raw && (await find(keyId))
      if (raw === undefined || pem === undefined) return false
      try {
        return await crypto.subtle.verify(ECDSA, await importSPKI(pem, 'ES256'), raw, body)
      } catch {
        return false
      }
    },
  }
}

function readKeys(json: unknown): ReadonlyMap<string, string> | undefined {
  const list = isRecord(json) ? json['public_keys'] : undefined
  if (!Array.isArray(list)) return undefined
  const read = (entry: unknown): [string, string][] => {
    if (!isRecord(entry)) return []
    const { key_identifier: id, key } = entry
    return typeof id === 'string' && typeof key === 'string' ? [[id, key]] : []
  }
  return new Map(list.flatMap(read))
}

/** Base64 of DER. */
function readSignature(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = decodeBase64url(text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_'))
  return bytes && rawSignature(bytes)
}
