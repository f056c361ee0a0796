// The plain deployment: everything at once, then the question whether it works.
import { CommandProblem } from '../command.ts'
import { checkSignatures, settledHealth, type Verdict } from './health.ts'
import { commandFor, type Order } from './order.ts'
import { checkLogSetting, makeMissing, migrate, upload } from './preparation.ts'
import { removeSecrets } from './secrets.ts'
import { describeSurvey, type Survey } from './survey.ts'

/** How long a good answer may take after a deployment: until then the version before may be the one that answers. */
const SETTLE_MS = 10_000

export async function deployAtOnce(survey: Survey, order: Order): Promise<void> {
  refuseDuringSplit(survey, order)
  for (const line of describeSurvey(survey)) console.log(line)
  const found = await makeMissing(survey, order)
  const { versionId, settings } = await upload(survey, found, ['deploy'], (generated) =>
    migrate(survey, found, generated),
  )
  await removeSecrets(survey, settings)
  await checkLogSetting(survey, settings)
  // Removing a secret makes one more version, and that one is live.
  await verify(survey, order, survey.removed.length === 0 ? versionId : undefined)
}

/** Two versions share the traffic: a deployment would end that without a word. */
function refuseDuringSplit({ worker, project }: Survey, order: Order): void {
  if ((worker?.deployments[0]?.versions.length ?? 0) < 2) return
  throw new CommandProblem(
    `Two versions of ${project.workerName} share the traffic. First ${commandFor(order, '--promote')} ` +
      `or ${commandFor(order, '--abort')}.`,
  )
}

/** Asks health, then whether what the file's secrets sign is taken. Down: a CommandProblem with the way back. */
export async function verify(survey: Survey, order: Order, versionId: string | undefined): Promise<void> {
  const { url, project, variables, worker } = survey
  const health = await settledHealth({ url, workerName: project.workerName, versionId }, SETTLE_MS)
  const verdicts: Verdict[] = [health]
  if (health.state === 'ok' && variables !== undefined) verdicts.push(...(await checkSignatures(url, variables)))
  for (const { sentence, state } of verdicts) if (state !== 'silent') console.log(sentence)
  const back = commandFor(order, '--rollback')
  if (verdicts.some(({ state }) => state === 'down') && !survey.isBeforeVariables) {
    throw new CommandProblem(
      `Deployed, and it does not work. ${worker === undefined ? 'Correct what is named and deploy again.' : `Back to the version before: ${back}`}`,
    )
  }
  const [silent] = verdicts.filter(({ state }) => state === 'silent')
  if (silent !== undefined) {
    console.log(
      `${silent.sentence.replace(/\.$/, '')}: npm run doctor -- --remote --url ${url} --env-file FILE asks again.`,
    )
  }
  console.log(
    worker === undefined ? `Deployed ${project.workerName}.` : `Deployed ${project.workerName}. Back: ${back}`,
  )
}
