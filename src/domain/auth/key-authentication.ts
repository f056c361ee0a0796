// An API key → who holds it. A key used often costs no I/O; one that is unknown costs at most one read, and its
// client's patience.
import { hashApiKey, type KeyHash } from '../../core/auth/api-key.ts'
import { addressGroup } from '../../core/http/client-address.ts'
import { isInNetworks, parseBlocks, truncateAddress, type Network } from '../../core/http/network.ts'
import { Fault } from '../../core/fault.ts'
import { createBoundedMap } from '../../core/bounded-map.ts'
import type { KeyPrincipal, UserId } from '../../core/auth/principal.ts'
import type { Defer } from '../defer.ts'
import type { Limit } from './limits.ts'
import { orUnavailable } from './outage.ts'
import type { Moment, Revocations } from './revocations.ts'

export interface StoredKey {
  readonly principal: KeyPrincipal
  /** False when it was switched off or deleted, or its user was. Expiry is not in it: that depends on the time. */
  readonly isActive: boolean
  readonly lastUsedAtMs: number | undefined
}

export interface KeyLookup {
  findByHash(hash: KeyHash): Promise<StoredKey | undefined>
  /** Forward only, and nothing when the key was used less than `minIntervalMs` before. */
  markUsed(use: {
    readonly keyId: string
    readonly atMs: number
    /** Truncated; undefined when it is not known. */
    readonly ip: string | undefined
    readonly minIntervalMs: number
  }): Promise<void>
}

export interface KeyAuthenticationDeps {
  readonly keys: KeyLookup
  readonly revocations: Revocations
  /** Counts refused well-formed keys; undefined without a limiter. */
  readonly failures: Limit | undefined
  readonly nowMs: () => number
}

export interface KeyAuthentication {
  /** The holder; throws 401, 403 (from this address), 429 or 503. `address`: where the request came from. */
  authenticate(key: string, address: () => string | undefined, defer: Defer): Promise<KeyPrincipal>
  /** Forgets what is known of the key, so that the database is asked: it was switched on again. */
  forget(keyId: string): void
  /** Forgets all keys that the person made: what they may do changed. */
  forgetMadeBy(memberId: UserId): void
}

interface LiveEntry {
  readonly principal: KeyPrincipal
  /** Undefined: from anywhere. */
  readonly allowed: readonly Network[] | undefined
  /** Before the database was asked. */
  readonly readSince: Moment
  readonly validUntilMs: number
  lastUsedAtMs: number | undefined
}

const MAX_LIVE = 10_000
/** Apart from the live ones, so that junk never displaces a customer. */
const MAX_REFUSED = 10_000
const USE_INTERVAL_MS = 60_000

/** `cacheMs` is the revocation bound: how long an answer of D1 is trusted, counted from before it was asked. */
export function keyAuthentication(deps: KeyAuthenticationDeps, cacheMs: number): KeyAuthentication {
  const live = createBoundedMap<KeyHash, LiveEntry>(MAX_LIVE)
  const refused = createBoundedMap<KeyHash, { keyId: string | undefined; validUntilMs: number }>(MAX_REFUSED)

  function isExpired({ expiresAtMs }: KeyPrincipal, nowMs: number): boolean {
    return expiresAtMs !== undefined && nowMs >= expiresAtMs
  }

  /** A key can be switched on again, by any isolate; the end of a user is final. */
  function isRevoked({ keyId, userId }: KeyPrincipal, readSince: Moment): boolean {
    return deps.revocations.isRevoked(keyId, readSince) || deps.revocations.isRevoked(userId)
  }

  function isCached(entry: { validUntilMs: number } | undefined, nowMs: number): boolean {
    return entry !== undefined && nowMs < entry.validUntilMs
  }

  function use(entry: LiveEntry, nowMs: number, address: () => string | undefined, defer: Defer): KeyPrincipal {
    if (entry.allowed !== undefined && !isInNetworks(entry.allowed, { address: address(), asn: undefined })) {
      throw new Fault('forbidden', 'API key is not allowed from this address')
    }
    const before = entry.lastUsedAtMs
    if (before === undefined || nowMs - before >= USE_INTERVAL_MS) {
      entry.lastUsedAtMs = nowMs
      const ip = truncateAddress(address())
      const used = { keyId: entry.principal.keyId, atMs: nowMs, ip, minIntervalMs: USE_INTERVAL_MS }
      const mark = deps.keys.markUsed(used).catch((cause: unknown) => {
        entry.lastUsedAtMs = before
        throw cause
      })
      defer(mark)
    }
    return entry.principal
  }

  async function refuse(group: string): Promise<never> {
    await deps.failures?.take(group)
    throw new Fault('unauthorized', 'Invalid or inactive API key')
  }

  return {
    async authenticate(key, address, defer) {
      const hash = hashApiKey(key)
      const nowMs = deps.nowMs()
      const cached = live.get(hash)
      if (cached !== undefined && isCached(cached, nowMs)) {
        const { principal, readSince } = cached
        if (!isExpired(principal, nowMs) && !isRevoked(principal, readSince)) return use(cached, nowMs, address, defer)
      }
      const group = addressGroup(address())
      deps.failures?.refuseIfWaiting(group)
      if (isCached(cached, nowMs) || isCached(refused.get(hash), nowMs)) return await refuse(group)

      const readSince = deps.revocations.moment()
      const stored = await orUnavailable(deps.keys.findByHash(hash))
      if (stored === undefined || !stored.isActive || isExpired(stored.principal, deps.nowMs())) {
        refused.set(hash, { keyId: stored?.principal.keyId, validUntilMs: nowMs + cacheMs })
        return await refuse(group)
      }
      const { principal, lastUsedAtMs } = stored
      // The answer is older than the end: it says nothing of what came after it, and is not kept.
      if (isRevoked(principal, readSince)) return await refuse(group)
      const allowed = principal.allowedIps && parseBlocks(principal.allowedIps)
      const entry: LiveEntry = { principal, allowed, readSince, lastUsedAtMs, validUntilMs: nowMs + cacheMs }
      live.set(hash, entry)
      return use(entry, nowMs, address, defer)
    },
    forget(keyId) {
      refused.deleteWhere((entry) => entry.keyId === keyId)
      live.deleteWhere((entry) => entry.principal.keyId === keyId)
    },
    forgetMadeBy(memberId) {
      live.deleteWhere((entry) => entry.principal.memberId === memberId)
    },
  }
}
