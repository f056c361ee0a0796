// What is not a value: the clock, randomness, the network, the log. A test hands in its own.
import type { Log } from '../domain/log.ts'
import type { FetchUrl } from '../platform/bounded-fetch.ts'
import { consoleLog } from '../platform/log.ts'

export interface World {
  readonly nowMs: () => number
  readonly newId: () => string
  readonly randomBytes: (count: number) => Uint8Array
  readonly fetchUrl: FetchUrl
  /** Resolves after about so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>
  readonly log: Log
}

export const realWorld: World = {
  nowMs: () => Date.now(),
  newId: () => crypto.randomUUID(),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  fetchUrl: (url, init) => fetch(url, init),
  pause: (milliseconds) => scheduler.wait(milliseconds),
  log: consoleLog,
}
