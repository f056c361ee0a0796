// The deployed Worker as Cloudflare knows it: which versions are live, which were before, which secrets they hold by
// name. Asked anew by every run; nothing of it is kept on this machine.
import type { Account } from './account.ts'

export interface Share {
  readonly version_id: string
  /** 0…100 */
  readonly percentage: number
}

export interface Deployment {
  readonly versions: readonly Share[]
  readonly created_on?: string
}

export interface Version {
  readonly id: string
  /** Grows with every version of the Worker. */
  readonly number: number
  readonly annotations?: Readonly<Record<string, string>>
}

export interface LiveWorker {
  /** Newest first; the first one is live. */
  readonly deployments: readonly Deployment[]
  readonly secretNames: readonly string[]
}

const PERMISSION = 'Workers Scripts: Edit'

/** Undefined: there is no Worker of this name. */
export async function findWorker(account: Account, name: string): Promise<LiveWorker | undefined> {
  const path = scriptPath(account, name)
  const purpose = { verb: `read the deployments of ${name}`, permission: PERMISSION }
  const answer = (await account.api.find(`${path}/deployments`, purpose)) as { deployments: Deployment[] } | undefined
  if (answer === undefined) return undefined
  return { deployments: answer.deployments, secretNames: await secretNames(account, name) }
}

async function secretNames(account: Account, name: string): Promise<string[]> {
  const purpose = { verb: `read the names of the secrets of ${name}`, permission: PERMISSION }
  const list = (await account.api.find(`${scriptPath(account, name)}/secrets`, purpose)) as
    | { name: string }[]
    | undefined
  return (list ?? []).map((secret) => secret.name)
}

/** Those that can be made live again, newest first. */
export async function versionsOf(account: Account, name: string): Promise<Version[]> {
  const purpose = { verb: `list the versions of ${name}`, permission: PERMISSION }
  const answer = (await account.api.get(`${scriptPath(account, name)}/versions?deployable=true`, purpose)) as {
    items: Version[]
  }
  return [...answer.items].sort((one, other) => other.number - one.number)
}

/** Names of the secrets that a version holds; their values are in no answer. */
export async function secretsOfVersion(account: Account, name: string, versionId: string): Promise<string[]> {
  const purpose = { verb: `read a version of ${name}`, permission: PERMISSION }
  const answer = (await account.api.get(`${scriptPath(account, name)}/versions/${versionId}`, purpose)) as {
    resources?: { bindings?: { type: string; name: string }[] }
  }
  const bindings = answer.resources?.bindings ?? []
  return bindings.filter(({ type }) => type === 'secret_text').map((binding) => binding.name)
}

/** Makes these versions live. `isForced`: also when they hold other secrets than those of today. */
export async function deployVersions(
  account: Account,
  name: string,
  versions: readonly Share[],
  isForced: boolean,
): Promise<void> {
  const purpose = { verb: `change the live version of ${name}`, permission: PERMISSION }
  const path = `${scriptPath(account, name)}/deployments${isForced ? '?force=true' : ''}`
  await account.api.post(path, { strategy: 'percentage', versions }, purpose)
}

/** Whether Cloudflare keeps logs of the Worker: a setting of the Worker as a whole, not of a version. */
export async function keepsLogs(account: Account, name: string): Promise<boolean> {
  const purpose = { verb: `read the settings of ${name}`, permission: PERMISSION }
  const settings = (await account.api.get(`${scriptPath(account, name)}/script-settings`, purpose)) as {
    observability?: { enabled?: boolean; logs?: { enabled?: boolean } | null } | null
  }
  const { observability } = settings
  return observability?.logs?.enabled ?? observability?.enabled ?? false
}

function scriptPath({ id }: Account, name: string): string {
  return `/accounts/${id}/workers/scripts/${name}`
}
