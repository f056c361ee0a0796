// GET /api/audit: who changed what, from where.
import * as v from 'valibot'
import { cursor, instant, queryNumber, timestampSchema } from './fields.ts'
import { json, noBody, operation } from './operation.ts'

export const auditEventSchema = v.object({
  id: v.string(),
  at: timestampSchema,
  actor: v.object({
    type: v.pipe(v.string(), v.description('user, api_key, operator, webhook or system')),
    id: v.nullable(v.string()),
  }),
  action: v.pipe(v.string(), v.examples(['key.created', 'video.deleted'])),
  target: v.object({ type: v.string(), id: v.string() }),
  ip: v.pipe(v.nullable(v.string()), v.description('The /24 or /48 it came from'), v.examples(['203.0.113.0/24'])),
  user_agent: v.pipe(v.nullable(v.string()), v.description('A family'), v.examples(['curl'])),
  request_id: v.nullable(v.string()),
  before: v.pipe(v.nullable(v.looseObject({})), v.description('What the change found')),
  after: v.pipe(v.nullable(v.looseObject({})), v.description('What it left')),
  hash: v.pipe(
    v.string(),
    v.regex(/^[0-9a-f]{64}$/),
    v.description('SHA-256 of the hash before, a line feed, and this object without `hash` as JSON'),
  ),
})

export const auditApi = {
  listAudit: operation({
    route: 'GET /api/audit',
    tag: 'Audit',
    summary: 'What was changed, by whom and from where, newest first',
    description:
      'Of keys, signing keys, webhook endpoints and films. Nothing is ever taken out; each entry’s hash holds the one' +
      ' before it. With `format=ndjson` the page is a line an entry, and the header `X-Next-Cursor` leads on.',
    access: 'audit:read',
    query: v.strictObject({
      from: v.optional(instant),
      to: v.optional(instant),
      actor: v.optional(v.pipe(v.string(), v.maxLength(256, 'must be at most 256 characters'))),
      action: v.optional(v.pipe(v.string(), v.maxLength(64, 'must be at most 64 characters'))),
      cursor: v.optional(cursor),
      limit: v.optional(queryNumber(1, 1000)),
      format: v.optional(v.picklist(['json', 'ndjson'])),
    }),
    body: noBody,
    answers: {
      200: {
        ...json(
          'The entries; `cursor` leads to the next page',
          v.object({ events: v.array(auditEventSchema), cursor: v.nullable(v.string()) }),
          { 'X-Next-Cursor': 'Of `format=ndjson`: leads to the next page' },
        ),
        alsoAs: 'application/x-ndjson',
      },
    },
    refusals: { 422: ['cursor: is not a cursor of this list'] },
  }),
}
