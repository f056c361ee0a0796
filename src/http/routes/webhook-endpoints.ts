// /api/webhooks: endpoints of a user's own, deliveries and events.
import type * as v from 'valibot'
import { DONE } from '../../api/fields.ts'
import { reply } from '../../api/operation.ts'
import {
  webhookEndpointsApi,
  type deliveryAttemptSchema,
  type deliverySchema,
  type eventSchema,
  type webhookEndpointSchema,
} from '../../api/webhook-endpoints.ts'
import { encodeSequenceCursor } from '../../core/cursor.ts'
import { parseSubscription } from '../../core/events/event-type.ts'
import { isRecord, parseJson } from '../../core/json.ts'
import { formatTimestamp } from '../../core/timestamp.ts'
import { listDeliveries, listEvents, redeliver, type DeliveryDeps } from '../../domain/events/deliveries.ts'
import {
  changeEndpoint,
  createEndpoint,
  defaultSecret,
  deleteEndpoint,
  findEndpoint,
  listEndpoints,
  pingEndpoint,
  rotateDefaultSecret,
  rotateEndpointSecret,
  type EndpointDeps,
} from '../../domain/events/endpoints.ts'
import type { Attempt, Delivery, StoredEvent, WebhookEndpoint } from '../../domain/events/store.ts'
import type { Router } from '../router.ts'

const DEFAULT_LIST_LIMIT = 50

export function webhookEndpointRoutes(router: Router, deps: EndpointDeps & DeliveryDeps): void {
  router.secured(webhookEndpointsApi.createWebhookEndpoint, async ({ principal, body, origin }) => {
    const { endpoint, secret } = await createEndpoint(deps, principal, {
      url: body.url,
      description: body.description,
      events: body.events && parseSubscription(body.events),
      origin,
    })
    return reply(201, { ...showEndpoint(endpoint), secret })
  })

  router.secured(webhookEndpointsApi.listWebhookEndpoints, async ({ principal }) =>
    reply(200, (await listEndpoints(deps, principal)).map(showEndpoint)),
  )

  router.secured(webhookEndpointsApi.getWebhookEndpoint, async ({ principal, param }) =>
    reply(200, showEndpoint(await findEndpoint(deps, principal, param('endpoint_id')))),
  )

  router.secured(webhookEndpointsApi.updateWebhookEndpoint, async ({ principal, param, body, origin }) => {
    const { url, description, is_active: isActive } = body
    const change = { url, description, isActive, events: body.events && parseSubscription(body.events) }
    const input = { id: param('endpoint_id'), change, origin }
    return reply(200, showEndpoint(await changeEndpoint(deps, principal, input)))
  })

  router.secured(webhookEndpointsApi.deleteWebhookEndpoint, async ({ principal, param }) => {
    await deleteEndpoint(deps, principal, param('endpoint_id'))
    return reply(200, DONE)
  })

  router.secured(webhookEndpointsApi.rotateWebhookSecret, async ({ principal, param, body }) => {
    const rotation = { id: param('endpoint_id'), graceSeconds: body.grace_seconds }
    const { endpoint, secret } = await rotateEndpointSecret(deps, principal, rotation)
    return reply(200, { ...showEndpoint(endpoint), secret })
  })

  router.secured(webhookEndpointsApi.testWebhookEndpoint, async ({ principal, param }) =>
    reply(200, showAttempt(await pingEndpoint(deps, principal, param('endpoint_id')))),
  )

  router.secured(webhookEndpointsApi.listWebhookDeliveries, async ({ principal, param, query }) => {
    const { status, cursor, limit = DEFAULT_LIST_LIMIT } = query
    const input = { endpointId: param('endpoint_id'), status, cursor, limit }
    const page = await listDeliveries(deps, principal, input)
    return reply(200, { deliveries: page.deliveries.map(showDelivery), cursor: page.cursor ?? null })
  })

  router.secured(webhookEndpointsApi.redeliverWebhook, async ({ principal, param }) => {
    await redeliver(deps, principal, param('delivery_id'))
    return reply(202, DONE)
  })

  router.secured(webhookEndpointsApi.listEvents, async ({ principal, query }) => {
    const { cursor, after, limit = DEFAULT_LIST_LIMIT } = query
    const page = await listEvents(deps, principal, { cursor, after, limit })
    return reply(200, { events: page.events.map(showEvent), cursor: page.cursor ?? null, place: page.place })
  })

  router.secured(webhookEndpointsApi.getDefaultWebhookSecret, async ({ principal }) =>
    reply(200, { secret: await defaultSecret(deps, principal) }),
  )

  router.secured(webhookEndpointsApi.rotateDefaultWebhookSecret, async ({ principal, body }) =>
    reply(200, { secret: await rotateDefaultSecret(deps, principal, body.grace_seconds) }),
  )
}

function showEndpoint(endpoint: WebhookEndpoint): v.InferOutput<typeof webhookEndpointSchema> {
  return {
    id: endpoint.id,
    url: endpoint.url,
    description: endpoint.description,
    events: [...endpoint.events],
    is_active: endpoint.isActive,
    disabled_reason: endpoint.disabledReason ?? null,
    failing_since: showTime(endpoint.failingSinceMs),
    created_at: formatTimestamp(endpoint.createdAtMs),
    updated_at: formatTimestamp(endpoint.updatedAtMs),
  }
}

function showAttempt(attempt: Attempt): v.InferOutput<typeof deliveryAttemptSchema> {
  return {
    at: formatTimestamp(attempt.atMs),
    response_status: attempt.responseStatus ?? null,
    duration_ms: attempt.durationMs,
    error: attempt.error ?? null,
    body_excerpt: attempt.bodyExcerpt,
  }
}

function showDelivery(delivery: Delivery): v.InferOutput<typeof deliverySchema> {
  return {
    id: delivery.id,
    event_id: delivery.eventId,
    type: delivery.type,
    status: delivery.status,
    attempts: delivery.attempts.map(showAttempt),
    next_attempt_at: showTime(delivery.nextAttemptAtMs),
    created_at: formatTimestamp(delivery.createdAtMs),
  }
}

function showEvent(event: StoredEvent): v.InferOutput<typeof eventSchema> {
  const data = parseJson(event.data)
  return {
    id: event.id,
    place: encodeSequenceCursor(event.sequence),
    type: event.type,
    timestamp: formatTimestamp(event.createdAtMs),
    data: isRecord(data) ? { ...data } : {},
  }
}

function showTime(epochMs: number | undefined): string | null {
  return epochMs === undefined ? null : formatTimestamp(epochMs)
}
