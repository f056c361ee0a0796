// What every call on behalf of a tenant needs: an engine, a check of ownership, and retries of the database.
import type { EngineId } from '../../core/engine/ids.ts'
import { Fault } from '../../core/fault.ts'
import type { Principal, UserId } from '../../core/auth/principal.ts'
import type { CallContext, CallEngine, CheckedAnswer } from './call.ts'
import type { EngineOwners } from './owners.ts'

export interface ConnectedEngine {
  readonly call: CallEngine
  /** Of a streamed upload. */
  readonly maxBodyBytes: number
  /** A JWKS (RFC 7517 §5). */
  readonly publicKeys: () => Promise<{ readonly keys: readonly Readonly<Record<string, unknown>>[] }>
}

export interface EngineDeps {
  /** Undefined when no engine is configured. */
  readonly engine: ConnectedEngine | undefined
  readonly engineOwners: EngineOwners
  readonly nowMs: () => number
  readonly pause: (milliseconds: number) => Promise<void>
}

/** A call on behalf of a tenant. */
export interface TenantCall {
  readonly principal: Principal
  readonly context: CallContext
}

/** 503 without an engine. */
export function connected({ engine }: Pick<EngineDeps, 'engine'>): ConnectedEngine {
  if (engine === undefined) throw new Fault('unavailable', 'Engine is not configured', { retryAfterSeconds: 60 })
  return engine
}

/** 403 as soon as one of the videos is another user's; a video the gate never saw has no owner. */
export async function refuseForeignVideos(
  deps: Pick<EngineDeps, 'engineOwners'>,
  principal: Principal,
  videoIds: readonly EngineId[],
): Promise<void> {
  if (videoIds.length === 0) return
  for (const owner of await deps.engineOwners.findVideoOwners(videoIds)) requireOwner('Video', principal, owner)
}

/** 403 unless the caller is the owner. */
export function requireOwner(noun: 'Video' | 'Job', principal: Principal, owner: UserId): void {
  if (owner !== principal.userId) throw new Fault('forbidden', `${noun} does not belong to this user`)
}

/** Whether the engine did what it was asked. */
export function isDone({ answer, envelope }: CheckedAnswer): boolean {
  return answer.status < 300 && envelope.isSuccess
}

const MAX_ATTEMPTS = 4
const FIRST_PAUSE_MS = 100

/** The engine has done its part already, and unlike the call of it, what the database does here is safe to repeat. */
export async function retryWhileDatabaseIsDown<T>(
  deps: Pick<EngineDeps, 'pause'>,
  query: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await query()
    } catch (error) {
      const isDown = error instanceof Fault && error.code === 'unavailable'
      if (!isDown || attempt === MAX_ATTEMPTS) throw error
      await deps.pause(FIRST_PAUSE_MS * 2 ** attempt)
    }
  }
}
