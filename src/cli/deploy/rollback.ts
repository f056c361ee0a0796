// Makes an earlier version live again: its code, and with it the secrets it was deployed with. That the secrets are
// others than today's is never passed over: a revoked one would work again.
import { CommandProblem } from '../command.ts'
import type { Account } from './account.ts'
import { ApiProblem } from './cloudflare-api.ts'
import { commandFor, type Order } from './order.ts'
import type { Project } from '../project.ts'
import { deployVersions, findWorker, secretsOfVersion, versionsOf, type LiveWorker, type Version } from './worker.ts'

/** Cloudflare's own check: the values differ. */
const SECRETS_CHANGED = 10_220

type Rollback = Extract<Order['action'], { kind: 'rollback' }>

export async function rollBack(
  account: Account,
  project: Project,
  order: Order,
  { to, acceptsOldSecrets }: Rollback,
): Promise<void> {
  const { workerName } = project
  const worker = await findWorker(account, workerName)
  const live = worker?.deployments[0]?.versions[0]?.version_id
  if (worker === undefined || live === undefined) throw new CommandProblem(`${workerName} is not deployed.`)
  if (to === live) return console.log(`${live} is live already: there is nothing to go back from.`)
  const target = to ?? previousCode(worker, await versionsOf(account, workerName))
  if (target === undefined) throw new CommandProblem(`${workerName} has no version before the one that is live.`)
  if (!acceptsOldSecrets) {
    const difference = await nameDifference(account, workerName, live, target)
    if (difference !== undefined) throw secretsProblem(order, target, difference)
  }
  try {
    await deployVersions(account, workerName, [{ version_id: target, percentage: 100 }], acceptsOldSecrets)
  } catch (error) {
    if (!(error instanceof ApiProblem && error.code === SECRETS_CHANGED)) throw error
    throw secretsProblem(order, target, 'their values differ')
  }
  console.log(`${target} is live again. The database keeps its newer migrations, which only ever add.`)
}

/**
 * The older version that was live last before the one that is live now: so a second rollback does not go forward again.
 * A changed secret makes a version of the same code, which is nothing to go back to.
 */
function previousCode({ deployments }: LiveWorker, newestFirst: readonly Version[]): string | undefined {
  /** Grows with the age of the code. */
  const ageOf = (id: string): number => {
    const at = newestFirst.findIndex((version) => version.id === id)
    if (at < 0) return Infinity
    const code = newestFirst.findIndex(
      ({ annotations }, index) => index >= at && annotations?.['workers/triggered_by'] !== 'secret',
    )
    return code < 0 ? newestFirst.length : code
  }
  const [live = [], ...before] = deployments.map(({ versions }) => versions.map(({ version_id }) => version_id))
  const liveAge = Math.max(...live.map(ageOf))
  return before.find((ids) => ids.length === 1 && ids.every((id) => ageOf(id) > liveAge))?.[0]
}

async function nameDifference(
  account: Account,
  name: string,
  live: string,
  target: string,
): Promise<string | undefined> {
  const [now, then] = [await secretsOfVersion(account, name, live), await secretsOfVersion(account, name, target)]
  const back = then.filter((secret) => !now.includes(secret))
  const gone = now.filter((secret) => !then.includes(secret))
  if (back.length + gone.length === 0) return undefined
  return [
    ...(back.length === 0 ? [] : [`${back.join(', ')} would be back`]),
    ...(gone.length === 0 ? [] : [`${gone.join(', ')} would be gone`]),
  ].join(', ')
}

function secretsProblem(order: Order, target: string, difference: string): CommandProblem {
  return new CommandProblem(
    `Version ${target} has other secrets than today: ${difference}. Nothing was changed.\n` +
      'Its code with the secrets of today: check out its commit and run npm run deploy there.\n' +
      `With its secrets too: ${commandFor(order, `--rollback --to ${target} --old-secrets`)}`,
  )
}

/** For a program that wants to come back to it: the id of the live version; nothing when there is none, or a split. */
export async function printLive(account: Account, { workerName }: Project): Promise<void> {
  const versions = (await findWorker(account, workerName))?.deployments[0]?.versions ?? []
  if (versions.length === 1) console.log(versions[0]?.version_id)
}
