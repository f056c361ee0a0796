// Is the service well? Probes run at most once in five seconds, however often the endpoint is called.

export interface Probes {
  database(): Promise<void>
  cache(): Promise<void>
  storage(): Promise<void>
}

type Check = 'ok' | 'down'

export interface Health {
  readonly status: 'ok' | 'degraded' | 'down'
  readonly version: string
  readonly checks: { configuration: Check; database: Check; cache: Check; storage: Check }
  /** What is wrong with the configuration: names and reasons, never values. */
  readonly problems?: readonly { readonly name: string; readonly reason: string }[]
}

const PROBE_INTERVAL_MS = 5000

/** Keeps the last answer, a value and never a promise: another request's promise may not be awaited. */
export function healthCheck(deps: { probes: Probes; nowMs: () => number; version: string }): () => Promise<Health> {
  let last: { atMs: number; health: Health } | undefined
  return async () => {
    const atMs = deps.nowMs()
    if (last !== undefined && atMs - last.atMs < PROBE_INTERVAL_MS) return last.health
    const [database, cache, storage] = await Promise.all([
      passes(deps.probes.database()),
      passes(deps.probes.cache()),
      passes(deps.probes.storage()),
    ])
    const status = database === 'down' ? 'down' : cache === 'ok' && storage === 'ok' ? 'ok' : 'degraded'
    const health: Health = {
      status,
      version: deps.version,
      checks: { configuration: 'ok', database, cache, storage },
    }
    last = { atMs, health }
    return health
  }
}

/** The answer of a service that cannot start: nothing is probed, as nothing could be used. */
export function misconfiguredHealth(version: string, problems: Health['problems'] & object): Health {
  return {
    status: 'down',
    version,
    checks: { configuration: 'down', database: 'down', cache: 'down', storage: 'down' },
    problems,
  }
}

async function passes(probe: Promise<void>): Promise<Check> {
  try {
    await probe
    return 'ok'
  } catch {
    return 'down'
  }
}
