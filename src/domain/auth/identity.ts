// Clerk's id of a person or an organisation → ours, for good: it never changes. D1 decides races and contradictions; the
// claim, the copy and Clerk only propose an id for a user D1 does not know yet.
import { Fault } from '../../core/fault.ts'
import { createBoundedMap } from '../../core/bounded-map.ts'
import { parseUserId, type UserId } from '../../core/auth/principal.ts'
import { readClerkUserId } from '../../core/auth/session-token.ts'
import type { Defer } from '../defer.ts'
import type { Moment, Revocations } from './revocations.ts'

export interface KnownUser {
  readonly id: UserId
  readonly isDeleted: boolean
  /** Of a person whom Clerk lets in no more, epoch milliseconds; 0 for all others. */
  readonly suspendedUntilMs: number
  /** Of an organisation. */
  readonly name: string | undefined
}

export interface UserStore {
  findByClerkId(clerkUserId: string): Promise<KnownUser | undefined>
  /**
   * Makes the user unless there is one, and says who it is now. A user of the proposed id who has no Clerk id
   * yet gets this one; undefined when that id belongs to another user.
   */
  create(user: { proposedId: UserId; clerkUserId: string; nowMs: number }): Promise<KnownUser | undefined>
  /** Of an organisation. */
  rename(id: UserId, name: string): Promise<void>
}

/** A second record of who was who, should D1 ever be restored to an earlier day. */
export interface IdentityCopy {
  load(clerkUserId: string): Promise<UserId | undefined>
  save(clerkUserId: string, userId: UserId): Promise<void>
}

/** Clerk's own record: null says that it is empty, undefined that Clerk has no such user. */
export interface ClerkUsers {
  findExternalId(clerkUserId: string): Promise<string | null | undefined>
  setExternalId(clerkUserId: string, userId: UserId): Promise<void>
}

export interface IdentityDeps {
  readonly users: UserStore
  readonly copy: IdentityCopy
  /** Undefined without CLERK_SECRET_KEY. */
  readonly clerkUsers: ClerkUsers | undefined
  readonly revocations: Revocations
  readonly nowMs: () => number
  readonly newId: () => string
  readonly warn: (message: string, cause?: unknown) => void
}

export interface ResolvedUser {
  readonly userId: UserId
  /** Of an organisation, when Clerk told it. */
  readonly name: string | undefined
  /** Until then the answer may be reused; anything derived from it must not outlive it. */
  readonly validUntilMs: number
}

export interface Identity {
  /**
   * Whose session this is, or which organisation's; undefined when that user was deleted or is suspended. At most one D1
   * read for a user who is known.
   */
  resolve(
    session: { readonly clerkUserId: string; readonly userIdClaim: UserId | undefined },
    defer: Defer,
  ): Promise<ResolvedUser | undefined>
  /** Who it is, made if need be; undefined when they were deleted, or Clerk does not know them. */
  find(clerkUserId: string, defer: Defer): Promise<UserId | undefined>
  /** Takes an organisation's name, from a webhook. A deleted one stays deleted. */
  rename(clerkOrganizationId: string, name: string, defer: Defer): Promise<void>
  /**
   * Takes Clerk's word about a user, from a webhook. A deleted user stays deleted. An absent external id proves nothing:
   * the message may be older than what Clerk says now.
   */
  adopt(
    user: { readonly clerkUserId: string; readonly externalId: string | null | undefined },
    defer: Defer,
  ): Promise<void>
}

const MAX_CACHED = 10_000

/** What is revoked when a person is suspended: unlike their end, it can pass. */
export function suspensionRevocation(userId: UserId): string {
  return `sessions ${userId}`
}

