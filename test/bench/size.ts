// npm run size: how large the Worker is as it is deployed, what each dependency adds, and how long it takes to start.
// Fails beyond the budget. Nothing is uploaded.
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Metafile } from 'esbuild'
import { PROJECT_FOLDER, runWrangler } from '../../src/cli/wrangler.ts'
import { bundle } from '../support/bundle.ts'
import { median } from './measure.ts'
import { start } from './runtime.ts'

/** Cloudflare's own limit is 3 MB; a small Worker starts fast in a data centre that has not run it yet. */
const MAX_GZIP_BYTES = 220_000

/** From a process that has loaded nothing to its first answer. Cloudflare allows a second. */
const MAX_START_MS = 50
const STARTS = 5

/** Bytes of the Worker's modules, compressed one by one as they are uploaded. */
async function deployedBytes(): Promise<{ plain: number; gzip: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'size-'))
  try {
    const { code, output } = await runWrangler(['deploy', '--dry-run', `--outdir=${folder}`])
    if (code !== 0) throw new Error(output)
    const sizes = { plain: 0, gzip: 0 }
    for (const name of await readdir(folder)) {
      if (!/\.(js|wasm)$/.test(name)) continue
      const bytes = await readFile(join(folder, name))
      sizes.plain += bytes.byteLength
      sizes.gzip += gzipSync(bytes, { level: 9 }).byteLength
    }
    return sizes
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Processor time of loading the Worker and answering once, in milliseconds: without configuration, so without I/O. */
async function startMs(): Promise<number> {
  const script = await bundle(`export { default } from '../src/index.ts'`)
  const samples: number[] = []
  for (let count = 0; count < STARTS; count++) {
    const runtime = await start(script)
    const before = runtime.clockMs()
    await runtime.send('/api/health')
    samples.push(runtime.clockMs() - before)
    await runtime.stop()
  }
  return median(samples)
}

/** What each package has in the bundle, minified, largest first; the service itself is `src`. */
async function bytesByPackage(): Promise<[name: string, bytes: number][]> {
  const { metafile } = await build({
    absWorkingDir: PROJECT_FOLDER,
    entryPoints: ['src/index.ts'],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    loader: { '.wasm': 'copy' },
    outdir: 'dist',
    minify: true,
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  const sizes = new Map<string, number>()
  for (const output of scripts(metafile)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const name = packageOf(path)
      sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput)
    }
  }
  return [...sizes].sort(([, a], [, b]) => b - a)
}

function scripts(metafile: Metafile): Metafile['outputs'][string][] {
  return Object.entries(metafile.outputs)
    .filter(([path]) => path.endsWith('.js'))
    .map(([, output]) => output)
}

function packageOf(path: string): string {
  const inside = relative('.', path).split('node_modules/').at(-1) ?? path
  if (!path.includes('node_modules/')) return 'src'
  return inside
    .split('/')
    .slice(0, inside.startsWith('@') ? 2 : 1)
    .join('/')
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1).padStart(7)} kB`
}

for (const [name, bytes] of await bytesByPackage()) console.log(`${kilobytes(bytes)}  ${name}`)
const { plain, gzip } = await deployedBytes()
const startTime = await startMs()
console.log(`${kilobytes(plain)}  deployed`)
console.log(`${kilobytes(gzip)}  deployed, gzip; the budget is ${kilobytes(MAX_GZIP_BYTES).trim()}`)
console.log(
  `${startTime.toFixed(1).padStart(7)} ms  from nothing to the first answer; the budget is ${MAX_START_MS} ms`,
)
if (gzip > MAX_GZIP_BYTES || startTime > MAX_START_MS) {
  console.error('size: beyond the budget')
  process.exitCode = 1
}
