// What a deployment stores its data in, found by name or made: databases, namespaces, buckets, queues. One entry a kind.
// Durable Objects, Workflows and cron triggers come with the upload of the Worker and need no step beforehand.
import { CommandProblem } from '../command.ts'
import type { Account } from './account.ts'
import { ApiProblem, type Purpose } from './cloudflare-api.ts'
import { isRefusedByPlan } from './plan-limits.ts'
import type { Project, Settings } from '../project.ts'

export interface Need {
  readonly kind: KindName
  /** Of the account: also what it is found by. */
  readonly name: string
  readonly bindings: readonly string[]
  /** The configuration names it itself, by its id. */
  readonly id: string | undefined
}

export interface Resource extends Need {
  /** Undefined: the account has none of this name. For buckets and queues the name is the id. */
  readonly id: string | undefined
}

type KindName = 'D1 database' | 'KV namespace' | 'R2 bucket' | 'queue'

interface Kind {
  readonly permission: string
  needs(project: Pick<Project, 'settings' | 'workerName'>): Omit<Need, 'kind'>[]
  find(account: Account, name: string, purpose: Purpose): Promise<string | undefined>
  make(account: Account, name: string, location: string | undefined, purpose: Purpose): Promise<string>
  /** The settings with ids in them. */
  bind(settings: Settings, workerName: string, id: (name: string) => string | undefined): Settings
}

const d1: Kind = {
  permission: 'D1: Edit',
  needs: ({ settings }) =>
    settings.d1_databases.map(({ binding, database_name: name, database_id: id }) => ({
      name: named(name, `the database of ${binding}`, 'database_name'),
      bindings: [binding],
      id,
    })),
  async find({ id, api }, name, purpose) {
    // The filter finds what contains the name.
    const query = `/accounts/${id}/d1/database?name=${encodeURIComponent(name)}`
    const list = (await api.list(query, purpose)) as { name: string; uuid: string }[]
    return list.find((one) => one.name === name)?.uuid
  },
  async make({ id, api }, name, location, purpose) {
    const body = { name, ...(location !== undefined && { primary_location_hint: location }) }
    return ((await api.post(`/accounts/${id}/d1/database`, body, purpose)) as { uuid: string }).uuid
  },
  bind: (settings, _workerName, id) => ({
    ...settings,
    d1_databases: settings.d1_databases.map((one) => ({
      ...one,
      ...withId('database_id', id(one.database_name ?? '')),
    })),
  }),
}

const kv: Kind = {
  permission: 'Workers KV Storage: Edit',
  needs: ({ settings, workerName }) =>
    settings.kv_namespaces.map(({ binding, id }) => ({ name: kvTitle(workerName, binding), bindings: [binding], id })),
  async find({ id, api }, name, purpose) {
    const list = (await api.list(`/accounts/${id}/storage/kv/namespaces`, purpose)) as { title: string; id: string }[]
    return list.find((one) => one.title === name)?.id
  },
  async make({ id, api }, name, _location, purpose) {
    return ((await api.post(`/accounts/${id}/storage/kv/namespaces`, { title: name }, purpose)) as { id: string }).id
  },
  bind: (settings, workerName, id) => ({
    ...settings,
    kv_namespaces: settings.kv_namespaces.map((one) => ({
      ...one,
      ...withId('id', id(kvTitle(workerName, one.binding))),
    })),
  }),
}

const r2: Kind = {
  permission: 'Workers R2 Storage: Edit',
  needs: ({ settings }) =>
    settings.r2_buckets.map(({ binding, bucket_name: name }) => ({
      name: named(name, `the bucket of ${binding}`, 'bucket_name'),
      bindings: [binding],
      id: undefined,
    })),
  async find({ id, api }, name, purpose) {
    return (await api.find(`/accounts/${id}/r2/buckets/${name}`, purpose)) === undefined ? undefined : name
  },
  async make({ id, api }, name, location, purpose) {
    const body = { name, ...(location !== undefined && { locationHint: location }) }
    await api.post(`/accounts/${id}/r2/buckets`, body, purpose)
    return name
  },
  bind: (settings) => settings,
}

