// Composition of authentication: keys, sessions, identity, limits and webhooks.
import type { ClerkConfig, Config } from '../config/config.ts'
import type { GuardDeps } from '../domain/auth/authenticate.ts'
import type { ClerkEventDeps } from '../domain/auth/clerk-webhooks.ts'
import { identity } from '../domain/auth/identity.ts'
import { keyAuthentication } from '../domain/auth/key-authentication.ts'
import type { ExpiringKeyDeps } from '../domain/keys/expiring.ts'
import type { LeakedKeyDeps } from '../domain/keys/leaked.ts'
import type { KeyLimitDeps } from '../domain/keys/limits.ts'
import type { KeyDeps } from '../domain/keys/keys.ts'
import { CALLER_POLICY, FAILURE_POLICY, limit } from '../domain/auth/limits.ts'
import { causeName } from '../domain/log.ts'
import { memberships } from '../domain/auth/memberships.ts'
import { revocations } from '../domain/auth/revocations.ts'
import { sessionAuthentication } from '../domain/auth/session-authentication.ts'
import { pinnedKey, signingKeys, type SigningKeys } from '../domain/auth/signing-keys.ts'
import type { Bindings } from '../platform/bindings.ts'
import { clerkApi } from '../platform/clerk/api.ts'
import { d1ClerkDeliveries } from '../platform/d1/clerk-webhooks.ts'
import { d1KeyExpiryNotices } from '../platform/d1/key-expiry.ts'
import { d1LeakedKeys } from '../platform/d1/leaked-keys.ts'
import { d1KeyWriter } from '../platform/d1/key-changes.ts'
import { d1KeyLookup, d1KeyReader } from '../platform/d1/keys.ts'
import type { Outbox } from '../platform/d1/outbox.ts'
import { d1Members, d1Offboarding } from '../platform/d1/members.ts'
import { d1UserDeletion, d1Users } from '../platform/d1/users.ts'
import { jwksSource } from '../platform/clerk/jwks.ts'
import { kvIdentity } from '../platform/clerk/kv-identity.ts'
import { keyCounters } from '../platform/key-counters.ts'
import { scannerSignature } from '../platform/scanner-signature.ts'
import { rateLimiter } from '../platform/rate-limiters.ts'
import { importPinnedKey, sessionVerifier } from '../platform/clerk/session-verifier.ts'
import { webhookSignature } from '../platform/clerk/webhook-signature.ts'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { World } from './world.ts'

/** Everything about who is calling. */
export interface Auth extends GuardDeps, Omit<KeyDeps, 'apiKeys'>, ExpiringKeyDeps, KeyLimitDeps, LeakedKeyDeps {
  readonly apiKeys: GuardDeps['apiKeys'] & KeyDeps['apiKeys']
  /** Undefined without CLERK_WEBHOOK_SECRET: then there is no webhook either. */
  readonly clerkWebhooks: ClerkEventDeps | undefined
}

export function makeAuth(
  config: Config,
  bindings: Bindings,
  world: World,
  db: DrizzleD1Database,
  outbox: Outbox,
): Auth {
  const { clerk, workspaces } = config
  const { nowMs, newId, randomBytes } = world
  const warn = (message: string, cause?: unknown): void => {
    world.log({ level: 'warn', message, cause: causeName(cause) })
  }
  const cacheMs = config.keyCacheSeconds * 1000
  const ends = revocations(world, cacheMs)
  const identities = identity(
    {
      users: d1Users(db),
      copy: kvIdentity(bindings.CACHE, clerk.issuer),
      clerkUsers: clerk.api && clerkApi(world, clerk.api.url, clerk.api.secretKey),
      revocations: ends,
      nowMs,
      newId,
      warn,
    },
    cacheMs,
  )
  const failureLimiter = rateLimiter(bindings.FAILURE_LIMITER)
  const callerLimiter = rateLimiter(bindings.CALLER_LIMITER)
  const failures = failureLimiter && limit({ nowMs, warn }, FAILURE_POLICY, failureLimiter)
  const apiKeys = keyAuthentication(
    { keys: d1KeyLookup(db, workspaces.otherRoles), revocations: ends, failures, nowMs },
    cacheMs,
  )
  const members = d1Members(db, outbox)
  return {
    nowMs,
    newId,
    randomBytes,
    revocations: ends,
    apiKeys,
    authenticateSession: sessionAuthentication(
      {
        verifier: sessionVerifier(clerk.issuer, nowMs),
        signingKeys: makeSigningKeys(clerk, bindings, world),
        identity: identities,
        memberships: memberships({ members, revocations: ends, nowMs }, cacheMs),
        revocations: ends,
        nowMs,
      },
      { ...clerk, otherRoles: workspaces.otherRoles },
    ),
    callerLimit: callerLimiter && limit({ nowMs, warn }, CALLER_POLICY, callerLimiter),
    limitPolicies: [
      ...(callerLimiter === undefined ? [] : [CALLER_POLICY]),
      ...(failureLimiter === undefined ? [] : [FAILURE_POLICY]),
    ],
    keyCounters: bindings.LIMITS && keyCounters(bindings.LIMITS),
    scannerSignature: scannerSignature(world.fetchUrl, nowMs, config.leakedKeysUrl),
    leakedKeys: d1LeakedKeys(db, outbox),
    keyReader: d1KeyReader(db),
    keyWriter: d1KeyWriter(db, outbox),
    keyExpiryNotices: d1KeyExpiryNotices(db, outbox),
    clerkWebhooks:
      clerk.webhookSecret === undefined
        ? undefined
        : {
            webhookSignature: webhookSignature(clerk.webhookSecret),
            deliveries: d1ClerkDeliveries(db),
            userDeletion: d1UserDeletion(db, outbox),
            identity: identities,
            members,
            offboarding: d1Offboarding(db, outbox, workspaces.offboardsKeys),
            apiKeys,
            revocations: ends,
            nowMs,
            newId,
          },
  }
}

function makeSigningKeys(
  { keys }: ClerkConfig,
  bindings: Bindings,
  { nowMs, pause, fetchUrl, log }: World,
): SigningKeys<CryptoKey> {
  if ('pem' in keys) return pinnedKey(() => importPinnedKey(keys.pem))
  return signingKeys({ nowMs, pause, log }, jwksSource(fetchUrl, bindings.CACHE, keys.jwksUrl))
}
