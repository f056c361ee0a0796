// The service under test: the real app over the real bindings, with a clock the test holds and everything counted.
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config/config.ts'
import { makeDeps, type Deps } from '../../src/deps/deps.ts'
import type { LogLine } from '../../src/domain/log.ts'
import { checkAnswer } from './contract-check.ts'
import { countBindings, type CountedBindings } from './counted-bindings.ts'
import type { FetchUrl } from '../../src/platform/bounded-fetch.ts'
import { env } from './env.ts'

export const ORIGIN = 'https://api.example.com'

/** Complete and valid; a test overrides what it is about. */
export const VARIABLES: Readonly<Record<string, string>> = {
  CLERK_ISSUER: 'https://clerk.example.com',
  S3_ENDPOINT: 'https://storage.example.com',
  S3_BUCKET: 'media',
  R2_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  R2_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY',
}

export interface Service extends CountedBindings {
  /** Requests the service made of others. */
  readonly fetched: string[]
  /** A path on ORIGIN, or a whole URL. Redirects are not followed. */
  request(path: string, init?: RequestInit): Promise<Response>
  /** Waits for what the service put off with waitUntil. */
  settle(): Promise<void>
  readonly deps: Deps
  readonly logs: LogLine[]
  /** Epoch milliseconds; the test moves it. */
  clock: { nowMs: number }
}

export function startService(
  variables: Readonly<Record<string, string>> = {},
  options: {
    limiters?: boolean
    streams?: boolean
    plays?: boolean
    engine?: Fetcher
    /** Instead of the network. */
    fetchUrl?: FetchUrl
    /** Whether the Workflow is bound. Its instances have no configuration here: a test takes the steps itself. */
    processing?: boolean
    /** False: no queue is bound. */
    queue?: boolean
  } = {},
): Service {
  const { engine } = options
  const counted = countBindings(env, options)
  const fetched: string[] = []
  const result = readConfig({ ...VARIABLES, ...variables, ENGINE: engine })
  if (!result.ok) throw new Error(`configuration: ${JSON.stringify(result.problems)}`)
  const logs: LogLine[] = []
  const clock = { nowMs: Date.parse('2026-11-21T12:07:00Z') }
  const deps = makeDeps(
    result.config,
    {
      ...counted.bindings,
      ...(options.queue !== false && env.EVENTS && { EVENTS: env.EVENTS }),
      ...(options.processing === true && env.PROCESSING && { PROCESSING: env.PROCESSING }),
      ...(engine && { ENGINE: engine }),
    },
    {
      nowMs: () => clock.nowMs,
      newId: () => crypto.randomUUID(),
      randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
      fetchUrl: (url, init) => {
        fetched.push(url)
        return (options.fetchUrl ?? fetch)(url, init)
      },
      pause: async () => await scheduler.wait(1),
      log: (line) => logs.push(line),
    },
  )
  const app = createApp(deps)
  const deferred: Promise<unknown>[] = []
  const context = {
    waitUntil: (promise: Promise<unknown>) => void deferred.push(promise),
    passThroughOnException: () => undefined,
    props: {},
  } as unknown as ExecutionContext
  return {
    ...counted,
    fetched,
    deps,
    logs,
    clock,
    async request(path, init = {}) {
      const request = new Request(new URL(path, ORIGIN), { redirect: 'manual', ...init })
      const response = await app.fetch(request, undefined, context)
      await checkAnswer(request, response)
      return response
    },
    async settle() {
      while (deferred.length > 0) await deferred.pop()
    },
  }
}
