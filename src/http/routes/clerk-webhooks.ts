// POST /api/webhooks/clerk: what Clerk says about users and organisations, accepted only with its signature.
import * as v from 'valibot'
import { clerkWebhooksApi } from '../../api/clerk-webhooks.ts'
import { DONE } from '../../api/fields.ts'
import { reply } from '../../api/operation.ts'
import { Fault } from '../../core/fault.ts'
import { parseJson } from '../../core/json.ts'
import { readClerkOrganizationId, readClerkUserId, readRole } from '../../core/auth/session-token.ts'
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
const MAX_NAME_LENGTH = 256

const userId = v.custom<string>((id) => readClerkUserId(id) !== undefined)
const organizationId = v.custom<string>((id) => readClerkOrganizationId(id) !== undefined)
/** Epoch milliseconds. */
const eventTime = v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)))

const userEvent = v.object({
  type: v.picklist(['user.created', 'user.updated', 'user.deleted']),
  timestamp: eventTime,
  data: v.object({
    id: userId,
    object: v.optional(v.literal('user')),
    external_id: v.optional(v.nullable(v.string())),
    banned: v.optional(v.boolean()),
    locked: v.optional(v.boolean()),
    lockout_expires_in_seconds: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0)))),
  }),
})
const organizationEvent = v.object({
  type: v.picklist(['organization.created', 'organization.updated', 'organization.deleted']),
  data: v.object({ id: organizationId, name: v.optional(v.string()) }),
})
const membershipEvent = v.object({
  type: v.picklist([
    'organizationMembership.created',
    'organizationMembership.updated',
    'organizationMembership.deleted',
  ]),
  timestamp: eventTime,
  data: v.object({
    role: v.custom<string>((role) => readRole(role) !== undefined),
    organization: v.object({ id: organizationId }),
    public_user_data: v.object({ user_id: userId }),
  }),
})
const anyEvent = v.looseObject({ type: v.string() })

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
  const [kind] = json.type.split('.')
  if (kind === 'user') return readUser(json)
  if (kind === 'organization') return readOrganization(json)
  if (kind === 'organizationMembership') return readMembership(json)
  return { type: 'other' }
}

function readUser(json: v.InferOutput<typeof anyEvent>): ClerkEvent {
  const event = read(userEvent, json, 'data: is not a user')
  if (event === undefined) return { type: 'other' }
  const { type, data, timestamp: saidAtMs } = event
  if (type === 'user.deleted') return { type: 'owner_deleted', clerkUserId: data.id }
  const { banned, locked, lockout_expires_in_seconds: lockedSeconds } = data
  const isSilent = banned === undefined && locked === undefined
  const suspension = isSilent
    ? undefined
    : { isBanned: banned === true, lockedSeconds: locked === true ? (lockedSeconds ?? Infinity) : undefined }
  return { type: 'user_seen', clerkUserId: data.id, externalId: data.external_id, suspension, saidAtMs }
}

function readOrganization(json: v.InferOutput<typeof anyEvent>): ClerkEvent {
  const event = read(organizationEvent, json, 'data: is not an organization')
  if (event === undefined) return { type: 'other' }
  const { type, data } = event
  if (type === 'organization.deleted') return { type: 'owner_deleted', clerkUserId: data.id }
  const name = data.name?.slice(0, MAX_NAME_LENGTH).toWellFormed()
  return name === undefined ? { type: 'other' } : { type: 'organization_seen', clerkOrganizationId: data.id, name }
}

function readMembership(json: v.InferOutput<typeof anyEvent>): ClerkEvent {
  const event = read(membershipEvent, json, 'data: is not an organization membership')
  if (event === undefined) return { type: 'other' }
  const { type, data, timestamp: saidAtMs } = event
  return {
    type: type === 'organizationMembership.deleted' ? 'membership_ended' : 'membership_seen',
    clerkOrganizationId: data.organization.id,
    clerkUserId: data.public_user_data.user_id,
    role: readRole(data.role) ?? '',
    saidAtMs,
  }
}

/** Undefined for a type of event that is not known here; 422 for one that is and says something else. */
function read<S extends typeof userEvent | typeof organizationEvent | typeof membershipEvent>(
  schema: S,
  json: v.InferOutput<typeof anyEvent>,
  problem: string,
): v.InferOutput<S> | undefined {
  if (!v.is(schema.entries.type, json.type)) return undefined
  const event = v.safeParse(schema, json)
  if (event.success) return event.output
  throw new Fault('validation_error', problem)
}