/** `cacheMs` bounds how long a deletion elsewhere may go unnoticed here. */
export function identity(deps: IdentityDeps, cacheMs: number): Identity {
  const cache = createBoundedMap<string, ResolvedUser & { readonly readSince: Moment }>(MAX_CACHED)

  async function createUser(clerkUserId: string, proposals: readonly (UserId | undefined)[]): Promise<KnownUser> {
    for (const proposedId of [...proposals, freshId()]) {
      if (proposedId === undefined) continue
      const user = await deps.users.create({ proposedId, clerkUserId, nowMs: deps.nowMs() })
      if (user !== undefined) return user
      deps.warn('a proposed user id belongs to another user')
    }
    throw new TypeError('a new id cannot belong to a deleted user')
  }

  function freshId(): UserId {
    const id = parseUserId(deps.newId())
    if (id === undefined) throw new TypeError('newId makes UUIDs')
    return id
  }

  /**
   * A user D1 has not seen: the other sources are asked in order and only as far as needed. Undefined when Clerk has no
   * such user.
   */
  async function register(
    clerkUserId: string,
    claim: UserId | undefined,
    defer: Defer,
  ): Promise<KnownUser | undefined> {
    const proposal = claim ?? (await deps.copy.load(clerkUserId))
    // Clerk has no such field for an organisation.
    if (proposal !== undefined || deps.clerkUsers === undefined || readClerkUserId(clerkUserId) === undefined) {
      const user = await createUser(clerkUserId, [proposal])
      defer(deps.copy.save(clerkUserId, user.id))
      return user
    }
    const externalId = await deps.clerkUsers.findExternalId(clerkUserId)
    if (externalId === undefined) return undefined
    const user = await createUser(clerkUserId, [externalId === null ? undefined : parseUserId(externalId)])
    defer(deps.copy.save(clerkUserId, user.id))
    // Only into an empty field: what the operator wrote there stays.
    if (externalId === null) defer(deps.clerkUsers.setExternalId(clerkUserId, user.id))
    return user
  }

  /** Writes our id into Clerk's record if that is empty now. */
  async function fillExternalId(clerkUsers: ClerkUsers, clerkUserId: string, userId: UserId): Promise<void> {
    if ((await clerkUsers.findExternalId(clerkUserId)) === null) await clerkUsers.setExternalId(clerkUserId, userId)
  }

  async function find(clerkUserId: string, defer: Defer): Promise<UserId | undefined> {
    const user = (await deps.users.findByClerkId(clerkUserId)) ?? (await register(clerkUserId, undefined, defer))
    return user === undefined || user.isDeleted ? undefined : user.id
  }

  return {
    async resolve({ clerkUserId, userIdClaim }, defer) {
      const nowMs = deps.nowMs()
      const cached = cache.get(clerkUserId)
      if (cached !== undefined && nowMs < cached.validUntilMs) {
        if (deps.revocations.isRevoked(cached.userId)) return undefined
        if (!deps.revocations.isRevoked(suspensionRevocation(cached.userId), cached.readSince)) return cached
      }
      const readSince = deps.revocations.moment()
      const user = (await deps.users.findByClerkId(clerkUserId)) ?? (await register(clerkUserId, userIdClaim, defer))
      if (user === undefined) throw new Fault('unauthorized', 'Invalid token', { reason: 'gone from Clerk' })
      if (userIdClaim !== undefined && userIdClaim !== user.id) deps.warn('the claim uid contradicts the stored user')
      if (user.isDeleted || deps.revocations.isRevoked(user.id) || nowMs < user.suspendedUntilMs) return undefined
      const resolved = { userId: user.id, name: user.name, validUntilMs: nowMs + cacheMs, readSince }
      cache.set(clerkUserId, resolved)
      return resolved
    },
    find,
    async rename(clerkOrganizationId, name, defer) {
      const id = await find(clerkOrganizationId, defer)
      if (id !== undefined) await deps.users.rename(id, name)
      cache.delete(clerkOrganizationId)
    },
    async adopt({ clerkUserId, externalId }, defer) {
      const claim = typeof externalId === 'string' ? parseUserId(externalId) : undefined
      const known = await deps.users.findByClerkId(clerkUserId)
      const user = known ?? (await register(clerkUserId, claim, defer))
      if (user === undefined || user.isDeleted) return
      if (claim !== undefined && claim !== user.id) deps.warn('the external id contradicts the stored user')
      const isEmpty = typeof externalId !== 'string'
      if (known !== undefined && isEmpty && deps.clerkUsers !== undefined) {
        defer(fillExternalId(deps.clerkUsers, clerkUserId, user.id))
      }
    },
  }
}