const queues: Kind = {
  permission: 'Queues: Edit',
  needs: ({
    settings: {
      queues: { producers = [], consumers = [] },
    },
  }) => {
    const names = [
      ...producers.map(({ queue }) => queue),
      ...consumers.flatMap(({ queue, dead_letter_queue: dead }) => (dead === undefined ? [queue] : [queue, dead])),
    ]
    return [...new Set(names)].map((name) => ({
      name,
      bindings: producers.filter(({ queue }) => queue === name).map(({ binding }) => binding),
      id: undefined,
    }))
  },
  async find({ id, api }, name, purpose) {
    const query = `/accounts/${id}/queues?name=${encodeURIComponent(name)}`
    const list = (await api.list(query, purpose)) as { queue_name: string }[]
    return list.some((one) => one.queue_name === name) ? name : undefined
  },
  async make({ id, api }, name, _location, purpose) {
    await api.post(`/accounts/${id}/queues`, { queue_name: name }, purpose)
    return name
  },
  bind: (settings) => settings,
}

const KINDS: Readonly<Record<KindName, Kind>> = {
  'R2 bucket': r2,
  'D1 database': d1,
  'KV namespace': kv,
  queue: queues,
}

const kinds = Object.entries(KINDS) as [KindName, Kind][]

/** As wrangler itself names a namespace that the configuration gives no id. */
function kvTitle(workerName: string, binding: string): string {
  return `${workerName}-${binding.toLowerCase()}`
}

function withId<Field extends string>(field: Field, id: string | undefined): { readonly [F in Field]?: string } {
  return id === undefined ? {} : ({ [field]: id } as { readonly [F in Field]?: string })
}

function named(name: string | undefined, what: string, field: string): string {
  if (name !== undefined) return name
  throw new CommandProblem(`${what} has no name: give it a ${field} in wrangler.toml.`)
}

/** Everything the environment stores in, buckets first: an account without R2 is refused before anything is made. */
export function resourceNeeds(project: Pick<Project, 'settings' | 'workerName'>): Need[] {
  return kinds.flatMap(([name, kind]) => kind.needs(project).map((need) => ({ kind: name, ...need })))
}

export async function findResources(account: Account, needs: readonly Need[]): Promise<Resource[]> {
  const found: Resource[] = []
  for (const need of needs) {
    const kind = KINDS[need.kind]
    const purpose = { verb: `look for the ${need.kind} ${need.name}`, permission: kind.permission }
    found.push({ ...need, id: need.id ?? (await explained(account, () => kind.find(account, need.name, purpose))) })
  }
  return found
}

/**
 * Its id. One that exists by now, because an earlier run made it and was cut off, is taken. Undefined: the account's
 * plan has no such thing, which only a kind that the Worker can do without may be.
 */
export async function makeResource(
  account: Account,
  need: Need,
  location: string | undefined,
): Promise<string | undefined> {
  const kind = KINDS[need.kind]
  const purpose = { verb: `make the ${need.kind} ${need.name}`, permission: kind.permission }
  try {
    return await explained(account, () => kind.make(account, need.name, location, purpose))
  } catch (error) {
    if (need.kind === 'queue' && isRefusedByPlan(error)) return undefined
    const now =
      error instanceof ApiProblem ? await kind.find(account, need.name, purpose).catch(() => undefined) : undefined
    if (now === undefined) throw error
    return now
  }
}

const R2_IS_OFF = 10_042

/** R2 is switched on once an account, by hand, with a card: Cloudflare's answer does not say where. */
async function explained<T>({ id }: Account, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof ApiProblem && error.code === R2_IS_OFF)) throw error
    throw new CommandProblem(
      `R2 is off in this account: switch it on at https://dash.cloudflare.com/${id}/r2 ` +
        '(it asks for a card; there is a free allowance), then run the same command again.',
    )
  }
}

/** The settings with the ids of what was found or made. */
export function bindResources(project: Project, resources: readonly Resource[]): Settings {
  let { settings } = project
  for (const [kindName, kind] of kinds) {
    const ids = new Map(resources.filter((one) => one.kind === kindName).map(({ name, id }) => [name, id]))
    settings = kind.bind(settings, project.workerName, (name) => ids.get(name))
  }
  return settings
}

/** Other environments' data under this environment's names; a namespace with an id is known by it. */
export function sharedResources(project: Project): { need: Need; with: string }[] {
  const mine = resourceNeeds(project)
  return [...project.others].flatMap(([where, settings]) => {
    // The same Worker under another name of its configuration is not another deployment.
    if (settings.name === project.workerName) return []
    const theirs = resourceNeeds({ settings, workerName: settings.name ?? '' })
    return mine
      .filter((need) =>
        theirs.some((one) => one.kind === need.kind && (one.name === need.name || (one.id ?? need.name) === need.id)),
      )
      .map((need) => ({ need, with: where }))
  })
}
