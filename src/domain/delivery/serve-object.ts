// Serving an object to a caller who may have it: what HTTP says about conditions, ranges and codings. It decides; the
// bytes pass through unseen.
import type { Defer } from '../defer.ts'
import { evaluateConditions, rangeApplies, type Conditions } from '../../core/http/conditional.ts'
import { Fault } from '../../core/fault.ts'
import { mediaType } from '../../core/storage/media-type.ts'
import type { ObjectKey } from '../../core/storage/object-key.ts'
import { resolveRange, type ByteRange, type RangeSpec } from '../../core/http/range.ts'
import { cacheControl, contentCodings, contentLanguage } from '../../core/http/stored-headers.ts'
import type { MediaObjects, ObjectInfo } from './media-objects.ts'

/** What is asked of an object, by a caller who may. */
export interface ObjectRead {
  readonly isHead: boolean
  /** Undefined: none that counts. */
  readonly range: RangeSpec | undefined
  readonly ifRange: string | undefined
  /** Whether the client can undo a content coding. */
  readonly takesCoding: (coding: string) => boolean
  readonly conditions: Conditions
  readonly origin: string
  readonly defer: Defer
}

export interface MediaAnswer<Body> {
  readonly status: 200 | 206 | 304
  /** Undefined for HEAD and 304. */
  readonly body: Body | undefined
  readonly info: ObjectInfo
  /** Of a 206. */
  readonly range: ByteRange | undefined
  readonly contentType: string
  /** What was done to the bytes before they were stored; sent as they are. */
  readonly contentCodings: readonly string[]
  readonly contentLanguage: string | undefined
  readonly contentDisposition: string | undefined
  /** Never lets the caller's own cache keep it longer than the signature lives. */
  readonly cacheControl: string
}

export interface ServeDeps<Body> {
  readonly mediaObjects: MediaObjects<Body>
  readonly nowMs: () => number
}

/** The most a browser keeps an object, whatever its signature allows. */
const MAX_AGE_SECONDS = 3600

/** A version may be replaced while it is being opened; one that is replaced every time is a client's mistake. */
const MAX_ATTEMPTS = 3

export interface Granted {
  readonly key: ObjectKey
  readonly expiresAtSeconds: number
  readonly contentDisposition: string | undefined
}

/** Serves an object to a caller who may have it until `expiresAtSeconds`. */
export async function serveObject<Body>(
  deps: ServeDeps<Body>,
  input: ObjectRead,
  granted: Granted,
): Promise<MediaAnswer<Body>> {
  const nowSeconds = Math.floor(deps.nowMs() / 1000)
  const hasConditions = Object.values(input.conditions).some((condition) => condition !== undefined)
  const wanted = input.isHead || hasConditions ? 'info' : (input.range ?? 'whole')

  let mustAsk = false
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const { origin, defer } = input
    const found = await deps.mediaObjects.find(granted.key, { origin, defer, wanted, mustAsk })
    if (found === undefined) throw new Fault('not_found', 'Media not found')
    const { stored } = found.info
    const codings = contentCodings(stored.contentEncoding)
    // A range counts the encoded bytes (RFC 9110 §14.1.2), and of those a client that cannot decode them takes none:
    // browsers say `identity` with every range they ask for.
    const asked = { ...input, range: codings.every(input.takesCoding) ? input.range : undefined }
    const decision = decide(asked, found.info, nowSeconds)
    if (found.isRemembered && givesLess(decision, asked, found.info)) {
      mustAsk = true
      await found.close()
      continue
    }
    const answer = {
      info: found.info,
      contentType: mediaType(granted.key, stored.contentType),
      contentCodings: codings,
      contentLanguage: contentLanguage(stored.contentLanguage),
      contentDisposition: granted.contentDisposition,
      cacheControl: cacheControl(stored, {
        maxAgeSeconds: Math.min(granted.expiresAtSeconds - nowSeconds, MAX_AGE_SECONDS),
        nowSeconds,
      }),
    }
    if (typeof decision === 'string' && (decision !== 'whole' || input.isHead)) {
      await found.close()
      if (decision === 'precondition_failed') throw new Fault('precondition_failed', 'Precondition failed')
      if (decision === 'unsatisfiable') {
        const objectBytes = found.info.sizeBytes
        throw new Fault('range_not_satisfiable', 'Range Not Satisfiable', { objectBytes })
      }
      return { ...answer, status: decision === 'not_modified' ? 304 : 200, range: undefined, body: undefined }
    }
    const range = decision === 'whole' ? undefined : decision
    const body = await found.read(range)
    if (body !== undefined) return { ...answer, status: range === undefined ? 200 : 206, range, body }
  }
  throw new Fault('unavailable', 'Storage is temporarily unavailable', { retryAfterSeconds: 1 })
}

/** What the preconditions and the range say, in the order of RFC 9110 §13.2.2. */
function decide(
  input: Pick<ObjectRead, 'isHead' | 'range' | 'ifRange' | 'conditions'>,
  info: ObjectInfo,
  nowSeconds: number,
): 'precondition_failed' | 'not_modified' | 'whole' | 'unsatisfiable' | ByteRange {
  const precondition = evaluateConditions(input.conditions, info, nowSeconds)
  if (precondition === 'failed') return 'precondition_failed'
  if (precondition === 'not_modified') return 'not_modified'
  // Range is defined for GET alone (RFC 9110 §14.2).
  if (input.isHead || input.range === undefined || !rangeApplies(input.ifRange, info, nowSeconds)) return 'whole'
  return resolveRange(input.range, info.sizeBytes)
}

/**
 * Whether the caller gets less than what was asked for: a refusal, a range cut short, or one that does not count. The
 * object may have grown or been replaced since its version was read, so such an answer needs the current one.
 */
function givesLess(
  decision: ReturnType<typeof decide>,
  { isHead, range }: Pick<ObjectRead, 'isHead' | 'range'>,
  info: ObjectInfo,
): boolean {
  if (decision === 'precondition_failed' || decision === 'unsatisfiable') return true
  if (isHead || range === undefined || decision === 'not_modified') return false
  return decision === 'whole' || (range.kind === 'from' && (range.last ?? 0) >= info.sizeBytes)
}
