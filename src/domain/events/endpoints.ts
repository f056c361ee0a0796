// Endpoints: where a user's events go, and the secrets that sign them.
import type { Principal } from '../../core/auth/principal.ts'
import { ALL_EVENTS, type Subscription } from '../../core/events/event-type.ts'
import { readReceiverUrl, type ReceiverRules } from '../../core/events/receiver-url.ts'
import { formatWebhookSecret, WEBHOOK_SECRET_BYTES, type WebhookSecret } from '../../core/events/webhook-signature.ts'
import { formatEventId } from '../../core/events/event-id.ts'
import { Fault } from '../../core/fault.ts'
import { parseUuid } from '../../core/uuid.ts'
import { eventBody, post } from './sending.ts'
import type {
  Attempt,
  EndpointChange,
  EndpointStore,
  EventReminders,
  SecretRotation,
  SecretStore,
  WebhookEndpoint,
  WebhookSender,
} from './store.ts'

export interface EndpointDeps {
  readonly endpointStore: EndpointStore
  readonly webhookSecrets: SecretStore
  readonly webhookSender: WebhookSender
  readonly eventReminders: EventReminders | undefined
  readonly receiverRules: ReceiverRules
  readonly nowMs: () => number
  readonly newId: () => string
  readonly randomBytes: (count: number) => Uint8Array
}

export const MAX_ENDPOINTS = 20

export interface IssuedEndpoint {
  readonly endpoint: WebhookEndpoint
  /** Leaves the service here and never again. */
  readonly secret: WebhookSecret
}

/** 503 where nothing could be sent. */
export function requireSending({ eventReminders }: Pick<EndpointDeps, 'eventReminders'>): void {
  if (eventReminders === undefined) {
    throw new Fault('unavailable', 'Webhooks need a queue, and none is bound', { retryAfterSeconds: 60 })
  }
}

/** `origin`: of the request, this service's own. */
export async function createEndpoint(
  deps: EndpointDeps,
  principal: Principal,
  input: {
    readonly url: string
    readonly description: string
    readonly events: Subscription | undefined
    readonly origin: string
  },
): Promise<IssuedEndpoint> {
  requireSending(deps)
  const secret = newSecret(deps)
  const endpoint = await deps.endpointStore.create(
    principal,
    {
      id: deps.newId(),
      userId: principal.userId,
      url: receiverUrl(deps, input),
      description: input.description,
      events: input.events ?? ALL_EVENTS,
      secret,
      createdAtMs: deps.nowMs(),
    },
    MAX_ENDPOINTS,
  )
  if (endpoint === undefined) {
    throw new Fault('conflict', `A user can have at most ${MAX_ENDPOINTS} webhook endpoints`)
  }
  return { endpoint, secret }
}

export async function listEndpoints(
  deps: Pick<EndpointDeps, 'endpointStore' | 'eventReminders'>,
  principal: Principal,
): Promise<readonly WebhookEndpoint[]> {
  requireSending(deps)
  return await deps.endpointStore.list(principal.userId)
}

/** An own endpoint; 404 and 403 otherwise. */
export async function findEndpoint(
  deps: Pick<EndpointDeps, 'endpointStore' | 'eventReminders'>,
  principal: Principal,
  id: string,
): Promise<WebhookEndpoint> {
  requireSending(deps)
  const endpointId = parseUuid(id)
  const endpoint = endpointId === undefined ? undefined : await deps.endpointStore.find(endpointId)
  if (endpoint === undefined) throw notFound()
  if (endpoint.userId !== principal.userId) {
    throw new Fault('forbidden', 'Webhook endpoint does not belong to this user')
  }
  return endpoint
}

/** Changes what is given. Switched on again it is as new: what went nowhere meanwhile can be redelivered. */
export async function changeEndpoint(
  deps: Pick<EndpointDeps, 'endpointStore' | 'eventReminders' | 'receiverRules' | 'nowMs'>,
  principal: Principal,
  input: { readonly id: string; readonly change: EndpointChange; readonly origin: string },
): Promise<WebhookEndpoint> {
  const { id } = await findEndpoint(deps, principal, input.id)
  if (Object.values(input.change).every((value) => value === undefined)) {
    throw new Fault('validation_error', 'body: must name something to change')
  }
  const { origin } = input
  const url = input.change.url === undefined ? undefined : receiverUrl(deps, { url: input.change.url, origin })
  const changed = await deps.endpointStore.change(principal, id, { ...input.change, url }, deps.nowMs())
  if (changed === undefined) throw notFound()
  return changed
}

