// A Worker as workerd takes it: one module of all its sources, and beside it the WebAssembly it imports.
import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { build } from 'esbuild'

export type WorkerModule =
  | { readonly type: 'ESModule'; readonly path: string; readonly contents: string }
  | { readonly type: 'CompiledWasm'; readonly path: string; readonly contents: Uint8Array<ArrayBuffer> }

/** `source` is TypeScript whose imports are relative to the folder; the main module comes first. */
export async function bundleWorker(source: string, folder: string, minify = true): Promise<WorkerModule[]> {
  const wasmFiles = new Map<string, string>()
  const { outputFiles } = await build({
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
          plugin.onResolve({ filter: /\.wasm$/ }, ({ path, resolveDir }) => {
            wasmFiles.set(basename(path), resolve(resolveDir, path))
            return { path: `./${basename(path)}`, external: true }
          })
        },
      },
    ],
    minify,
    write: false,
    logLevel: 'silent',
  })
  const modules: WorkerModule[] = [{ type: 'ESModule', path: 'worker.js', contents: outputFiles[0]?.text ?? '' }]
  for (const [path, file] of wasmFiles) {
    modules.push({ type: 'CompiledWasm', path, contents: new Uint8Array(await readFile(file)) })
  }
  return modules
}
