// Judges and times every call: right, excused by what was being done to the service, or wrong.
import { errorOf, LynxgateError, networkError } from '../../src/client/error.ts'
import type { Disturbance, Weather } from './weather.ts'

export interface Meter {
  /** Runs one call; undefined when it failed, for whatever reason. Calls of one name are timed together. */
  call<T>(name: string, run: () => Promise<T>): Promise<T | undefined>
  /** Something that is never excused. */
  wrong(sentence: string): void
  report(): MeterReport
}

export interface MeterReport {
  readonly calls: number
  readonly excused: ReadonlyMap<string, number>
  /** The first of each kind, and how often. */
  readonly wrong: ReadonlyMap<string, number>
  /** In milliseconds, of calls that nothing disturbed. */
  readonly times: ReadonlyMap<
    string,
    { readonly calls: number; readonly p50: number; readonly p95: number; readonly p99: number }
  >
}

export function startMeter(weather: Weather): Meter {
  const times = new Map<string, number[]>()
  const excused = new Map<string, number>()
  const wrong = new Map<string, number>()
  const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1)
  let calls = 0
  return {
    async call(name, run) {
      const beganMs = Date.now()
      const began = performance.now()
      calls += 1
      try {
        const answer = await run()
        if (weather.during(beganMs, Date.now()).size === 0) {
          const own = times.get(name) ?? []
          own.push(performance.now() - began)
          times.set(name, own)
        }
        return answer
      } catch (error) {
        const around = weather.during(beganMs, Date.now())
        const excuse = excuseOf(name, error, around)
        if (excuse === undefined) count(wrong, `${name}: ${String(error)} (${[...around].join(', ') || 'calm'})`)
        else count(excused, excuse)
        return undefined
      }
    },
    wrong: (sentence) => count(wrong, sentence),
    report: () => ({
      calls,
      excused,
      wrong,
      times: new Map([...times].map(([name, own]) => [name, { calls: own.length, ...percentiles(own) }])),
    }),
  }
}

/** What a call of this name may answer instead of what was asked; undefined where nothing excuses it. */
function excuseOf(name: string, error: unknown, around: ReadonlySet<Disturbance>): string | undefined {
  if (!(error instanceof LynxgateError)) return undefined
  const { status, retryAfterSeconds } = error
  if (status === undefined) return around.has('killed') ? 'no answer while it was killed' : undefined
  const isStoreOrAfter = around.has('store') || around.has('killed')
  if (status === 503 && retryAfterSeconds !== undefined && (isStoreOrAfter || around.has('issuer')))
    return '503 with Retry-After while a store failed'
  const isOfEngine = name.startsWith('engine')
  if (isOfEngine && around.has('engine') && [502, 503, 504].includes(status))
    return `${status} while the engine was away`
  if ((status === 401 || status === 403) && around.has('clock')) return `${status} while the clock was wrong`
  return undefined
}

/** A request outside of the client; throws what the client would. */
export async function ask(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, { redirect: 'manual', ...init }).catch((cause: unknown) => {
    throw networkError('no answer', cause)
  })
  if (response.status < 400) return response
  const text = await response.text().catch(() => '')
  throw errorOf(response, asJson(text)) ?? new Error(`${response.status} in no format: ${text.slice(0, 200)}`)
}

/** The whole body. */
export async function bytesOf(response: Response): Promise<Uint8Array> {
  return await response.bytes().catch((cause: unknown) => {
    throw networkError('the answer broke off', cause)
  })
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function percentiles(values: readonly number[]): { p50: number; p95: number; p99: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}
