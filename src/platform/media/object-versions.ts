// Which version of an object is current, remembered for at most a minute: in this isolate, and in the Cache API for
// the other isolates of the same data centre. That minute is the bound after a deletion or a replacement.
import { createBoundedMap } from '../../core/bounded-map.ts'
import { isRecord, parseJson } from '../../core/json.ts'
import type { StoredHeaders } from '../../core/http/stored-headers.ts'
import { encodePath } from '../../core/uri-encoding.ts'
import type { ObjectInfo } from '../../domain/delivery/media-objects.ts'

const REMEMBER_MS = 60_000

/** Versions one isolate remembers: about half a megabyte. */
const MAX_REMEMBERED = 2000

/** Objects one isolate knows to have changed: more than one request can delete. */
const MAX_FORGOTTEN = 4000

export interface ObjectVersions {
  /** Undefined: unknown, or known for too long. `origin` is the Worker's own, `https://host`. */
  get(key: string, origin: string): Promise<ObjectInfo | undefined>
  /** `readAtMs` is when R2 was asked, not when it answered: the object may have changed in between. */
  remember(key: string, origin: string, entry: RememberedVersion): Promise<void>
  /** What was read before now says nothing any more, wherever it is still kept. */
  forget(key: string): void
  /** As `forget`, and for the other isolates of this data centre too. */
  forgetEverywhere(key: string, origin: string): Promise<void>
}

export interface RememberedVersion {
  readonly info: ObjectInfo
  readonly readAtMs: number
}

export function objectVersions(openCache: () => Promise<Cache>, nowMs: () => number): ObjectVersions {
  const remembered = createBoundedMap<string, RememberedVersion>(MAX_REMEMBERED)
  const forgottenAtMs = createBoundedMap<string, number>(MAX_FORGOTTEN)

  const isFresh = (key: string, { readAtMs }: RememberedVersion): boolean => {
    const age = nowMs() - readAtMs
    return age >= 0 && age < REMEMBER_MS && readAtMs > (forgottenAtMs.get(key) ?? -1)
  }

  function forget(key: string): void {
    remembered.delete(key)
    forgottenAtMs.set(key, nowMs())
  }

  return {
    async get(key, origin) {
      const own = remembered.get(key)
      if (own !== undefined && isFresh(key, own)) return own.info
      remembered.delete(key)
      const response = await (await openCache()).match(addressOf(key, origin))
      const shared = response && parseVersion(await response.text())
      if (shared === undefined || !isFresh(key, shared)) return undefined
      remembered.set(key, shared)
      return shared.info
    },
    async remember(key, origin, entry) {
      remembered.set(key, entry)
      const response = new Response(JSON.stringify(entry), {
        headers: { 'Cache-Control': `public, max-age=${REMEMBER_MS / 1000}`, 'Content-Type': 'application/json' },
      })
      await (await openCache()).put(addressOf(key, origin), response)
    },
    forget,
    async forgetEverywhere(key, origin) {
      forget(key)
      await (await openCache()).delete(addressOf(key, origin))
    },
  }
}

/** Below /media, which is this Worker's whatever else the host serves: asked from outside, it meets the signature check. */
function addressOf(key: string, origin: string): string {
  return `${origin}/media/${encodePath(key)}?info`
}

/** Written by this very file, but perhaps by another release of it. */
function parseVersion(text: string): RememberedVersion | undefined {
  const version = parseJson(text)
  if (!isRecord(version) || !isRecord(version['info'])) return undefined
  const { readAtMs } = version
  const { sizeBytes, etag, modifiedSeconds } = version['info']
  const stored = parseHeaders(version['info']['stored'])
  const isWhole =
    typeof sizeBytes === 'number' &&
    typeof etag === 'string' &&
    typeof modifiedSeconds === 'number' &&
    stored !== undefined &&
    typeof readAtMs === 'number'
  return isWhole ? { info: { sizeBytes, etag, modifiedSeconds, stored }, readAtMs } : undefined
}

function parseHeaders(stored: unknown): StoredHeaders | undefined {
  if (!isRecord(stored)) return undefined
  const { contentType, contentEncoding, contentLanguage, cacheControl, expiresSeconds } = stored
  if (!isText(contentType) || !isText(contentEncoding) || !isText(contentLanguage) || !isText(cacheControl))
    return undefined
  if (expiresSeconds !== undefined && typeof expiresSeconds !== 'number') return undefined
  return { contentType, contentEncoding, contentLanguage, cacheControl, expiresSeconds }
}

function isText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string'
}
