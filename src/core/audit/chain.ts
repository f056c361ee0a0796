// The chain of an audit trail: each entry's hash holds the one before it, so that a removed or altered one is noticed. Pure.
import { hex, utf8 } from '../bytes.ts'
import { parseJson } from '../json.ts'
import { sha256 } from '../sha256.ts'
import { formatTimestamp } from '../timestamp.ts'

/** What `GET /api/audit` shows of an entry, its members in this order, without `hash`. */
export interface AuditFacts {
  readonly id: string
  /** ISO 8601 in UTC. */
  readonly at: string
  readonly actor: { readonly type: string; readonly id: string | null }
  readonly action: string
  readonly target: { readonly type: string; readonly id: string }
  readonly ip: string | null
  readonly user_agent: string | null
  readonly request_id: string | null
  readonly before: unknown
  readonly after: unknown
}

/** Stands for the hash before a workspace's first entry. */
export const CHAIN_START = '0'.repeat(64)

/** SHA-256 in hex of the hash before, a line feed, and the entry as JSON without spaces, in UTF-8. */
export function chainHash(previous: string, facts: AuditFacts): string {
  return hex(sha256(utf8(`${previous}\n${JSON.stringify(facts)}`)))
}

/** A row of the trail as it is stored. */
export interface StoredAudit {
  readonly sequence: number
  readonly id: string
  readonly userId: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly actorType: string
  readonly actorId: string | null
  readonly action: string
  readonly targetType: string
  readonly targetId: string
  readonly ip: string | null
  readonly userAgent: string | null
  readonly requestId: string | null
  /** JSON. */
  readonly before: string | null
  readonly after: string | null
  readonly hash: string | null
}

/** What is shown of a row. */
export function factsOf(row: StoredAudit): AuditFacts {
  return {
    id: row.id,
    at: formatTimestamp(row.at),
    actor: { type: row.actorType, id: row.actorId },
    action: row.action,
    target: { type: row.targetType, id: row.targetId },
    ip: row.ip,
    user_agent: row.userAgent,
    request_id: row.requestId,
    before: readStored(row.before),
    after: readStored(row.after),
  }
}

function readStored(text: string | null): unknown {
  return text === null ? null : (parseJson(text) ?? null)
}

/** Looks at all rows in the order of `sequence`, page by page; says in a sentence what is wrong, once something is. */
export function trailCheck(): (rows: readonly StoredAudit[]) => string | undefined {
  let expected = 1
  /** By workspace; undefined: the rest has no hash yet. */
  const chains = new Map<string, string | undefined>()
  function look(row: StoredAudit): string | undefined {
    if (row.sequence !== expected) return `row ${expected} of audit_events is missing`
    expected += 1
    const previous = chains.has(row.userId) ? chains.get(row.userId) : CHAIN_START
    chains.set(row.userId, row.hash ?? undefined)
    const isAsSealed = previous !== undefined && chainHash(previous, factsOf(row)) === row.hash
    return row.hash === null || isAsSealed
      ? undefined
      : `row ${row.sequence} of audit_events is not what it was, or one before it`
  }
  return (rows) => {
    for (const row of rows) {
      const problem = look(row)
      if (problem !== undefined) return problem
    }
    return undefined
  }
}
