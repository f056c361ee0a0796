// A user's API keys: making, showing, changing, rotating and ending them. A key acts for its holder here too, and
// never makes or touches one that is stronger than itself.
import { API_KEY_RANDOM_BYTES, formatApiKey, hashApiKey, keyPrefix } from '../../core/auth/api-key.ts'
import { Fault } from '../../core/fault.ts'
import { isWithinLimits, type KeyLimits, type LimitState } from '../../core/auth/key-limits.ts'
import { containsBlock, parseBlocks } from '../../core/http/network.ts'
import { boundTo, type Principal } from '../../core/auth/principal.ts'
import { firstMissing, STAR, type Scopes } from '../../core/auth/scope.ts'
import { parseUuid } from '../../core/uuid.ts'
import { lacksScope } from '../auth/permission.ts'
import type { KeyAuthentication } from '../auth/key-authentication.ts'
import { usageOf, type KeyLimitDeps } from './limits.ts'
import type { ApiKey, KeyChange, KeyEvent, KeyReader, KeyWriter, NewSecret } from './store.ts'
import type { Revocations } from '../auth/revocations.ts'

export interface KeyDeps {
  readonly keyReader: KeyReader
  readonly keyWriter: KeyWriter
  readonly revocations: Revocations
  readonly apiKeys: Pick<KeyAuthentication, 'forget'>
  readonly nowMs: () => number
  readonly newId: () => string
  readonly randomBytes: (count: number) => Uint8Array
}

/** Live: neither deleted, nor expired, nor rotated away. */
export const MAX_LIVE_KEYS = 100
/** Rotated keys still in their grace: without this bound, rotating would be a way around the other. */
const MAX_KEYS_IN_GRACE = 100
/** The least time that a key leaves its owner when it rotates itself. */
const MIN_OWN_GRACE_SECONDS = 3600

export interface IssuedKey {
  readonly key: ApiKey
  /** Leaves the service here and never again. */
  readonly rawKey: string
}

/**
 * What is absent is the principal's own: a session has no expiry, and is allowed from anywhere. Beside `*`, `keys:write`
 * is passed on only where it is named.
 */
export async function createKey(
  deps: Pick<KeyDeps, 'keyWriter' | 'nowMs' | 'newId' | 'randomBytes'>,
  principal: Principal,
  input: {
    readonly name: string
    readonly scopes: Scopes | undefined
    /** Null: never. */
    readonly expiresAtMs: number | null | undefined
    /** CIDR blocks; null: from anywhere. */
    readonly allowedIps: readonly string[] | null | undefined
    /** Null: none. */
    readonly limits: KeyLimits | null | undefined
  },
): Promise<IssuedKey> {
  const scopes = input.scopes ?? inherited(principal.scopes)
  const expiresAtMs = input.expiresAtMs === undefined ? expiryOf(principal) : (input.expiresAtMs ?? undefined)
  const allowedIps = input.allowedIps === undefined ? addressesOf(principal) : (input.allowedIps ?? undefined)
  const limits = input.limits === undefined ? limitsOf(principal) : (input.limits ?? undefined)
  refuseStronger(principal, { scopes, expiresAtMs, allowedIps, limits })
  const nowMs = deps.nowMs()
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) {
    throw new Fault('validation_error', 'expires_at: must be in the future')
  }
  const { rawKey, secret } = newSecret(deps)
  const change = await deps.keyWriter.create(
    principal,
    { ...secret, name: input.name, scopes, expiresAtMs, allowedIps, limits },
    { nowMs, maxLive: MAX_LIVE_KEYS },
  )
  const full = `A user can have at most ${MAX_LIVE_KEYS} live API keys`
  return { key: orThrow(change, principal, new Fault('conflict', full)).key, rawKey }
}

export async function listKeys(deps: Pick<KeyDeps, 'keyReader'>, principal: Principal): Promise<readonly ApiKey[]> {
  return await deps.keyReader.list(principal.userId, boundTo(principal))
}

export async function listKeyEvents(
  deps: Pick<KeyDeps, 'keyReader'>,
  principal: Principal,
  keyId: string,
): Promise<readonly KeyEvent[]> {
  const key = await ownKey(deps, principal, keyId)
  return await deps.keyReader.events(key.id)
}

