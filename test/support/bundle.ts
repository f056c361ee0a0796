// A Worker made of modules as Miniflare takes it: for runs in workerd itself, without wrangler.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** That of wrangler.toml. */
export const COMPATIBILITY_DATE = '2026-10-20'

const folder = fileURLToPath(new URL('..', import.meta.url))
const SIGNER = fileURLToPath(new URL('../../src/wasm/text-signer.wasm', import.meta.url))

/** The bundle of this source, whose imports are relative to `test`. */
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

/** A bundle and the compiled signer it imports, as Miniflare takes them. */
export async function workerModules(script: string) {
  return [
    { type: 'ESModule' as const, path: 'worker.js', contents: script },
    { type: 'CompiledWasm' as const, path: 'text-signer.wasm', contents: await readFile(SIGNER) },
  ]
}
