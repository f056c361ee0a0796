// Runs a Worker of measured cases in workerd.
import { Agent, request } from 'node:http'
import { Miniflare, convertV4MiniflareOptions, type V4MiniflareOptions } from 'miniflare'
import { bundle, COMPATIBILITY_DATE, workerModules } from '../support/bundle.ts'
import { wallClockMs } from './measure.ts'
import { newestWorkerd, processorMs } from './process-info.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

export interface Message {
  readonly method?: string
  readonly body?: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

export interface Runtime {
  /** Over one kept-alive connection. */
  send(path: string, message?: Message): Promise<Answer>
  /** Processor time that workerd has used, in milliseconds; the wall clock where the kernel does not say. */
  readonly clockMs: () => number
  /** Of workerd; undefined where /proc does not exist. */
  readonly pid: number | undefined
  stop(): Promise<void>
}

/** The Worker of cases by name, each in a module of test/bench/worker. */
export async function bundleCases(names: readonly string[]): Promise<string> {
  const imports = names.map((name, index) => `import { rewrite as r${index} } from './bench/worker/${name}.ts'`)
  const cases = names.map((name, index) => `'${name}': r${index}`)
  return await bundle(
    `${imports.join('\n')}\nimport { serve } from './bench/worker/serve.ts'\nexport default serve({ ${cases.join(', ')} })`,
  )
}

/** A fresh workerd with a fresh isolate. */
export async function start(script: string, options: Partial<V4MiniflareOptions> = {}): Promise<Runtime> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: await workerModules(script),
      compatibilityDate: COMPATIBILITY_DATE,
      // Log lines are made, as in production; they are not read here.
      handleStructuredLogs: () => undefined,
      unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
      ...options,
    } as V4MiniflareOptions),
  )
  await miniflare.ready
  const origin = await miniflare.unsafeGetDirectURL()
  const pid = newestWorkerd()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    pid,
    clockMs: () => (pid === undefined ? wallClockMs() : processorMs(pid)),
    send: async (path, message) => await send(new URL(path, origin), message, agent),
    async stop() {
      agent.destroy()
      await miniflare.dispose()
    },
  }
}

/** One request, its answer with its encoded body. */
export async function send(
  url: URL,
  { method = 'GET', body, headers = {} }: Message = {},
  agent?: Agent,
): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
