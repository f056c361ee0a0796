// Limits of a key: counted before what they limit is done, exactly, and told as they are counted.
import type { KeyLimits, LimitName, LimitState } from '../../core/auth/key-limits.ts'
import type { KeyPrincipal, Principal } from '../../core/auth/principal.ts'
import { Fault } from '../../core/fault.ts'

export type Amounts = Readonly<Partial<Record<LimitName, number>>>

/** One counter for each key. */
export interface KeyCounters {
  /** Counts all amounts or none, and says what is used. */
  spend(
    keyId: string,
    spending: { readonly limits: KeyLimits; readonly amounts: Amounts; readonly nowMs: number },
  ): Promise<{ readonly exceeded: LimitName | undefined; readonly states: readonly LimitState[] }>
}

export interface KeyLimitDeps {
  /** Undefined without the binding: keys with limits are refused then. */
  readonly keyCounters: KeyCounters | undefined
  readonly nowMs: () => number
}

/**
 * Counts what the key is about to use; nothing, and no I/O, for a session or a key without such a limit. 429 when it is
 * too much, and then nothing was counted. `told` is called with the state in either case.
 */
export async function spend(
  deps: KeyLimitDeps,
  principal: Principal,
  amounts: Amounts,
  told?: (states: readonly LimitState[]) => void,
): Promise<void> {
  if (principal.kind !== 'api_key' || !isLimited(principal, amounts)) return
  const { exceeded, states } = await count(deps, principal.keyId, principal.limits ?? {}, amounts)
  told?.(states)
  const state = states.find(({ name }) => name === exceeded)
  if (state === undefined) return
  throw new Fault('rate_limited', `API key is over its limit ${state.name}`, {
    retryAfterSeconds: Math.max(1, Math.ceil((state.resetsAtMs - deps.nowMs()) / 1000)),
  })
}

/** Gives back what was counted for something that did not happen after all. */
export async function giveBack(
  deps: KeyLimitDeps,
  principal: Principal,
  name: LimitName,
  amount: number,
): Promise<void> {
  await spend(deps, principal, { [name]: -amount })
}

/** What is used of each limit; empty for a key without any. */
export async function usageOf(
  deps: KeyLimitDeps,
  key: { readonly id: string; readonly limits: KeyLimits | undefined },
): Promise<readonly LimitState[]> {
  if (key.limits === undefined) return []
  return (await count(deps, key.id, key.limits, {})).states
}

function isLimited({ limits }: KeyPrincipal, amounts: Amounts): boolean {
  if (limits === undefined) return false
  return (Object.keys(amounts) as LimitName[]).some((name) => limits[name] !== undefined)
}

/** Fails closed: a limit that cannot be counted would be none. */
async function count({ keyCounters, nowMs }: KeyLimitDeps, keyId: string, limits: KeyLimits, amounts: Amounts) {
  if (keyCounters === undefined) throw away('Limits of API keys need the binding LIMITS')
  try {
    return await keyCounters.spend(keyId, { limits, amounts, nowMs: nowMs() })
  } catch (cause) {
    throw away('Limits of API keys are temporarily unavailable', cause)
  }
}

function away(detail: string, cause?: unknown): Fault {
  return new Fault('unavailable', detail, { cause, retryAfterSeconds: 5 })
}
