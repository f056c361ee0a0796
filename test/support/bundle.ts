// A Worker made of modules as Miniflare takes it: for runs in workerd itself, without wrangler.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { bundleWorker } from '../../src/cli/start/worker-bundle.ts'

/** That of wrangler.toml. */
export const COMPATIBILITY_DATE = '2026-10-20'

const folder = fileURLToPath(new URL('..', import.meta.url))
const SIGNER = fileURLToPath(new URL('../../src/wasm/text-signer.wasm', import.meta.url))

/** The bundle of this source, whose imports are relative to `test`. */
export async function bundle(source: string): Promise<string> {
  const [main] = await bundleWorker(source, folder, !process.env['BENCH_READABLE'])
  return main?.type === 'ESModule' ? main.contents : ''
}

/** A bundle and the compiled signer it imports, as Miniflare takes them. */
export async function workerModules(script: string) {
  return [
    { type: 'ESModule' as const, path: 'worker.js', contents: script },
    { type: 'CompiledWasm' as const, path: 'text-signer.wasm', contents: await readFile(SIGNER) },
  ]
}