/**
 * Renames a key, changes where it may be used from, or switches it off and on. An expired one stays off: 409. `cascade`:
 * switches off what was made with it too.
 */
export async function changeKey(
  deps: Pick<KeyDeps, 'keyReader' | 'keyWriter' | 'revocations' | 'apiKeys' | 'nowMs'>,
  principal: Principal,
  input: {
    readonly keyId: string
    readonly name: string | undefined
    readonly isActive: boolean | undefined
    readonly allowedIps: readonly string[] | null | undefined
    /** Null: none. */
    readonly limits: KeyLimits | null | undefined
    readonly cascade: boolean
  },
): Promise<ApiKey> {
  if (input.cascade && input.isActive !== false) {
    throw new Fault('validation_error', 'cascade: goes with is_active false only')
  }
  const key = await ownKey(deps, principal, input.keyId)
  refuseStronger(principal, key)
  if (principal.kind === 'api_key') refuseWidening(key, input)
  // Else a member would take off what an admin put on.
  if (input.limits !== undefined && boundTo(principal) !== undefined) {
    throw new Fault('forbidden', 'Only an admin of the workspace may change the limits of a key')
  }
  const nowMs = deps.nowMs()
  const expired = new Fault('conflict', 'An expired API key cannot be reactivated')
  if (input.isActive === true && isExpired(key, nowMs)) throw expired
  const change = await deps.keyWriter.update(principal, key.id, input, { nowMs, cascade: input.cascade })
  const changed = orThrow(change, principal, changedMeanwhile())
  if (input.isActive === false)
    for (const id of [key.id, ...changed.descendantIds]) deps.revocations.revokeAt(id, nowMs)
  if (input.isActive === true || input.allowedIps !== undefined || input.limits !== undefined)
    deps.apiKeys.forget(key.id)
  return changed.key
}

/** Makes a successor; the old key works on for `graceSeconds`, and never past its own expiry. */
export async function rotateKey(
  deps: Pick<KeyDeps, 'keyReader' | 'keyWriter' | 'revocations' | 'nowMs' | 'newId' | 'randomBytes'>,
  principal: Principal,
  input: { readonly keyId: string; readonly graceSeconds: number },
): Promise<IssuedKey> {
  const key = await ownKey(deps, principal, input.keyId)
  refuseStronger(principal, key)
  const nowMs = deps.nowMs()
  // A stolen key must not be able to lock its owner out.
  if (principal.kind === 'api_key' && principal.keyId === key.id && input.graceSeconds < MIN_OWN_GRACE_SECONDS) {
    const least = `grace_seconds: must be at least ${MIN_OWN_GRACE_SECONDS} where a key rotates itself`
    throw new Fault('validation_error', least)
  }
  if (key.rotatedAtMs !== undefined) throw new Fault('conflict', 'API key was already rotated')
  if (isExpired(key, nowMs)) throw new Fault('conflict', 'An expired API key cannot be rotated')
  const { rawKey, secret } = newSecret(deps)
  const graceEndsMs = nowMs + input.graceSeconds * 1000
  const change = await deps.keyWriter.rotate(principal, key.id, secret, {
    nowMs,
    graceEndsMs,
    maxInGrace: MAX_KEYS_IN_GRACE,
  })
  const full = 'API key was changed at the same time, or too many rotated keys are still in their grace'
  const { key: successor } = orThrow(change, principal, new Fault('conflict', full))
  deps.revocations.revokeAt(key.id, graceEndsMs)
  return { key: successor, rawKey }
}

/** Ends a key for good; `cascade`: and every key that was made with it, or with one of those. */
export async function deleteKey(
  deps: Pick<KeyDeps, 'keyReader' | 'keyWriter' | 'revocations' | 'nowMs'>,
  principal: Principal,
  input: { readonly keyId: string; readonly cascade: boolean },
): Promise<void> {
  const key = await ownKey(deps, principal, input.keyId)
  refuseStronger(principal, key)
  const nowMs = deps.nowMs()
  const change = await deps.keyWriter.remove(principal, key.id, { nowMs, cascade: input.cascade })
  const { descendantIds } = orThrow(change, principal, keyNotFound())
  for (const id of [key.id, ...descendantIds]) deps.revocations.revokeAt(id, nowMs)
}

