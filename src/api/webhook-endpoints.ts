// /api/webhooks: where a user's events go, what was sent, and what happened. Clerk's own webhooks are elsewhere.
import * as v from 'valibot'
import { EVENT_TYPES } from '../core/events/event-type.ts'
import { cursor, doneSchema, queryNumber, text, timestampSchema, urlSchema, uuidSchema, wholeNumber } from './fields.ts'
import { DEFAULT_GRACE_SECONDS, MAX_GRACE_SECONDS } from './keys.ts'
import { json, jsonBody, noBody, noQuery, operation } from './operation.ts'

const tag = 'Webhooks'

const eventName = v.picklist(['*', ...EVENT_TYPES])
const secretSchema = v.pipe(v.string(), v.regex(/^whsec_/), v.examples(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']))

export const webhookEndpointSchema = v.object({
  id: uuidSchema,
  url: urlSchema,
  description: v.string(),
  events: v.array(eventName),
  is_active: v.boolean(),
  disabled_reason: v.nullable(v.string()),
  failing_since: v.nullable(timestampSchema),
  created_at: timestampSchema,
  updated_at: timestampSchema,
})
export const issuedWebhookEndpointSchema = v.object({ ...webhookEndpointSchema.entries, secret: secretSchema })

export const deliveryAttemptSchema = v.object({
  at: timestampSchema,
  response_status: v.nullable(v.number()),
  duration_ms: v.number(),
  error: v.nullable(v.string()),
  body_excerpt: v.string(),
})
export const deliverySchema = v.object({
  id: v.string(),
  event_id: v.string(),
  type: v.string(),
  status: v.picklist(['pending', 'delivered', 'failed']),
  attempts: v.array(deliveryAttemptSchema),
  next_attempt_at: v.nullable(timestampSchema),
  created_at: timestampSchema,
})
export const eventSchema = v.object({
  id: v.string(),
  place: v.pipe(v.string(), v.description('For `after`')),
  type: v.string(),
  timestamp: timestampSchema,
  data: v.looseObject({}),
})

const url = text(1, 2048)
const description = text(0, 200)
const events = v.pipe(
  v.array(eventName),
  v.minLength(1, 'must not be empty'),
  v.maxLength(EVENT_TYPES.length + 1, 'must not repeat types'),
)
const grace = v.strictObject({
  grace_seconds: v.optional(wholeNumber(0, MAX_GRACE_SECONDS), DEFAULT_GRACE_SECONDS),
})

const off = { 503: ['Webhooks need a queue, and none is bound'] } as const
const foreign = {
  ...off,
  403: ['Webhook endpoint does not belong to this user'],
  404: ['Webhook endpoint not found'],
} as const

export const webhookEndpointsApi = {
  createWebhookEndpoint: operation({
    route: 'POST /api/webhooks/endpoints',
    tag,
    summary: 'Have events sent to a URL',
    description:
      'Signed as Standard Webhooks specify. https only, and never to a private address. Without `events`: all of them,' +
      ' also those that are invented later.',
    access: 'webhooks:write',
    adminsOnly: true,
    query: noQuery,
    body: jsonBody(v.strictObject({ url, description: v.optional(description, ''), events: v.optional(events) })),
    answers: { 201: json('The endpoint; `secret` is shown this once', issuedWebhookEndpointSchema) },
    refusals: { ...off, 409: ['A user can have at most {count} webhook endpoints'] },
  }),

  listWebhookEndpoints: operation({
    route: 'GET /api/webhooks/endpoints',
    tag,
    summary: 'The endpoints of the caller, newest first',
    access: 'webhooks:read',
    query: noQuery,
    body: noBody,
    answers: { 200: json('The endpoints', v.array(webhookEndpointSchema)) },
    refusals: off,
  }),

  getWebhookEndpoint: operation({
    route: 'GET /api/webhooks/endpoints/{endpoint_id}',
    tag,
    summary: 'One endpoint',
    access: 'webhooks:read',
    query: noQuery,
    body: noBody,
    answers: { 200: json('The endpoint', webhookEndpointSchema) },
    refusals: foreign,
  }),

  updateWebhookEndpoint: operation({
    route: 'PATCH /api/webhooks/endpoints/{endpoint_id}',
    tag,
    summary: 'Change an endpoint, or switch it off and on',
    description: 'Switched off, what is still to be sent to it fails; it can be redelivered later.',
    access: 'webhooks:write',
    adminsOnly: true,
    query: noQuery,
    body: jsonBody(
      v.strictObject({
        url: v.optional(url),
        description: v.optional(description),
        events: v.optional(events),
        is_active: v.optional(v.boolean()),
      }),
    ),
    answers: { 200: json('The endpoint', webhookEndpointSchema) },
    refusals: foreign,
  }),

  deleteWebhookEndpoint: operation({
    route: 'DELETE /api/webhooks/endpoints/{endpoint_id}',
    tag,
    summary: 'Delete an endpoint; nothing more is sent to it',
    access: 'webhooks:write',
    adminsOnly: true,
    query: noQuery,
    body: noBody,
    answers: { 200: json('Done', doneSchema) },
    refusals: foreign,
  }),

  rotateWebhookSecret: operation({
    route: 'POST /api/webhooks/endpoints/{endpoint_id}/rotate',
    tag,
    summary: 'Replace the secret of an endpoint',
    description: 'Until the grace period is over the old secret signs too: two signatures, and either will do.',
    access: 'webhooks:write',
    adminsOnly: true,
    query: noQuery,
    body: jsonBody(grace, { isOptional: true }),
    answers: { 200: json('The endpoint with its new `secret`, shown this once', issuedWebhookEndpointSchema) },
    refusals: foreign,
  }),

  testWebhookEndpoint: operation({
    route: 'POST /api/webhooks/endpoints/{endpoint_id}/test',
    tag,
    summary: 'Send a `ping` now, and say what came back',
    access: 'webhooks:write',
    adminsOnly: true,
    query: noQuery,
    body: noBody,
    answers: { 200: json('What came back; `error` is null when it was taken', deliveryAttemptSchema) },
    refusals: foreign,
  }),

  listWebhookDeliveries: operation({
    route: 'GET /api/webhooks/endpoints/{endpoint_id}/deliveries',
    tag,
    summary: 'What was sent to an endpoint in the last 30 days, newest first, with every try',
    access: 'webhooks:read',
    query: v.strictObject({
      status: v.optional(v.picklist(['pending', 'delivered', 'failed'])),
      cursor: v.optional(cursor),
      limit: v.optional(queryNumber(1, 100)),
    }),
    body: noBody,
    answers: {
      200: json(
        'The deliveries; `cursor` leads to the next page',
        v.object({ deliveries: v.array(deliverySchema), cursor: v.nullable(v.string()) }),
      ),
    },
    refusals: { ...foreign, 422: ['cursor: is not a cursor of this list'] },
  }),

  redeliverWebhook: operation({
    route: 'POST /api/webhooks/deliveries/{delivery_id}/redeliver',
    tag,
    summary: 'Send an event again, under the same id',
    access: 'webhooks:write',
    adminsOnly: true,
    query: noQuery,
    body: noBody,
    answers: { 202: json('It is on its way', doneSchema) },
    refusals: {
      ...off,
      403: ['Delivery does not belong to this user'],
      404: ['Delivery not found'],
      409: ['Webhook endpoint is switched off or deleted'],
    },
  }),

  listEvents: operation({
    route: 'GET /api/webhooks/events',
    tag,
    summary: 'What happened in the last 30 days',
    description:
      'Newest first. With `after`, the `place` of an event: what came since, oldest first. So a program without a' +
      ' public address can follow; `npm run listen` does.',
    access: 'webhooks:read',
    query: v.strictObject({
      cursor: v.optional(cursor),
      after: v.optional(cursor),
      limit: v.optional(queryNumber(1, 100)),
    }),
    body: noBody,
    answers: {
      200: json(
        'The events; `cursor` leads to the next page, `place` of the newest one to what is still to come',
        v.object({ events: v.array(eventSchema), cursor: v.nullable(v.string()), place: v.string() }),
      ),
    },
    refusals: { 422: ['cursor: is not a cursor of this list'] },
  }),

  getDefaultWebhookSecret: operation({
    route: 'GET /api/webhooks/default-secret',
    tag,
    summary: 'The secret that signs what `npm run listen` passes on',
    access: 'webhooks:write',
    adminsOnly: true,
    query: noQuery,
    body: noBody,
    answers: { 200: json('The secret', v.object({ secret: secretSchema })) },
    refusals: off,
  }),

  rotateDefaultWebhookSecret: operation({
    route: 'POST /api/webhooks/default-secret/rotate',
    tag,
    summary: 'Replace the default secret',
    access: 'webhooks:write',
    adminsOnly: true,
    query: noQuery,
    body: jsonBody(grace),
    answers: { 200: json('The new secret', v.object({ secret: secretSchema })) },
    refusals: off,
  }),
}
