// What one API key has used of its limits: a Durable Object, which counts one request after another, so that the count is
// exact however many come at once. A key without limits has none. Times come from the callers, all of them this Worker.
import { DurableObject } from 'cloudflare:workers'
import { LIMIT_NAMES, windowOf, type KeyLimits, type LimitName, type LimitState } from '../core/auth/key-limits.ts'

export interface Spending {
  readonly limits: KeyLimits
  /** What is to be counted; negative gives back. */
  readonly amounts: Readonly<Partial<Record<LimitName, number>>>
  readonly nowMs: number
}

export interface Spent {
  /** The first limit that it would be over: then nothing was counted. */
  readonly exceeded: LimitName | undefined
  readonly states: readonly LimitState[]
}

const TABLE =
  'CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, start_ms INTEGER NOT NULL, used REAL NOT NULL)'

export class KeyCounter extends DurableObject {
  /** In memory as in the table: an object that was evicted reads it once. */
  #counters: Map<string, { startMs: number; used: number }> | undefined

  /** Counts all amounts, or none. */
  async spend({ limits, amounts, nowMs }: Spending): Promise<Spent> {
    const counters = this.#open()
    const wanted = LIMIT_NAMES.flatMap((name) => {
      const limit = limits[name]
      return limit === undefined ? [] : [{ name, limit, amount: amounts[name] ?? 0, ...this.#used(name, nowMs) }]
    })
    const over = wanted.find(({ limit, amount, used }) => amount > 0 && used + amount > limit)
    const states: LimitState[] = []
    for (const { name, limit, amount, startMs, used, endMs } of wanted) {
      const next = over === undefined ? Math.max(0, used + amount) : used
      if (over === undefined && amount !== 0) {
        counters.set(name, { startMs, used: next })
        this.ctx.storage.sql.exec(
          'INSERT INTO counters VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET start_ms = ?2, used = ?3',
          name,
          startMs,
          next,
        )
      }
      states.push({ name, limit, used: next, resetsAtMs: endMs })
    }
    return { exceeded: over?.name, states }
  }

  #used(name: LimitName, nowMs: number): { startMs: number; endMs: number; used: number } {
    const window = windowOf(name, nowMs)
    const counter = this.#open().get(name)
    // A caller whose clock is behind counts in the window that has begun.
    const isCurrent = counter !== undefined && counter.startMs >= window.startMs
    return isCurrent
      ? { startMs: counter.startMs, endMs: windowOf(name, counter.startMs).endMs, used: counter.used }
      : { ...window, used: 0 }
  }

  #open(): Map<string, { startMs: number; used: number }> {
    if (this.#counters !== undefined) return this.#counters
    const { sql } = this.ctx.storage
    sql.exec(TABLE)
    const rows = sql.exec<{ name: string; start_ms: number; used: number }>('SELECT name, start_ms, used FROM counters')
    this.#counters = new Map(rows.toArray().map(({ name, start_ms, used }) => [name, { startMs: start_ms, used }]))
    return this.#counters
  }
}
