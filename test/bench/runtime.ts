// Bundles a Worker and runs it in workerd.
import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { Miniflare, convertV4MiniflareOptions, type V4MiniflareOptions } from 'miniflare'
import { wallClockMs } from './measure.ts'
import { newestWorkerd, processorMs } from './process-facts.ts'

export const COMPATIBILITY_DATE = '2026-10-20'

const folder = fileURLToPath(new URL('.', import.meta.url))
const SIGNER = fileURLToPath(new URL('../../src/wasm/text-signer.wasm', import.meta.url))

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

/** The bundle of this source, whose imports are relative to test/bench. */
export async function bundle(source: string): Promise<string> {
  const result = await build({
    stdin: { contents: source, resolveDir: folder, loader: 'ts' },
    bundle: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    plugins: [
      {
        name: 'wasm',
        setup(plugin) {
          plugin.onResolve({ filter: /\.wasm$/ }, () => ({ path: './text-signer.wasm', external: true }))
        },
      },
    ],
    minify: !process.env['BENCH_READABLE'],
    write: false,
    logLevel: 'error',
  })
  return result.outputFiles[0]?.text ?? ''
}

/** The Worker of cases by name, each in a module of test/bench/worker. */
export async function bundleCases(names: readonly string[]): Promise<string> {
  const imports = names.map((name, index) => `import { rewrite as r${index} } from './worker/${name}.ts'`)
  const cases = names.map((name, index) => `'${name}': r${index}`)
  return await bundle(
    `${imports.join('\n')}\nimport { serve } from './worker/serve.ts'\nexport default serve({ ${cases.join(', ')} })`,
  )
}

/** A bundle and the compiled signer it imports, as Miniflare takes them. */
export async function workerModules(script: string) {
  return [
    { type: 'ESModule' as const, path: 'worker.js', contents: script },
    { type: 'CompiledWasm' as const, path: 'text-signer.wasm', contents: await readFile(SIGNER) },
  ]
}

/** A fresh workerd with a fresh isolate. */
export async function start(script: string, options: Partial<V4MiniflareOptions> = {}): Promise<Runtime> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: await workerModules(script),
      compatibilityDate: COMPATIBILITY_DATE,
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

/** One request, its answer as it is on the wire. */
export async function send(url: URL, { method = 'GET', body, headers = {} }: Message = {}, agent?: Agent): Promise<Answer> {
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
