// A deployment under test: each test begins with an empty account of the stand-in of Cloudflare, and a project of its own.
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { runSql, type StoredWorker } from './cloudflare/account.ts'
import { startCloudflare, type Cloudflare } from './cloudflare/server.ts'
import {
  makeDeployProject,
  runCommandAt,
  VARIABLES,
  type CommandRun,
  type CommandTerms,
  type DeployProject,
} from './deploy-command.ts'

/** What one deployment makes, however often it is tried. */
export const ALL_ONCE = {
  databases: ['lynxgate'],
  namespaces: ['lynxgate-cache'],
  buckets: ['lynxgate-media'],
  queues: ['lynxgate-events', 'lynxgate-plays'],
  workers: ['lynxgate'],
}

export const migrationFiles = (): string[] => readdirSync('migrations').filter((file) => file.endsWith('.sql'))

/** The block of wrangler.toml that README shows for an environment, whole, for one of this name. */
export function environmentOf(name: string): string {
  const [, toml = ''] = /```toml\n(\[env\.production\][\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? []
  return toml
    .replaceAll('production', name)
    .replaceAll('"82', name === 'production' ? '"82' : '"83')
    .replace(/^routes = .*$/m, name === 'production' ? '$&' : '')
}

export interface Deployment {
  readonly cloudflare: Cloudflare
  readonly project: DeployProject
  readonly deploy: (flags?: readonly string[], terms?: CommandTerms) => Promise<CommandRun>
  /** With a file of variables. */
  readonly deployFile: (lines?: readonly string[], flags?: readonly string[]) => Promise<CommandRun>
  /** Targets of the calls that changed something. */
  readonly changes: () => string[]
  readonly worker: (name?: string) => StoredWorker
  readonly appliedMigrations: (name?: string) => string[]
}

/** To be called once a test file, at its top. */
export function useDeployment(): Deployment {
  let cloudflare: Cloudflare
  let project: DeployProject
  beforeAll(async () => {
    cloudflare = await startCloudflare()
  })
  afterAll(() => cloudflare.stop())
  beforeEach(() => {
    cloudflare.reset()
    project = makeDeployProject()
  })
  afterEach(() => {
    project.remove()
    expect(cloudflare.unknown).toEqual([])
  })
  const deploy = async (flags: readonly string[] = [], terms: CommandTerms = {}): Promise<CommandRun> => {
    const own = ['--config', project.config, '--url', cloudflare.url]
    return await runCommandAt(cloudflare, ['deploy', ...own, ...flags], terms)
  }
  return {
    get cloudflare() {
      return cloudflare
    },
    get project() {
      return project
    },
    deploy,
    deployFile: (lines = VARIABLES, flags = []) => deploy(['--secrets-file', project.variables(lines), ...flags]),
    changes: () => cloudflare.calls.filter(({ method }) => method !== 'GET').map(({ target }) => target),
    worker(name = 'lynxgate') {
      const found = cloudflare.account.workers.get(name)
      if (found === undefined) throw new Error(`no Worker ${name}`)
      return found
    },
    appliedMigrations(name = 'lynxgate') {
      const database = cloudflare.account.databases.find((one) => one.name === name)
      if (database === undefined) return []
      const [rows = []] = runSql(database, 'SELECT name FROM d1_migrations ORDER BY id') as { name: string }[][]
      return rows.map((row) => row.name)
    },
  }
}
