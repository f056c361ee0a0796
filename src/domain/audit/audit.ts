// The audit trail of a workspace: who changed what, from where, in a chain in which a removed entry is missed. Entries are
// written by the stores, in the transaction of the change; here they are sealed and read.
import { chainHash, CHAIN_START, type AuditFacts } from '../../core/audit/chain.ts'
import { decodeSequenceCursor, encodeSequenceCursor } from '../../core/cursor.ts'
import { Fault } from '../../core/fault.ts'
import type { Principal, UserId } from '../../core/auth/principal.ts'

export interface AuditEntry extends AuditFacts {
  /** The order in which things happened. */
  readonly sequence: number
  /** Undefined until it is sealed. */
  readonly hash: string | undefined
}

export interface AuditFilter {
  /** Epoch milliseconds, both included. */
  readonly fromMs: number | undefined
  readonly toMs: number | undefined
  /** An actor's id. */
  readonly actor: string | undefined
  readonly action: string | undefined
}

export interface AuditLog {
  /** Newest first, strictly older than `before`. */
  list(
    userId: UserId,
    page: AuditFilter & { readonly before: number | undefined; readonly limit: number },
  ): Promise<readonly AuditEntry[]>
  /** The oldest that have no hash, oldest first, and the hash of the one before them. */
  unsealed(
    userId: UserId,
    limit: number,
  ): Promise<{ readonly previous: string | undefined; readonly entries: readonly AuditEntry[] }>
  /** Writes hashes where there are none. */
  seal(hashes: readonly { readonly sequence: number; readonly hash: string }[]): Promise<void>
  /** Some workspaces with entries that have no hash. */
  unsealedOwners(limit: number): Promise<readonly UserId[]>
}

export interface AuditDeps {
  readonly auditLog: AuditLog
}

/** Of one round trip. */
const SEALED_AT_ONCE = 40
/** Of one run of the cron. */
const OWNERS_A_RUN = 50

export interface AuditPage {
  readonly entries: readonly (AuditFacts & { readonly hash: string })[]
  readonly cursor: string | undefined
}

/** Entries that were made since the last look are sealed first: everything that is shown has its hash. */
export async function listAudit(
  deps: AuditDeps,
  { userId }: Principal,
  input: AuditFilter & { readonly cursor: string | undefined; readonly limit: number },
): Promise<AuditPage> {
  const { cursor, limit, ...filter } = input
  const before = cursor === undefined ? undefined : decodeSequenceCursor(cursor)
  if (cursor !== undefined && before === undefined) {
    throw new Fault('validation_error', 'cursor: is not a cursor of this list')
  }
  await sealTrail(deps, userId)
  const rows = await deps.auditLog.list(userId, { ...filter, before, limit: limit + 1 })
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    // One that was written since is on the next look's page.
    entries: page.flatMap((entry) => (entry.hash === undefined ? [] : [{ ...hashedFacts(entry), hash: entry.hash }])),
    cursor: rows.length > limit && last !== undefined ? encodeSequenceCursor(last.sequence) : undefined,
  }
}

/** For the cron: trails that nobody looks at get their hashes too. Says how many workspaces it sealed. */
export async function sealTrails(deps: AuditDeps): Promise<number> {
  const owners = await deps.auditLog.unsealedOwners(OWNERS_A_RUN)
  for (const userId of owners) await sealTrail(deps, userId)
  return owners.length
}

/** Two at once write the same: a hash follows from what is stored, and is written once. */
async function sealTrail({ auditLog }: AuditDeps, userId: UserId): Promise<void> {
  for (;;) {
    const { previous, entries } = await auditLog.unsealed(userId, SEALED_AT_ONCE)
    if (entries.length === 0) return
    let hash = previous ?? CHAIN_START
    await auditLog.seal(
      entries.map((entry) => {
        hash = chainHash(hash, hashedFacts(entry))
        return { sequence: entry.sequence, hash }
      }),
    )
    if (entries.length < SEALED_AT_ONCE) return
  }
}

/** In the order in which they are hashed and shown. */
function hashedFacts(entry: AuditEntry): AuditFacts {
  const { id, at, actor, action, target, ip, user_agent, request_id, before, after } = entry
  return { id, at, actor, action, target, ip, user_agent, request_id, before, after }
}
