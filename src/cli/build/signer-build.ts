// Compiles the playlist signer from AssemblyScript to WebAssembly. Needs no network; the same source gives the same
// bytes on any machine and in any folder, so the output is made where it is needed and never committed.
import { execFile } from 'node:child_process'
import { readdir, rename, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const wasmFolder = fileURLToPath(new URL('../../wasm', import.meta.url))
const SOURCE = join(wasmFolder, 'text-signer.ts')
const OUTPUT = join(wasmFolder, 'text-signer.wasm')
const OPTIONS = [
  '-O3',
  // Nothing is allocated at run time, so there is no memory manager.
  '--runtime',
  'stub',
  '--enable',
  'simd',
  // Warns of what would differ on a 64-bit engine; Workers have 32-bit memories.
  '--disableWarning',
  '201',
]

/** Compiles into the file given; what the compiler objects to is the Error's message. */
export async function compileSigner(output: string): Promise<void> {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('assemblyscript/package.json')), 'bin/asc.js')
  const args = [compiler, SOURCE, '--outFile', output, ...OPTIONS]
  await promisify(execFile)(process.execPath, args, { cwd: wasmFolder }).catch((error: { stderr?: string }) => {
    throw new Error(`text-signer.ts: ${error.stderr?.trim() || 'the compiler did not run'}`)
  })
}

/** Makes the module unless it is newer than everything it is made of: compiling takes seconds. */
export async function buildSigner(): Promise<void> {
  const sources = (await readdir(wasmFolder))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(wasmFolder, name))
  const [made, ...changed] = await Promise.all([OUTPUT, ...sources, fileURLToPath(import.meta.url)].map(changedAtMs))
  if (made !== undefined && changed.every((atMs) => atMs !== undefined && atMs < made)) return
  // Renamed, so that a server or test that starts meanwhile never reads half a module.
  const fresh = join(wasmFolder, `.${process.pid}.wasm`)
  await compileSigner(fresh)
  await rename(fresh, OUTPUT)
}

async function changedAtMs(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.mtimeMs
}
