// POST /api/webhooks/clerk: what Clerk says about users, accepted only with its signature.
import * as v from 'valibot'
import { clerkWebhooksApi } from '../../api/clerk-webhooks.ts'
import { DONE } from '../../api/fields.ts'
import { reply } from '../../api/operation.ts'
import { Fault } from '../../core/fault.ts'
import { parseJson } from '../../core/json.ts'
import { readClerkUserId } from '../../core/auth/session-token.ts'
import {
  receiveDelivery,
  type ClerkEvent,
  type ClerkEventDeps,
  type SignedDelivery,
} from '../../domain/auth/clerk-webhooks.ts'
import { readBytes } from '../body.ts'
import type { HttpContext } from '../context.ts'
import type { Router } from '../router.ts'

/** A user with full metadata is about 30 KB. */
const MAX_BODY_BYTES = 256 * 1024
const MAX_HEADER_LENGTH = 1024

const userEvent = v.object({
  type: v.picklist(['user.created', 'user.updated', 'user.deleted']),
  data: v.object({
    id: v.pipe(
      v.string(),
      v.check((id) => readClerkUserId(id) !== undefined),
    ),
    object: v.optional(v.literal('user')),
    external_id: v.optional(v.nullable(v.string())),
  }),
})
const anyEvent = v.object({ type: v.string() })

export function clerkWebhookRoutes(router: Router, deps: ClerkEventDeps): void {
  router.public(clerkWebhooksApi.receiveClerkWebhook, async ({ c, defer }) => {
    await receiveDelivery(deps, await readDelivery(c), readEvent, defer)
    return reply(200, DONE)
  })
}

/** Clerk sends through Svix, which writes its own name into the three headers of Standard Webhooks: either spelling. */
async function readDelivery(c: HttpContext): Promise<SignedDelivery> {
  const [id, timestamp, signature] = ['id', 'timestamp', 'signature'].map(
    (name) => c.req.header(`svix-${name}`) ?? c.req.header(`webhook-${name}`),
  )
  const isComplete = [id, timestamp, signature].every(
    (value) => value !== undefined && value.length <= MAX_HEADER_LENGTH,
  )
  if (!isComplete || id === undefined || timestamp === undefined || signature === undefined) {
    throw new Fault('bad_request', 'Invalid webhook signature')
  }
  const body = new TextDecoder().decode(await readBytes(c.req.raw, MAX_BODY_BYTES))
  return { id, timestamp, signature, body }
}

function readEvent(body: string): ClerkEvent {
  const json = parseJson(body)
  if (json === undefined) throw new Fault('bad_request', 'Invalid JSON body')
  if (!v.is(anyEvent, json)) throw new Fault('validation_error', 'type: is required')
  const user = v.safeParse(userEvent, json)
  if (user.success) {
    const { type, data } = user.output
    return type === 'user.deleted'
      ? { type: 'user_deleted', clerkUserId: data.id }
      : { type: 'user_seen', clerkUserId: data.id, externalId: data.external_id }
  }
  if (/^user\.(created|updated|deleted)$/.test(json.type)) {
    throw new Fault('validation_error', 'data: is not a user')
  }
  return { type: 'other' }
}
