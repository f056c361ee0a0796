// Reminders by a queue: ids of deliveries that are to be sent.
import { causeName, type Log } from '../../domain/log.ts'
import type { EventReminders } from '../../domain/events/store.ts'

/** Of one call of the queue's (https://developers.cloudflare.com/queues/platform/limits/). */
const MAX_MESSAGES = 100

/** What a message holds. */
export interface Reminder {
  readonly delivery: string
}

/** A reminder that could not be given is only logged: the sweep finds what is overdue. */
export function queueReminders(queue: Queue, log: Log): EventReminders {
  return {
    async send(deliveryIds, delaySeconds) {
      try {
        for (let start = 0; start < deliveryIds.length; start += MAX_MESSAGES) {
          const messages = deliveryIds
            .slice(start, start + MAX_MESSAGES)
            .map((delivery) => ({ body: { delivery } satisfies Reminder }))
          await queue.sendBatch(messages, { delaySeconds })
        }
      } catch (cause) {
        log({ level: 'warn', message: 'events wait for the next sweep', cause: causeName(cause) })
      }
    },
  }
}
