// What one Cloudflare account holds, for the stand-in of its REST API: real SQLite databases, namespaces, buckets,
// queues and Workers with their versions. Knows no HTTP.
import { randomBytes, randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { unstable_splitSqlQuery as splitSql } from 'wrangler'

export interface Binding {
  readonly type: string
  readonly name: string
  readonly text?: string
  readonly [field: string]: unknown
}

/** What comes with an upload, as far as it matters here. */
export interface UploadMetadata {
  readonly bindings?: readonly (Binding & { readonly old_name?: string })[]
  readonly keep_bindings?: readonly string[]
  readonly annotations?: Readonly<Record<string, string>>
  readonly observability?: object
  readonly migrations?: { readonly new_tag: string }
  readonly [field: string]: unknown
}

export interface StoredVersion {
  readonly id: string
  readonly number: number
  readonly bindings: readonly Binding[]
  readonly metadata: UploadMetadata
}

export interface StoredDeployment {
  readonly id: string
  readonly versions: readonly { readonly version_id: string; readonly percentage: number }[]
}

export interface QueueConsumer {
  readonly consumer_id: string
  readonly [field: string]: unknown
}

export class StoredWorker {
  readonly tag = randomBytes(16).toString('hex')
  /** Oldest first. */
  readonly versions: StoredVersion[] = []
  /** Newest first. */
  readonly deployments: StoredDeployment[] = []
  subdomain = { enabled: false, previews_enabled: false }
  settings: Record<string, unknown> = {}
  crons: readonly string[] = []
  /** Of the last migration of its Durable Objects that was applied. */
  migrationTag: string | undefined

  get newest(): StoredVersion | undefined {
    return this.versions.at(-1)
  }

  versionOf(id: string): StoredVersion | undefined {
    return this.versions.find((version) => version.id === id)
  }

  /** The versions that share the traffic. */
  get live(): StoredVersion[] {
    return (this.deployments[0]?.versions ?? []).flatMap(({ version_id }) => this.versionOf(version_id) ?? [])
  }

  deploy(versions: StoredDeployment['versions']): StoredDeployment {
    const deployment = { id: randomUUID(), versions }
    this.deployments.unshift(deployment)
    return deployment
  }

  /** Secrets of the version that has most of the traffic, in plain text. */
  get secrets(): Record<string, string> {
    return secretsOf(this.live[0])
  }
}

export function secretsOf(version: StoredVersion | undefined): Record<string, string> {
  const secrets = (version?.bindings ?? []).filter(({ type }) => type === 'secret_text')
  return Object.fromEntries(secrets.map(({ name, text = '' }) => [name, text]))
}

/** A refusal in the API's own terms. */
export class Refusal extends Error {
  readonly status: number
  readonly code: number

  constructor(status: number, code: number, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export interface StoredDatabase {
  readonly uuid: string
  readonly name: string
  readonly location: string | undefined
  readonly sqlite: DatabaseSync
}

export class CloudflareAccount {
  readonly id = randomBytes(16).toString('hex')
  readonly name = 'Example Ltd'
  readonly otherAccounts: { id: string; name: string }[] = []
  subdomain: string | undefined = 'example'
  isR2On = true
  /** What its plan refuses. */
  readonly refuses = new Set<'queues' | 'durable objects' | 'workflows' | 'crons'>()
  readonly databases: StoredDatabase[] = []
  readonly namespaces: { id: string; title: string }[] = []
  readonly buckets: { name: string; location: string | undefined }[] = []
  readonly queues: { queue_id: string; queue_name: string; consumers: QueueConsumer[] }[] = []
  readonly workflows = new Map<string, object>()
  readonly workers = new Map<string, StoredWorker>()

  makeDatabase(name: string, location: string | undefined): StoredDatabase {
    if (this.databases.some((one) => one.name === name)) {
      throw new Refusal(400, 7502, 'Database with that name already exists')
    }
    const database = { uuid: randomUUID(), name, location, sqlite: new DatabaseSync(':memory:') }
    this.databases.push(database)
    return database
  }

  makeNamespace(title: string): { id: string; title: string } {
    if (this.namespaces.some((one) => one.title === title)) {
      throw new Refusal(400, 10_014, 'create namespace: a namespace with this account ID and title already exists')
    }
    const namespace = { id: randomBytes(16).toString('hex'), title }
    this.namespaces.push(namespace)
    return namespace
  }

  makeBucket(name: string, location: string | undefined): void {
    if (this.buckets.some((one) => one.name === name)) {
      throw new Refusal(409, 10_004, 'The bucket you tried to create already exists, and you own it.')
    }
    this.buckets.push({ name, location })
  }

  makeQueue(name: string): { queue_id: string; queue_name: string } {
    if (this.refuses.has('queues')) {
      throw new Refusal(403, 100_129, 'Queues are unavailable on the free plan. Please upgrade to a Workers Paid plan')
    }
    const queue = { queue_id: randomBytes(16).toString('hex'), queue_name: name, consumers: [] }
    this.queues.push(queue)
    return queue
  }

  /** A version out of what was uploaded and what it inherits from the one before. */
  addVersion(worker: StoredWorker, metadata: UploadMetadata): StoredVersion {
    const before = worker.newest?.bindings ?? []
    const given = (metadata.bindings ?? []).map((binding) => this.#resolve(binding, before))
    const kept = before.filter(
      ({ type, name }) => metadata.keep_bindings?.includes(type) && !given.some((one) => one.name === name),
    )
    const version = {
      id: randomUUID(),
      number: worker.versions.length + 1,
      bindings: [...given, ...kept],
      metadata,
    }
    worker.versions.push(version)
    return version
  }

  #resolve(binding: Binding & { readonly old_name?: string }, before: readonly Binding[]): Binding {
    const { type, name } = binding
    const id = binding['id'] ?? binding['database_id'] ?? binding['namespace_id']
    if (type === 'inherit') {
      const inherited = before.find((one) => one.name === (binding.old_name ?? name))
      if (inherited === undefined) throw new Refusal(400, 10_057, `binding ${name} has nothing to inherit from`)
      return { ...inherited, name }
    }
    const isThere =
      type === 'd1'
        ? this.databases.some(({ uuid }) => uuid === id)
        : type === 'kv_namespace'
          ? this.namespaces.some((one) => one.id === id)
          : type === 'r2_bucket'
            ? this.buckets.some((one) => one.name === binding['bucket_name'])
            : type === 'queue'
              ? this.queues.some(({ queue_name }) => queue_name === binding['queue_name'])
              : true
    if (!isThere) throw new Refusal(400, 10_021, `binding ${name} of type ${type} names something that is not there`)
    if (type === 'durable_object_namespace' && this.refuses.has('durable objects')) {
      throw new Refusal(400, 10_097, 'In order to use Durable Objects with a free plan, you must create a namespace')
    }
    return binding
  }
}

/** Every statement in one transaction; rows of each. */
export function runSql({ sqlite }: StoredDatabase, sql: string, params: readonly string[] = []): object[][] {
  const results: object[][] = []
  sqlite.exec('BEGIN')
  try {
    for (const text of splitSql(sql)) {
      const statement = sqlite.prepare(text)
      if (statement.columns().length > 0) results.push(statement.all(...params))
      else {
        statement.run(...params)
        results.push([])
      }
    }
    sqlite.exec('COMMIT')
    return results
  } catch (error) {
    sqlite.exec('ROLLBACK')
    throw new Refusal(400, 7500, `${error instanceof Error ? error.message : String(error)}: SQLITE_ERROR`)
  }
}
