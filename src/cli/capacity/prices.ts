// Cloudflare's published prices and limits of Workers Paid, in US dollars, as published in 2026: its
// pages developers.cloudflare.com/{workers,d1,queues}/platform/pricing and /r2/pricing count.
import type { Usage } from './model.ts'

export const PRICES_READ = '2026-11-26'
export const SUBSCRIPTION = 5

interface Price {
  readonly what: string
  readonly includedAMonth: number
  /** Dollars for a million beyond that; for storage, for a GB-month. */
  readonly dollars: number
  readonly per: number
}

const MILLION = 1e6

export const PRICES: Readonly<Record<keyof Usage, Price>> = {
  requests: { what: 'Worker requests', includedAMonth: 10e6, dollars: 0.3, per: MILLION },
  cpuMs: { what: 'processor time, ms', includedAMonth: 30e6, dollars: 0.02, per: MILLION },
  d1RowsRead: { what: 'D1 rows read', includedAMonth: 25e9, dollars: 0.001, per: MILLION },
  d1RowsWritten: { what: 'D1 rows written', includedAMonth: 50e6, dollars: 1, per: MILLION },
  r2Reads: { what: 'R2 reads (class B)', includedAMonth: 10e6, dollars: 0.36, per: MILLION },
  r2GigabyteMonths: { what: 'R2 storage, GB', includedAMonth: 10, dollars: 0.015, per: 1 },
  queueOperations: { what: 'queue operations', includedAMonth: 1e6, dollars: 0.4, per: MILLION },
}

/** Dollars of a month for one kind of use, beyond what the subscription includes. */
export function cost(kind: keyof Usage, amount: number): number {
  const { includedAMonth, dollars, per } = PRICES[kind]
  return (Math.max(0, amount - includedAMonth) / per) * dollars
}

/** Dollars of a month, the subscription included. */
export function monthlyCost(usage: Usage): number {
  const kinds = Object.keys(PRICES).filter((kind): kind is keyof Usage => kind in usage)
  return kinds.reduce((sum, kind) => sum + cost(kind, usage[kind]), SUBSCRIPTION)
}

/** Of one queue, and of one database. */
export const QUEUE_MESSAGES_A_SECOND = 5000
export const DATABASE_BYTES = 10e9
