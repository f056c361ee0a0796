// What arrives by a queue, and whose it is. A message is a reminder of what stands in a store: each consumer parses it as
// it would parse a request, and one that gets lost or comes twice does no harm.
import { isRecord } from '../core/json.ts'
import { sendDelivery, type SendingDeps } from '../domain/events/sending.ts'
import { causeName, type Log } from '../domain/log.ts'
import { recordPlays, type PlayDeps } from '../domain/playback/plays.ts'

export interface QueueDeps extends SendingDeps, PlayDeps {
  readonly log: Log
}

/** Takes one message's body; throws to have it sent again. */
type Consumer = (deps: QueueDeps, body: unknown) => Promise<void>

/** By a word of the queue's name, whose other words are the Worker's and the environment's: `lynxgate-production-events`. */
const CONSUMERS: Readonly<Record<string, Consumer>> = {
  async events(deps, body) {
    if (isRecord(body) && typeof body['delivery'] === 'string') await sendDelivery(deps, body['delivery'])
  },
  plays: recordPlays,
}

/** How long a batch waits for a configuration that can be read. */
export const MISCONFIGURED_DELAY_SECONDS = 60
const RETRY_DELAY_SECONDS = 30

/** The messages of a batch at once, each with its own end. */
export async function consumeQueue(deps: QueueDeps, batch: MessageBatch): Promise<void> {
  const words = batch.queue.split('-')
  const consumer = Object.entries(CONSUMERS).find(([word]) => words.includes(word))?.[1]
  if (consumer === undefined) {
    deps.log({ level: 'error', message: 'nothing takes what is in this queue', queue: batch.queue })
    batch.retryAll({ delaySeconds: RETRY_DELAY_SECONDS })
    return
  }
  await Promise.all(
    batch.messages.map(async (message) => {
      try {
        await consumer(deps, message.body)
        message.ack()
      } catch (cause) {
        deps.log({ level: 'warn', message: 'a message is tried again', queue: batch.queue, cause: causeName(cause) })
        message.retry({ delaySeconds: RETRY_DELAY_SECONDS })
      }
    }),
  )
}
