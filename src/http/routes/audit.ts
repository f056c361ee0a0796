// GET /api/audit
import type * as v from 'valibot'
import { auditApi, type auditEventSchema } from '../../api/audit.ts'
import { reply } from '../../api/operation.ts'
import { isRecord } from '../../core/json.ts'
import { listAudit, type AuditDeps, type AuditPage } from '../../domain/audit/audit.ts'
import type { Router } from '../router.ts'

const DEFAULT_LIMIT = 100

export function auditRoutes(router: Router, deps: AuditDeps): void {
  router.secured(auditApi.listAudit, async ({ c, principal, query }) => {
    const { entries, cursor } = await listAudit(deps, principal, {
      fromMs: query.from,
      toMs: query.to,
      actor: query.actor,
      action: query.action,
      cursor: query.cursor,
      limit: query.limit ?? DEFAULT_LIMIT,
    })
    if (query.format !== 'ndjson') return reply(200, { events: entries.map(showEntry), cursor: cursor ?? null })
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
    const next = cursor === undefined ? {} : { 'X-Next-Cursor': cursor }
    return c.body(lines, 200, { 'Content-Type': 'application/x-ndjson', ...next })
  })
}

function showEntry(entry: AuditPage['entries'][number]): v.InferOutput<typeof auditEventSchema> {
  const { before, after, hash, ...rest } = entry
  return { ...rest, before: isRecord(before) ? before : null, after: isRecord(after) ? after : null, hash }
}