export async function deleteEndpoint(
  deps: Pick<EndpointDeps, 'endpointStore' | 'eventReminders' | 'nowMs'>,
  principal: Principal,
  id: string,
): Promise<void> {
  const endpoint = await findEndpoint(deps, principal, id)
  if (!(await deps.endpointStore.remove(principal, endpoint.id, deps.nowMs()))) throw notFound()
}

/** A new secret; the one before signs too for `graceSeconds`. */
export async function rotateEndpointSecret(
  deps: Pick<EndpointDeps, 'endpointStore' | 'eventReminders' | 'nowMs' | 'randomBytes'>,
  principal: Principal,
  input: { readonly id: string; readonly graceSeconds: number },
): Promise<IssuedEndpoint> {
  const { id } = await findEndpoint(deps, principal, input.id)
  const rotation = newRotation(deps, input.graceSeconds)
  const endpoint = await deps.endpointStore.rotate(principal, id, rotation)
  if (endpoint === undefined) throw notFound()
  return { endpoint, secret: rotation.secret }
}

/** Sends a `ping` now, and says what came back. It stands in no list. */
export async function pingEndpoint(deps: EndpointDeps, principal: Principal, id: string): Promise<Attempt> {
  const endpoint = await findEndpoint(deps, principal, id)
  const nowMs = deps.nowMs()
  const data = JSON.stringify({ endpoint_id: endpoint.id })
  return await post(deps, {
    url: endpoint.url,
    secrets: await deps.webhookSecrets.ofEndpoint(endpoint.id, nowMs),
    id: formatEventId(deps.newId()),
    body: eventBody({ type: 'ping', createdAtMs: nowMs, data }),
  })
}

/** Signs what goes to an address that is given with a job; made when it is first asked for. */
export async function defaultSecret(
  deps: Pick<EndpointDeps, 'webhookSecrets' | 'eventReminders' | 'randomBytes'>,
  principal: Principal,
): Promise<WebhookSecret> {
  requireSending(deps)
  return await deps.webhookSecrets.defaultOf(principal.userId, newSecret(deps))
}

export async function rotateDefaultSecret(
  deps: Pick<EndpointDeps, 'webhookSecrets' | 'eventReminders' | 'nowMs' | 'randomBytes'>,
  principal: Principal,
  graceSeconds: number,
): Promise<WebhookSecret> {
  requireSending(deps)
  const rotation = newRotation(deps, graceSeconds)
  await deps.webhookSecrets.rotateDefault(principal.userId, rotation)
  return rotation.secret
}

/** The URL in one spelling; 422 for one that events are not sent to. `origin`: this service's own. */
export function receiverUrl(
  { receiverRules }: Pick<EndpointDeps, 'receiverRules'>,
  { url, origin, field = 'url' }: { readonly url: string; readonly origin: string; readonly field?: string },
): string {
  const ownHosts = new Set([...receiverRules.ownHosts, origin.slice(origin.indexOf('://') + 3)])
  const receiver = readReceiverUrl(url, { ...receiverRules, ownHosts })
  if (!receiver.ok) throw new Fault('validation_error', `${field}: ${receiver.reason}`)
  return receiver.url
}

function newRotation(deps: Pick<EndpointDeps, 'nowMs' | 'randomBytes'>, graceSeconds: number): SecretRotation {
  const nowMs = deps.nowMs()
  return { secret: newSecret(deps), graceEndsMs: nowMs + graceSeconds * 1000, nowMs }
}

export function newSecret({ randomBytes }: Pick<EndpointDeps, 'randomBytes'>): WebhookSecret {
  return formatWebhookSecret(randomBytes(WEBHOOK_SECRET_BYTES))
}

function notFound(): Fault {
  return new Fault('not_found', 'Webhook endpoint not found')
}
