// What the service does by itself once a day. No request waits for it.
import { causeName, type Log } from '../domain/log.ts'
import { sweepUploads, type SweepDeps } from '../domain/storage/multipart-sweep.ts'

/** One failing task keeps no other from running. */
export async function runDaily(deps: SweepDeps): Promise<void> {
  await attempt(deps.log, 'unfinished uploads were ended', () => sweepUploads(deps))
}

async function attempt(log: Log, message: string, run: () => Promise<number>): Promise<void> {
  try {
    log({ level: 'info', message, count: await run() })
  } catch (cause) {
    log({ level: 'error', message: 'a daily task failed', task: message, cause: causeName(cause) })
  }
}
