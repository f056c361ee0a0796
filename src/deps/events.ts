// Composition of events: what happened, and its way to customers' systems.
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { Config } from '../config/config.ts'
import type { DeliveryDeps } from '../domain/events/deliveries.ts'
import type { EndpointDeps } from '../domain/events/endpoints.ts'
import type { SendingDeps } from '../domain/events/sending.ts'
import type { Bindings } from '../platform/bindings.ts'
import { d1DeliveryQueue } from '../platform/d1/event-deliveries.ts'
import { d1DeliveryLog, d1EventLog } from '../platform/d1/event-log.ts'
import { d1Outbox, type Outbox } from '../platform/d1/outbox.ts'
import { d1WebhookEndpoints, d1WebhookSecrets } from '../platform/d1/webhook-endpoints.ts'
import { queueReminders } from '../platform/events/reminders.ts'
import { webhookSender } from '../platform/events/sender.ts'
import type { World } from './world.ts'

export interface Events
  extends
    Omit<EndpointDeps, 'nowMs' | 'newId' | 'randomBytes'>,
    Pick<DeliveryDeps, 'deliveryLog' | 'eventLog'>,
    Pick<SendingDeps, 'deliveryQueue'> {}

export function makeEvents(
  config: Config,
  { EVENTS }: Pick<Bindings, 'EVENTS'>,
  { fetchUrl, nowMs, newId, log }: World,
  db: DrizzleD1Database,
): { readonly events: Events; readonly outbox: Outbox } {
  const eventReminders = EVENTS && queueReminders(EVENTS, log)
  const { edge } = config
  const outbox = d1Outbox(db, eventReminders, newId)
  const events: Events = {
    endpointStore: d1WebhookEndpoints(db, outbox),
    webhookSecrets: d1WebhookSecrets(db),
    webhookSender: webhookSender(fetchUrl, nowMs),
    deliveryLog: d1DeliveryLog(db),
    deliveryQueue: d1DeliveryQueue(db),
    eventLog: d1EventLog(db),
    eventReminders,
    receiverRules: {
      parseUrl: (text) => URL.parse(text),
      allowsLoopback: config.allowsLoopbackWebhooks,
      ownHosts: new Set(edge?.origin === undefined ? [] : [new URL(edge.origin).host]),
    },
  }
  return { events, outbox }
}
