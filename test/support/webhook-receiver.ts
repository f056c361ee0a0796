// A customer's system that events are sent to, and the queue between: reminders are worked off when a test says so, and
// its clock is the service's.
import { Webhook } from 'standardwebhooks'
import { sendDelivery } from '../../src/domain/events/sending.ts'
import type { KnownCaller } from './known-caller.ts'
import { knownCaller } from './known-caller.ts'
import { startService, type Service } from './service.ts'

export const HOOK = 'https://hooks.customer.dev/lynxgate'

export interface ReceivedEvent {
  readonly url: string
  readonly id: string
  readonly timestamp: string
  readonly signatures: readonly string[]
  readonly body: string
  readonly event: { readonly type: string; readonly timestamp: string; readonly data: Record<string, unknown> }
  readonly redirect: string | undefined
}

export interface Reminded {
  readonly deliveryIds: readonly string[]
  readonly delaySeconds: number
  readonly atMs: number
}

export interface Receiver {
  readonly received: ReceivedEvent[]
  /** What it answers from now on; throws when it is away. */
  answer: (event: ReceivedEvent) => Response | Promise<Response>
}

export interface HookedService extends KnownCaller {
  readonly receiver: Receiver
  /** Reminders that were not worked off yet. */
  readonly reminded: Reminded[]
  /** An endpoint at HOOK, and its secret. */
  readonly addEndpoint: (body?: object) => Promise<{ id: string; secret: string }>
  /** Works off what is due by the service's clock, and what that brings about. */
  readonly work: () => Promise<void>
  /** Moves the clock from one reminder to the next, until this time is over or there is none. */
  readonly pass: (milliseconds: number) => Promise<void>
}

export function startHooked(
  variables: Readonly<Record<string, string>> = {},
  options: { engine?: Fetcher } = {},
): {
  service: Service
  receiver: Receiver
} {
  const receiver: Receiver = { received: [], answer: () => new Response('thanks') }
  const service = startService(variables, {
    ...options,
    fetchUrl: async (url, init) => {
      const event = readEvent(url, init)
      receiver.received.push(event)
      return await receiver.answer(event)
    },
  })
  return { service, receiver }
}

export async function hookedService(...how: Parameters<typeof startHooked>): Promise<HookedService> {
  const { service, receiver } = startHooked(...how)
  const caller = await knownCaller({ service })
  const reminded: Reminded[] = []
  const { eventReminders } = service.deps
  if (eventReminders === undefined) throw new Error('the service under test has a queue')
  Object.assign(eventReminders, {
    send: async (deliveryIds: readonly string[], delaySeconds: number) => {
      reminded.push({ deliveryIds, delaySeconds, atMs: service.clock.nowMs })
    },
  })
  const dueAt = ({ atMs, delaySeconds }: Reminded): number => atMs + delaySeconds * 1000
  const hooked: HookedService = {
    ...caller,
    receiver,
    reminded,
    async addEndpoint(body = {}) {
      const [status, endpoint] = await caller.answer('POST', '/api/webhooks/endpoints', { url: HOOK, ...body })
      if (status !== 201) throw new Error(JSON.stringify(endpoint))
      return endpoint as { id: string; secret: string }
    },
    async work() {
      for (;;) {
        const index = reminded.findIndex((reminder) => dueAt(reminder) <= service.clock.nowMs)
        const [reminder] = index === -1 ? [] : reminded.splice(index, 1)
        if (reminder === undefined) return
        for (const id of reminder.deliveryIds) await sendDelivery(service.deps, id)
      }
    },
    async pass(milliseconds) {
      const end = service.clock.nowMs + milliseconds
      for (;;) {
        await hooked.work()
        const next = Math.min(...reminded.map(dueAt))
        if (next > end) break
        service.clock.nowMs = Math.max(next, service.clock.nowMs)
      }
      service.clock.nowMs = end
    },
  }
  return hooked
}

/** Whether the secret made one of the signatures, by the library that receivers use. */
export function isSignedBy(secret: string, { id, timestamp, signatures, body }: ReceivedEvent): boolean {
  return signatures.includes(new Webhook(secret).sign(id, new Date(Number(timestamp) * 1000), body))
}

function readEvent(url: string, init: RequestInit | undefined): ReceivedEvent {
  const headers = new Headers(init?.headers)
  const body = typeof init?.body === 'string' ? init.body : ''
  return {
    url,
    id: headers.get('webhook-id') ?? '',
    timestamp: headers.get('webhook-timestamp') ?? '',
    signatures: (headers.get('webhook-signature') ?? '').split(' '),
    body,
    event: JSON.parse(body) as ReceivedEvent['event'],
    redirect: init?.redirect,
  }
}
