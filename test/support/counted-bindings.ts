// The real bindings, counted, and made to fail on demand. No mock: every call that is let through is answered by workerd.
import type { Bindings } from '../../src/platform/bindings.ts'
import { recordPrepared } from './query-plans.ts'

export interface Counts {
  d1Reads: number
  d1Writes: number
  kvReads: number
  kvWrites: number
  r2Reads: number
  r2Writes: number
  /** Durable Objects asked. */
  streams: number
  /** Counters of keys with limits asked. */
  keyCounters: number
  /** Messages sent to a queue. */
  sent: number
  /** Calls of either rate limiter. */
  limits: number
}

export interface CountedBindings {
  readonly bindings: Bindings
  readonly counts: Counts
  /** While a name is in here, every call of that binding throws; `DB_WRITES`: every one that writes. */
  readonly failing: Set<Failing>
  /** From now on no call of the binding is answered; resolves when the first one waits. */
  stall(binding: Failing): Promise<void>
  /** Bodies of the messages that were sent to PLAYS, in order; nothing else takes them. */
  readonly plays: unknown[]
  /** Who was counted by a limiter, in order. */
  readonly counted: string[]
  reset(): void
}

export type Failing =
  | 'PLAYS'
  | 'STREAMS'
  | 'LIMITS'
  | 'DB'
  | 'DB_WRITES'
  | 'CACHE'
  | 'MEDIA'
  | 'FAILURE_LIMITER'
  | 'CALLER_LIMITER'

/** Nothing was asked of any binding. */
export const NO_CALLS: Counts = {
  d1Reads: 0,
  d1Writes: 0,
  kvReads: 0,
  kvWrites: 0,
  r2Reads: 0,
  r2Writes: 0,
  streams: 0,
  keyCounters: 0,
  sent: 0,
  limits: 0,
}

/**
 * Limiters are left out unless asked for: they count by the real clock and across services. So is PLAYS: its real consumer
 * has no configuration here, and a test hands it what was sent.
 */
export function countBindings(
  real: Bindings,
  options: { limiters?: boolean; streams?: boolean; plays?: boolean } = {},
): CountedBindings {
  const counts = { ...NO_CALLS }
  const failing = new Set<Failing>()
  const stalled = new Map<Failing, () => void>()
  const stalls = (binding: Failing): boolean => {
    stalled.get(binding)?.()
    return stalled.has(binding)
  }
  const counted: string[] = []
  const plays: unknown[] = []
  const meet = (binding: Failing, counter: keyof Counts): void => {
    counts[counter] += 1
    if (failing.has(binding)) throw new Error(`${binding} is made to fail`)
  }
  return {
    counts,
    failing,
    stall: (binding) => new Promise((resolve) => void stalled.set(binding, resolve)),
    counted,
    plays,
    reset: () => Object.assign(counts, NO_CALLS),
    bindings: {
      ...(options.limiters === true &&
        countLimiters(real, (binding, key) => {
          counted.push(key)
          meet(binding, 'limits')
        })),
      ...(options.streams !== false &&
        real.STREAMS && {
          STREAMS: countMethods(real.STREAMS, () => {
            meet('STREAMS', 'streams')
            return false
          }),
        }),
      ...(real.LIMITS && {
        LIMITS: countMethods(real.LIMITS, () => {
          meet('LIMITS', 'keyCounters')
          return false
        }),
      }),
      ...(options.plays === true &&
        real.PLAYS && {
          PLAYS: Object.assign(Object.create(real.PLAYS) as Queue, {
            send: async (body: unknown) => {
              meet('PLAYS', 'sent')
              plays.push(structuredClone(body))
            },
          }),
        }),
      ASSETS: real.ASSETS,
      DB: countD1(real.DB, (isRead) => {
        if (!isRead && failing.has('DB_WRITES')) throw new Error('DB is made to fail when written to')
        meet('DB', isRead ? 'd1Reads' : 'd1Writes')
        return stalls('DB')
      }),
      CACHE: countMethods(real.CACHE, (method) => {
        meet('CACHE', ['put', 'delete'].includes(method) ? 'kvWrites' : 'kvReads')
        return stalls('CACHE')
      }),
      MEDIA: countMethods(real.MEDIA, (method) => {
        meet('MEDIA', ['get', 'head', 'list'].includes(method) ? 'r2Reads' : 'r2Writes')
        return stalls('MEDIA')
      }),
    },
  }
}

function countLimiters(
  { FAILURE_LIMITER: failure, CALLER_LIMITER: caller }: Bindings,
  meet: (binding: 'FAILURE_LIMITER' | 'CALLER_LIMITER', key: string) => void,
): Pick<Bindings, 'FAILURE_LIMITER' | 'CALLER_LIMITER'> {
  const count = (binding: 'FAILURE_LIMITER' | 'CALLER_LIMITER', limiter: RateLimit | undefined) =>
    limiter && {
      [binding]: {
        limit: async (options: RateLimitOptions) => {
          meet(binding, options.key)
          return await limiter.limit(options)
        },
      },
    }
  return { ...count('FAILURE_LIMITER', failure), ...count('CALLER_LIMITER', caller) }
}

/** Calls `meet` before each method of the object; while it says true, the method never answers. */
function countMethods<T extends object>(target: T, meet: (method: string) => boolean): T {
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        if (meet(String(name))) return new Promise(() => undefined)
        return Reflect.apply(value, object, args) as unknown
      }
    },
  })
}

/** A statement counts when it runs, a batch once: it is one round trip, a write if any statement writes. */
function countD1(db: D1Database, meet: (isRead: boolean) => boolean): D1Database {
  const inner = new WeakMap<object, { statement: D1PreparedStatement; isRead: boolean }>()
  const wrap = (statement: D1PreparedStatement, isRead: boolean): D1PreparedStatement => {
    const wrapped = new Proxy(statement, {
      get(object, name) {
        const value: unknown = Reflect.get(object, name)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          if (name === 'bind') return wrap(Reflect.apply(value, object, args) as D1PreparedStatement, isRead)
          if (meet(isRead)) return new Promise(() => undefined)
          return Reflect.apply(value, object, args) as unknown
        }
      },
    })
    inner.set(wrapped, { statement, isRead })
    return wrapped
  }
  return new Proxy(db, {
    get(object, name) {
      if (name === 'prepare') {
        return (sql: string) => {
          recordPrepared(sql)
          return wrap(object.prepare(sql), /^\s*(select|with)\b/i.test(sql))
        }
      }
      if (name === 'batch') {
        return (statements: D1PreparedStatement[]) => {
          const known = statements.map((statement) => inner.get(statement) ?? { statement, isRead: false })
          if (meet(known.every(({ isRead }) => isRead))) return new Promise(() => undefined)
          return object.batch(known.map(({ statement }) => statement))
        }
      }
      const value: unknown = Reflect.get(object, name)
      return typeof value === 'function' ? value.bind(object) : value
    },
  })
}
