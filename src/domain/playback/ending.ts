// Ending viewings: one by its id, or all of a viewer, a film or a signing key.
import { Fault } from '../../core/fault.ts'
import type { Principal, UserId } from '../../core/auth/principal.ts'
import { MAX_LIVE_VIEWING_SECONDS } from '../../core/playback/policy.ts'
import { parseSessionId } from '../../core/playback/session.ts'
import type { PlaybackRevocation, PlaybackRevocations } from './revocations.ts'
import type { PlaybackSessions } from './sessions.ts'

/**
 * Rows of an owner that still end something: what an isolate reads before it serves the first of their films. They go
 * by themselves within eight days.
 */
const MAX_LIVE_REVOCATIONS = 10_000

export interface RevocationStore {
  /**
   * A row for each of the values, in place of earlier ones that it ends as well. False, and nothing is changed, when the
   * owner would have more than `maxLive` rows then.
   */
  add(
    revocation: Omit<PlaybackRevocation, 'value'> & {
      readonly values: readonly [RevokedValue, ...RevokedValue[]]
      readonly expiresAtMs: number
      readonly maxLive: number
    },
  ): Promise<boolean>
}

export interface RevokedValue {
  /** Of the row. */
  readonly id: string
  readonly value: string
}

export interface EndingDeps {
  readonly revocationStore: RevocationStore
  readonly playbackRevocations: Pick<PlaybackRevocations, 'learn'>
  /** Undefined without a secret to make sessions with: then there are none. */
  readonly playbackSessions: Pick<PlaybackSessions, 'viewerHashes'> | undefined
  readonly tokenKeyReferences: {
    /** Of a key of the user, deleted ones too; undefined when it is not theirs. */
    referenceOf(userId: UserId, keyId: string): Promise<string | undefined>
  }
  readonly nowMs: () => number
  readonly newId: () => string
}

export type Ended =
  | { readonly viewer: string }
  | { readonly jobId: string }
  | { readonly signingKeyId: string }
  | { readonly sid: string }

/**
 * Ends what the principal's films are watched by: those that began at or before `begunBefore` (epoch milliseconds; now
 * when undefined), the ones of that very second included. One row, however many viewings; a row that fits nothing of
 * theirs ends nothing.
 */
export async function endViewings(
  deps: EndingDeps,
  principal: Principal,
  input: { readonly ended: Ended; readonly begunBeforeMs: number | undefined },
): Promise<{ readonly id: string; readonly begunBeforeMs: number }> {
  const nowMs = deps.nowMs()
  const begunBefore = Math.floor(Math.min(input.begunBeforeMs ?? nowMs, nowMs) / 1000)
  const { kind, values } = await targetOf(deps, principal, input.ended)
  const [value, ...more] = values
  const id = deps.newId()
  const isAdded = await deps.revocationStore.add({
    kind,
    values: [{ id, value }, ...more.map((other) => ({ id: deps.newId(), value: other }))],
    maxLive: MAX_LIVE_REVOCATIONS,
    ownerId: principal.userId,
    begunBefore,
    createdAtMs: nowMs,
    expiresAtMs: begunBefore * 1000 + (MAX_LIVE_VIEWING_SECONDS + 60) * 1000,
  })
  if (!isAdded) {
    throw new Fault(
      'conflict',
      `At most ${MAX_LIVE_REVOCATIONS} revocations can be in force; end viewings by film or by signing key instead`,
    )
  }
  for (const each of values) {
    deps.playbackRevocations.learn({ ownerId: principal.userId, kind, value: each, begunBefore })
  }
  return { id, begunBeforeMs: begunBefore * 1000 }
}

async function targetOf(
  deps: EndingDeps,
  principal: Principal,
  ended: Ended,
): Promise<{ readonly kind: PlaybackRevocation['kind']; readonly values: readonly [string, ...string[]] }> {
  if ('sid' in ended) {
    const sid = parseSessionId(ended.sid)
    if (sid === undefined) throw new Fault('not_found', 'Playback session not found')
    return { kind: 'session', values: [sid] }
  }
  if ('jobId' in ended) return { kind: 'job', values: [ended.jobId] }
  if ('viewer' in ended) {
    if (deps.playbackSessions === undefined) throw privateFilmsUnavailable()
    return { kind: 'viewer', values: deps.playbackSessions.viewerHashes(principal.userId, ended.viewer) }
  }
  const reference = await deps.tokenKeyReferences.referenceOf(principal.userId, ended.signingKeyId)
  if (reference === undefined) throw new Fault('not_found', 'Signing key not found')
  return { kind: 'key', values: [reference] }
}

/** 503: there is no secret to make sessions with. */
export function privateFilmsUnavailable(): Fault {
  return new Fault('unavailable', 'Private playback needs EDGE_SIGNING_SECRET', { retryAfterSeconds: 60 })
}
