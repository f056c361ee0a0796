// One task of several: its end is logged, and its failure is nobody else's.
import { causeName, type Log } from '../domain/log.ts'

/** `run` says how much it did; a run that did nothing is not worth a line. */
export async function attempt(log: Log, message: string, run: () => Promise<number>): Promise<void> {
  try {
    const count = await run()
    if (count > 0) log({ level: 'info', message, count })
  } catch (cause) {
    log({ level: 'error', message: 'a task failed', task: message, cause: causeName(cause) })
  }
}
