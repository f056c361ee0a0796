// Which parts an S3 endpoint has of an upload: asked by presigned requests, page by page.
import { readListedParts } from '../../core/storage/listed-parts.ts'
import { readAtMost } from '../../core/read-body.ts'
import type { SigningTarget } from '../../domain/delivery/signing-target.ts'
import type { PartLists, StoredPart } from '../../domain/storage/multipart-store.ts'
import type { FetchUrl } from '../bounded-fetch.ts'

/** 10,000 parts, 1,000 a page. */
const MAX_PAGES = 10
/** Of a thousand parts, a few hundred bytes each. */
const MAX_PAGE_BYTES = 4_000_000
const TIMEOUT_MS = 10_000

/** Undefined where the endpoint does not list them, or not now: clients keep their etags anyway. */
export function s3PartLists(target: SigningTarget, fetchUrl: FetchUrl, nowMs: () => number): PartLists {
  return {
    async list({ key, uploadId }, origin) {
      const all: StoredPart[] = []
      let after: number | undefined
      for (let pages = 0; pages < MAX_PAGES; pages++) {
        const url = target.presigner.presign({
          method: 'GET',
          origin: target.origin ?? origin,
          path: target.prefix + key,
          signedAtSeconds: Math.floor(nowMs() / 1000),
          expiresSeconds: 60,
          query: { uploadId, ...(after === undefined ? {} : { 'part-number-marker': after.toString() }) },
        })
        const page = readListedParts(await readText(fetchUrl, url))
        if (page === undefined) return undefined
        all.push(...page.parts)
        after = page.next
        if (after === undefined) break
      }
      return all
    },
  }
}

/** Empty for anything but a 200 of a bounded size. */
async function readText(fetchUrl: FetchUrl, url: string): Promise<string> {
  try {
    const response = await fetchUrl(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (response.ok) {
      const bytes = await readAtMost(response.body, MAX_PAGE_BYTES)
      return bytes === undefined ? '' : new TextDecoder().decode(bytes)
    }
    await response.body?.cancel()
  } catch {
    // Away, or too slow: as one that does not list them.
  }
  return ''
}
