// What a caller is told at the end of a job: the engine calls the service under a secret address, and the service sends
// its own signed event to the address that the caller gave. The engine never sees that one.
import { hex, utf8 } from '../../core/bytes.ts'
import { CALLBACK_TOKEN_BYTES, formatCallbackToken, isCallbackToken } from '../../core/engine/callback-token.ts'
import { readJobSnapshot, type JobSnapshot } from '../../core/engine/envelope.ts'
import type { EngineId } from '../../core/engine/ids.ts'
import type { UserId } from '../../core/auth/principal.ts'
import { WEBHOOK_MEMBER } from '../../core/engine/webhook-member.ts'
import { readReceiverUrl } from '../../core/events/receiver-url.ts'
import type { WebhookSecret } from '../../core/events/webhook-signature.ts'
import { Fault } from '../../core/fault.ts'
import { sha256 } from '../../core/sha256.ts'
import { newSecret, receiverUrl, requireSending, type EndpointDeps } from '../events/endpoints.ts'
import { callFor } from './call-for-owner.ts'
import { isDone, type EngineDeps } from './access.ts'

export interface NewCallback {
  readonly id: string
  /** SHA-256 of its token, in hex. */
  readonly tokenHash: string
  readonly userId: UserId
  readonly jobId: EngineId
  /** Of the caller. */
  readonly url: string
  /** Becomes the user's default secret if there is none. */
  readonly secret: WebhookSecret
  readonly createdAtMs: number
}

/** A job whose end is still to be told. */
export interface Callback {
  readonly id: string
  readonly userId: UserId
  readonly jobId: EngineId
}

export interface CallbackStore {
  /** Safe to repeat. */
  keep(callback: NewCallback): Promise<void>
  /** `told`: it was told before. */
  find(tokenHash: string): Promise<Callback | 'told' | undefined>
  /** Keeps what was seen of the job, and has its end told; once, whoever else does it too. */
  tell(callback: Callback, snapshot: JobSnapshot, nowMs: number): Promise<void>
  /** Some that were made after a time and neither told nor asked for since another; they count as asked for now. */
  takeUntold(madeAfterMs: number, askedBeforeMs: number, limit: number, nowMs: number): Promise<readonly Callback[]>
  /** Removes what is older, as much as one call may; says how much. */
  forget(beforeMs: number): Promise<number>
}

export interface CallbackDeps
  extends EngineDeps, Pick<EndpointDeps, 'receiverRules' | 'eventReminders' | 'newId' | 'randomBytes'> {
  readonly callbackStore: CallbackStore
}

export interface Preparation {
  /** What the engine is given. */
  readonly callbackUrl: string
  /** Once the engine has made the job. */
  readonly keep: (jobId: EngineId) => Promise<void>
}

/** 422 for an address that events are not sent to; 503 where nothing could be sent. `origin`: this service's own. */
export function prepareCallback(
  deps: CallbackDeps,
  userId: UserId,
  { webhookUrl, origin }: { readonly webhookUrl: string; readonly origin: string },
): Preparation {
  requireSending(deps)
  const url = receiverUrl(deps, { url: webhookUrl, origin, field: WEBHOOK_MEMBER })
  const token = formatCallbackToken(deps.randomBytes(CALLBACK_TOKEN_BYTES))
  const id = deps.newId()
  const callbackUrl = `${origin}/api/v1/callbacks/${token}`
  // A Host header can hold anything where nothing before the service looks at it.
  if (!readReceiverUrl(callbackUrl, { ...deps.receiverRules, ownHosts: new Set() }).ok) {
    throw new Fault('validation_error', `${WEBHOOK_MEMBER}: the engine cannot call this service back at ${origin}`)
  }
  return {
    callbackUrl,
    keep: async (jobId) =>
      await deps.callbackStore.keep({
        id,
        tokenHash: hashOf(token),
        userId,
        jobId,
        url,
        secret: newSecret(deps),
        createdAtMs: deps.nowMs(),
      }),
  }
}

/**
 * The engine says that a job has ended. Nothing of what it says is believed: it is asked. 404 for a token that is none;
 * 503 while the job runs on, so that the engine says it again.
 */
export async function takeCallback(deps: CallbackDeps, token: string): Promise<void> {
  const callback = isCallbackToken(token) ? await deps.callbackStore.find(hashOf(token)) : undefined
  if (callback === undefined) throw new Fault('not_found', 'Callback not found')
  if (callback === 'told') return
  if (!(await tellIfEnded(deps, callback))) {
    throw new Fault('unavailable', 'The job has not ended', { retryAfterSeconds: 10 })
  }
}

/** Callbacks get lost. An engine that has not called after this time is asked. */
const SILENT_MS = 10 * 60_000
/** A job that has not ended by then is not asked for any more. */
const GIVEN_UP_MS = 48 * 3_600_000
const MAX_ASKED = 20

/** Asks for jobs whose end nobody told; for how many. */
export async function askForSilentJobs(deps: CallbackDeps): Promise<number> {
  if (deps.engine === undefined) return 0
  const nowMs = deps.nowMs()
  const silent = await deps.callbackStore.takeUntold(nowMs - GIVEN_UP_MS, nowMs - SILENT_MS, MAX_ASKED, nowMs)
  // One that the engine has no answer for keeps no other from being asked for.
  await Promise.allSettled(silent.map(async (callback) => await tellIfEnded(deps, callback)))
  return silent.length
}

/** How long callbacks are kept, as their events are. */
const KEPT_MS = 30 * 86_400_000

/** Removes what is older; what one call leaves is met by the next run. */
export async function forgetOldCallbacks(deps: Pick<CallbackDeps, 'callbackStore' | 'nowMs'>): Promise<number> {
  return await deps.callbackStore.forget(deps.nowMs() - KEPT_MS)
}

const ENDED: ReadonlySet<string | undefined> = new Set(['completed', 'failed', 'cancelled'])

async function tellIfEnded(deps: CallbackDeps, callback: Callback): Promise<boolean> {
  const path = `/api/v1/jobs/${callback.jobId}`
  const checked = await callFor(deps, callback.userId, { method: 'GET', path })
  const snapshot = readJobSnapshot(checked.envelope.data)
  if (!isDone(checked) || !ENDED.has(snapshot.status)) return false
  await deps.callbackStore.tell(callback, snapshot, deps.nowMs())
  return true
}

function hashOf(token: string): string {
  return hex(sha256(utf8(token)))
}
