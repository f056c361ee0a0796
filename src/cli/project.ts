// What the configuration of one environment says: read by wrangler's own reader, so that what an environment inherits
// is what wrangler lets it inherit.
import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { CommandProblem, usageProblem } from './command.ts'
import { PROJECT_FOLDER } from './wrangler.ts'

export interface D1Binding {
  readonly binding: string
  readonly database_name?: string
  readonly database_id?: string
  readonly migrations_dir?: string
  readonly migrations_table?: string
}

export interface KvBinding {
  readonly binding: string
  readonly id?: string
}

export interface R2Binding {
  readonly binding: string
  readonly bucket_name?: string
}

export interface QueueConsumer {
  readonly queue: string
  readonly dead_letter_queue?: string
}

/** The part of wrangler's configuration that a deployment reads or changes; everything else passes through. */
export interface Settings {
  readonly name?: string
  readonly account_id?: string
  readonly workers_dev?: boolean
  readonly route?: Route
  readonly routes?: readonly Route[]
  readonly vars: Readonly<Record<string, unknown>>
  readonly d1_databases: readonly D1Binding[]
  readonly kv_namespaces: readonly KvBinding[]
  readonly r2_buckets: readonly R2Binding[]
  readonly queues: {
    readonly producers?: readonly { readonly binding: string; readonly queue: string }[]
    readonly consumers?: readonly QueueConsumer[]
  }
  readonly durable_objects: { readonly bindings: readonly { readonly name: string }[] }
  readonly workflows: readonly { readonly binding: string }[]
  readonly triggers: { readonly crons?: readonly string[] }
  readonly services: readonly { readonly binding: string }[]
  readonly vpc_services?: readonly { readonly binding: string }[]
  readonly assets?: { readonly binding?: string }
  readonly observability?: object
  readonly [field: string]: unknown
}

type Route = string | { readonly pattern: string }

export interface Project {
  /** wrangler.toml, or what `--config` names. */
  readonly configPath: string
  readonly folder: string
  /** An `[env.NAME]`; undefined: what stands above the environments. */
  readonly environment: string | undefined
  readonly workerName: string
  readonly settings: Settings
  /** Of the other environments of the file, by how a sentence calls them. */
  readonly others: ReadonlyMap<string, Settings>
}

interface WranglerReader {
  unstable_readConfig(
    args: { config: string; env: string | undefined },
    options: { hideWarnings: boolean },
  ): Settings & { readonly definedEnvironments?: readonly string[] }
}

/** `environment`: also from the variable CLOUDFLARE_ENV, which wrangler reads too. */
export async function readProject(config: string | undefined, environment: string | undefined): Promise<Project> {
  const configPath = config === undefined ? resolve(PROJECT_FOLDER, 'wrangler.toml') : resolve(config)
  if (!existsSync(configPath)) throw new CommandProblem(`There is no configuration at ${configPath}.`)
  const wrangler = (await import('wrangler')) as unknown as WranglerReader
  const read = (env: string | undefined) => readSettings(wrangler, configPath, env)
  const top = read(undefined)
  const names = top.definedEnvironments ?? []
  if (environment !== undefined && !names.includes(environment)) {
    const known = names.length === 0 ? 'no environment at all' : names.join(', ')
    throw usageProblem(`There is no [env.${environment}] in ${configPath}, which has ${known}.`)
  }
  const settings = environment === undefined ? top : read(environment)
  if (settings.name === undefined) throw new CommandProblem(`${configPath} gives the Worker no name.`)
  const all = [undefined, ...names].filter((name) => name !== environment)
  return {
    configPath,
    folder: dirname(configPath),
    environment,
    workerName: settings.name,
    settings,
    others: new Map(all.map((name) => [name === undefined ? 'the top level' : `[env.${name}]`, read(name)])),
  }
}

function readSettings(wrangler: WranglerReader, config: string, env: string | undefined) {
  try {
    return wrangler.unstable_readConfig({ config, env }, { hideWarnings: true })
  } catch (error) {
    throw new CommandProblem(error instanceof Error ? error.message : String(error))
  }
}

/** What the Worker cannot do without: an environment inherits none of it from the top level. */
export function missingBindings({ d1_databases, kv_namespaces, r2_buckets, assets }: Settings): string[] {
  const has = (list: readonly { readonly binding: string }[], name: string) => list.some((one) => one.binding === name)
  return [
    ...(has(d1_databases, 'DB') ? [] : ['d1_databases (DB)']),
    ...(has(kv_namespaces, 'CACHE') ? [] : ['kv_namespaces (CACHE)']),
    ...(has(r2_buckets, 'MEDIA') ? [] : ['r2_buckets (MEDIA)']),
    ...(assets?.binding === 'ASSETS' ? [] : ['assets (ASSETS)']),
  ]
}

/** Where the service answers by its own configuration: its first route; undefined when it has none. */
export function firstRoute({ route, routes = [] }: Settings): string | undefined {
  const first = routes[0] ?? route
  const pattern = typeof first === 'string' ? first : first?.pattern
  const host = pattern?.replace(/^https?:\/\//, '').split('/')[0]
  return host === undefined || host.includes('*') ? undefined : `https://${host}`
}

/** wrangler's own default: on while the Worker has no route. */
export function usesWorkersDev({ workers_dev, route, routes = [] }: Settings): boolean {
  return workers_dev ?? (route === undefined && routes.length === 0)
}