/** What the key has used of its limits. */
export async function readKeyUsage(
  deps: Pick<KeyDeps, 'keyReader'> & KeyLimitDeps,
  principal: Principal,
  keyId: string,
): Promise<readonly LimitState[]> {
  return await usageOf(deps, await ownKey(deps, principal, keyId))
}

async function ownKey(deps: Pick<KeyDeps, 'keyReader'>, principal: Principal, keyId: string): Promise<ApiKey> {
  const id = parseUuid(keyId)
  const key = id === undefined ? undefined : await deps.keyReader.find(id)
  if (key === undefined) throw keyNotFound()
  const bound = boundTo(principal)
  const isOwn = key.userId === principal.userId && (bound === undefined || key.memberId === bound)
  if (!isOwn) throw new Fault('forbidden', 'API key does not belong to this user')
  return key
}

/** A key must not yield a stronger key, or one that lives longer, or one that works from elsewhere. */
function refuseStronger(
  principal: Principal,
  key: Pick<ApiKey, 'scopes' | 'expiresAtMs' | 'allowedIps' | 'limits'>,
): void {
  const missing = firstMissing(principal.scopes, key.scopes)
  if (missing !== undefined) throw lacksScope(principal, missing)
  const own = expiryOf(principal)
  if (own !== undefined && (key.expiresAtMs === undefined || key.expiresAtMs > own)) {
    throw new Fault('forbidden', 'API key expires before the key it would make or change')
  }
  if (!isWithinLimits(key.limits, limitsOf(principal))) {
    throw new Fault('forbidden', 'API key has lower limits than the key it would make or change')
  }
  if (!isWithin(key.allowedIps, addressesOf(principal))) {
    throw new Fault('forbidden', 'API key is allowed from fewer addresses than the key it would make or change')
  }
}

function refuseWidening(
  key: ApiKey,
  { allowedIps, limits }: { allowedIps: readonly string[] | null | undefined; limits: KeyLimits | null | undefined },
): void {
  if (allowedIps !== undefined && !isWithin(allowedIps ?? undefined, key.allowedIps)) {
    throw new Fault('forbidden', 'Only a session can allow a key from more addresses')
  }
  if (limits !== undefined && !isWithinLimits(limits ?? undefined, key.limits)) {
    throw new Fault('forbidden', 'Only a session can raise the limits of a key')
  }
}

/** Whether every block of `inner` lies in one of `outer`; undefined is everywhere. */
function isWithin(inner: readonly string[] | undefined, outer: readonly string[] | undefined): boolean {
  if (outer === undefined) return true
  if (inner === undefined) return false
  const blocks = parseBlocks(outer)
  return parseBlocks(inner).every((block) => blocks.some((one) => containsBlock(one, block)))
}

function inherited(scopes: Scopes): Scopes {
  return scopes[0] === '*' ? STAR : scopes
}

function addressesOf(principal: Principal): readonly string[] | undefined {
  return principal.kind === 'clerk' ? undefined : principal.allowedIps
}

function limitsOf(principal: Principal): KeyLimits | undefined {
  return principal.kind === 'clerk' ? undefined : principal.limits
}

function expiryOf(principal: Principal): number | undefined {
  return principal.kind === 'clerk' ? undefined : principal.expiresAtMs
}

function isExpired(key: ApiKey, nowMs: number): boolean {
  return key.expiresAtMs !== undefined && nowMs >= key.expiresAtMs
}

function newSecret(deps: Pick<KeyDeps, 'newId' | 'randomBytes'>): { rawKey: string; secret: NewSecret } {
  const rawKey = formatApiKey(deps.randomBytes(API_KEY_RANDOM_BYTES))
  return { rawKey, secret: { id: deps.newId(), hash: hashApiKey(rawKey), keyPrefix: keyPrefix(rawKey) } }
}

function orThrow(change: KeyChange, principal: Principal, refused: Fault): Extract<KeyChange, { outcome: 'done' }> {
  if (change.outcome === 'done') return change
  if (change.outcome === 'refused') throw refused
  const detail = principal.kind === 'clerk' ? 'Invalid token' : 'Invalid or inactive API key'
  throw new Fault('unauthorized', detail, { reason: 'revoked meanwhile' })
}

function keyNotFound(): Fault {
  return new Fault('not_found', 'API key not found')
}

function changedMeanwhile(): Fault {
  return new Fault('conflict', 'API key was changed at the same time')
}
