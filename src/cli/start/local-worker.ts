// What npm start runs: the Worker in one module, what wrangler.toml binds to it, and a migrated database. Made once and
// kept in the state folder, until a file it was made of is another one.
import { readJsonFile } from '../json-file.ts'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CommandProblem } from '../command.ts'
import { localWranglerEnvironment, type LocalState } from '../local-state.ts'
import { PROJECT_FOLDER, runWrangler } from '../wrangler.ts'

/** Miniflare's options of a Worker as wrangler derives them from wrangler.toml, but for its modules. */
export type WorkerOptions = Readonly<Record<string, unknown>>

export interface LocalWorker {
  readonly options: WorkerOptions
  /** The main module first. */
  readonly modules: readonly StoredModule[]
}

interface StoredModule {
  readonly type: 'ESModule' | 'CompiledWasm'
  readonly path: string
}

interface Stored extends LocalWorker {
  readonly fingerprint: string
}

/** `onMake` is told when it takes a while, because there is nothing yet or something changed. */
export async function prepareLocalWorker(state: LocalState, onMake: () => void): Promise<LocalWorker> {
  const file = join(state.workerFolder, 'worker.json')
  const kept = await readStored(file)
  if (kept?.fingerprint === (await fingerprint()) && existsSync(join(state.dataFolder, 'v3', 'd1'))) return kept
  onMake()
  await rm(state.workerFolder, { recursive: true, force: true })
  await mkdir(state.workerFolder, { recursive: true })
  await buildAssets()
  // Taken when everything is built and nothing is read yet: what changes from now on is another fingerprint.
  const made = await fingerprint()
  const [worker] = await Promise.all([makeWorker(state), migrate(state)])
  // Last, so that an interrupted start is simply done again.
  await writeFile(file, JSON.stringify({ fingerprint: made, ...worker } satisfies Stored))
  return worker
}

async function readStored(file: string): Promise<Stored | undefined> {
  // Of this very shape where the fingerprint is right: it covers this file too.
  return (await readJsonFile(file)) as Stored | undefined
}

/** The same command that wrangler.toml names. */
async function buildAssets(): Promise<void> {
  const args = [join(PROJECT_FOLDER, 'src/cli/run.mjs'), 'build']
  await promisify(execFile)(process.execPath, args, { cwd: PROJECT_FOLDER }).catch((error: { stderr?: string }) => {
    throw new CommandProblem(error.stderr?.trim() || 'The pages could not be built.')
  })
}

async function makeWorker(state: LocalState): Promise<LocalWorker> {
  // Read when wrangler is loaded, which takes a second.
  Object.assign(process.env, localWranglerEnvironment(state), { WRANGLER_LOG: 'error' })
  const { unstable_getMiniflareWorkerOptions: optionsOf } = await import('wrangler')
  const { bundleWorker } = await import('./worker-bundle.ts')
  const { workerOptions, main, externalWorkers } = optionsOf(join(PROJECT_FOLDER, 'wrangler.toml'))
  if (main === undefined || externalWorkers.length > 0) throw new Error('wrangler.toml describes no single Worker')
  const entry = JSON.stringify(main)
  const modules = await bundleWorker(`export * from ${entry}; export { default } from ${entry}`, PROJECT_FOLDER)
  for (const { path, contents } of modules) await writeFile(join(state.workerFolder, path), contents)
  const { modulesRules: _, ...options } = workerOptions
  return { options, modules: modules.map(({ type, path }) => ({ type, path })) }
}

async function migrate(state: LocalState): Promise<void> {
  const apply = ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', state.dataFolder]
  const { code, output } = await runWrangler(apply, { env: localWranglerEnvironment(state) })
  if (code === 0) return
  const reason = /\[ERROR\]\s*(.+)/.exec(output.replace(ANSI, ''))?.[1] ?? 'wrangler gave no reason'
  throw new CommandProblem(`The local database could not be migrated: ${reason.trim()}`)
}

// eslint-disable-next-line no-control-regex -- terminal colours are control characters
const ANSI = /\u001b\[[0-9;]*m/g

/** Names, sizes and times of all that a start is made of and of what the build makes, the packages included. */
const INGREDIENTS = ['src', 'migrations', 'public', 'wrangler.toml', 'node_modules/.package-lock.json']

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(PROJECT_FOLDER)
  for (const ingredient of INGREDIENTS) {
    const path = join(PROJECT_FOLDER, ingredient)
    for (const line of await describe(path)) hash.update(line)
  }
  return hash.digest('hex')
}

async function describe(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return [`${path}: none\n`]
  if (!found.isDirectory()) return [`${path}: ${found.size} ${found.mtimeMs}\n`]
  // Hidden files are in the making.
  const names = (await readdir(path)).filter((name) => !name.startsWith('.')).sort()
  return (await Promise.all(names.map((name) => describe(join(path, name))))).flat()
}
