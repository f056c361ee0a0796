// Two versions share the traffic: the new one gets a part, and more or none after it was watched.
import { CommandProblem } from '../command.ts'
import type { Account } from './account.ts'
import { withConfiguration } from './configuration.ts'
import { verify } from './deployment.ts'
import { askHealth, type Addressee } from './health.ts'
import { commandFor, type Order } from './order.ts'
import { checkLogSetting, makeMissing, migrate, upload } from './preparation.ts'
import type { Project } from '../project.ts'
import { bindResources } from './resources.ts'
import { removeSecrets } from './secrets.ts'
import { describeSurvey, type Survey } from './survey.ts'
import { deployVersions, findWorker, versionsOf, type LiveWorker } from './worker.ts'
import { wranglerStep } from './wrangler-step.ts'

const ASK_EVERY_MS = 5000
/** So many bad answers in a row are no coincidence. */
const MAX_BAD_ANSWERS = 3

/** Ids of versions. */
interface Split {
  readonly older: string
  readonly newer: string
}

type Gradual = Extract<Order['action'], { kind: 'gradual' }>

/** Uploads a version and gives it a part; of two versions that share the traffic already, changes the part. */
export async function deployGradually(
  survey: Survey,
  order: Order,
  { percentage, watchSeconds }: Gradual,
): Promise<void> {
  const { account, project } = survey
  const { older, newer } =
    (await currentSplit(survey.account, survey.project, survey.worker)) ?? (await uploadBeside(survey, order))
  const shares = [
    { version_id: newer, percentage },
    { version_id: older, percentage: 100 - percentage },
  ]
  await deployVersions(account, project.workerName, shares, false)
  console.log(`${percentage} % of the traffic goes to the new version ${newer}.`)
  const addressee = { url: survey.url, workerName: project.workerName, versionId: newer }
  if (await isHealthyFor(watchSeconds * 1000, addressee)) {
    console.log(`Go on: ${commandFor(order, '--promote')}\nOr back: ${commandFor(order, '--abort')}`)
    return
  }
  await deployVersions(account, project.workerName, [{ version_id: older, percentage: 100 }], true)
  throw new CommandProblem(`The new version does not work: all of the traffic is back with ${older}.`)
}

async function uploadBeside(survey: Survey, order: Order): Promise<Split> {
  const [live] = survey.worker?.deployments[0]?.versions ?? []
  if (live === undefined) {
    throw new CommandProblem(
      `Nothing is deployed that a new version could stand beside: first ${commandFor(order, '')}.`,
    )
  }
  for (const line of describeSurvey(survey)) console.log(line)
  if (survey.removed.length > 0) {
    console.log(`  note   ${survey.removed.join(', ')} stay until --promote with the same file`)
  }
  const found = await makeMissing(survey, order)
  const { versionId } = await upload(survey, found, ['versions', 'upload'], (generated) =>
    migrate(survey, found, generated),
  )
  if (versionId === undefined) throw new CommandProblem('wrangler did not say which version it uploaded.')
  return { older: live.version_id, newer: versionId }
}

/** Undefined when one version has all of the traffic. */
async function currentSplit(
  account: Account,
  { workerName }: Project,
  worker: LiveWorker | undefined,
): Promise<Split | undefined> {
  const shares = worker?.deployments[0]?.versions ?? []
  if (shares.length < 2) return undefined
  const newestFirst = await versionsOf(account, workerName)
  const place = (version: string): number => {
    const at = newestFirst.findIndex(({ id }) => id === version)
    return at < 0 ? newestFirst.length : at
  }
  const [newer, older] = shares.map(({ version_id }) => version_id).sort((one, other) => place(one) - place(other))
  return newer === undefined || older === undefined ? undefined : { newer, older }
}

/** False as soon as the version was down several times in a row; true when nothing answers that could be watched. */
async function isHealthyFor(periodMs: number, addressee: Addressee): Promise<boolean> {
  console.log(`Watching its health for ${Math.round(periodMs / 1000)} seconds …`)
  const deadline = Date.now() + periodMs
  let bad = 0
  for (let asked = 0; ; asked++) {
    const verdict = await askHealth(addressee)
    bad = verdict.state === 'down' ? bad + 1 : 0
    if (asked === 0 || verdict.state === 'down') console.log(`  ${verdict.sentence}`)
    if (bad === MAX_BAD_ANSWERS) return false
    const left = deadline - Date.now()
    // A bad answer is followed up to its end, however short the period is.
    if (left <= 0 && bad === 0) return true
    await new Promise((resolve) => setTimeout(resolve, bad > 0 ? 1000 : Math.min(ASK_EVERY_MS, left)))
  }
}

async function demandSplit(account: Account, project: Project, worker: LiveWorker | undefined): Promise<Split> {
  const split = await currentSplit(account, project, worker)
  if (split !== undefined) return split
  throw new CommandProblem(`One version of ${project.workerName} has all of the traffic: there is nothing to end.`)
}

/** The newer version gets everything; with it go the settings that belong to no version: routes, crons, logs. */
export async function promote(survey: Survey, order: Order): Promise<void> {
  const { account, project } = survey
  const { newer } = await demandSplit(account, project, survey.worker)
  const settings = bindResources(project, survey.resources)
  await withConfiguration(project, settings, undefined, async (generated) => {
    const steps = [
      ['versions', 'deploy', `${newer}@100%`, '--yes'],
      ['triggers', 'deploy'],
    ]
    for (const step of steps) {
      const { code, reason } = await wranglerStep(account, step, generated)
      if (code !== 0) throw new CommandProblem(`wrangler could not finish: ${reason}`)
    }
  })
  await removeSecrets(survey, settings)
  await checkLogSetting(survey, settings)
  await verify(survey, order, survey.removed.length === 0 ? newer : undefined)
}

/**
 * The older version gets everything, whatever else is wrong. Its secrets are live until now, so none of them comes back.
 */
export async function abort(account: Account, project: Project): Promise<void> {
  const worker = await findWorker(account, project.workerName)
  const { older } = await demandSplit(account, project, worker)
  await deployVersions(account, project.workerName, [{ version_id: older, percentage: 100 }], true)
  console.log(`All of the traffic is back with ${older}.`)
}
