// What was served, on its way to the consumer that writes it down.
import type { PlayReport } from '../../domain/playback/plays.ts'

/** One message; the consumer is `recordPlays`. */
export function sendPlays(queue: Queue): (reports: readonly PlayReport[]) => Promise<void> {
  return async (reports) => {
    await queue.send({ plays: reports })
  }
}
