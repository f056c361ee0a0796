// Everything before an upload that has to be there by then: resources, and a database in the shape the code needs.
import { CommandProblem } from '../command.ts'
import { withConfiguration, configurationPath, type Generated } from './configuration.ts'
import { applyMigrations } from './database.ts'
import type { Order } from './order.ts'
import { leftOutSentence, limitsIn, planLimit } from './plan-limits.ts'
import type { Settings } from '../project.ts'
import { bindResources, makeResource, type Resource } from './resources.ts'
import { keepsLogs } from './worker.ts'
import type { Survey } from './survey.ts'
import { wranglerStep, type StepResult } from './wrangler-step.ts'

/** Makes what the survey did not find; answers with the settings that name it all by id. */
export async function makeMissing(survey: Survey, order: Order): Promise<Settings> {
  const resources: Resource[] = []
  let refused = false
  for (const resource of survey.resources) {
    if (resource.id !== undefined) {
      resources.push(resource)
      continue
    }
    const id = await makeResource(survey.account, resource, order.location)
    if (id === undefined) {
      refused = true
      continue
    }
    console.log(`Made the ${resource.kind} ${resource.name}.`)
    resources.push({ ...resource, id })
  }
  const settings = bindResources(survey.project, resources)
  if (!refused) return settings
  const limit = planLimit('Queues')
  console.log(leftOutSentence(limit))
  return limit.without(settings)
}

export async function migrate(survey: Survey, settings: Settings, generated: Generated): Promise<void> {
  if (survey.pending.length === 0) return
  console.log(`Applying ${survey.pending.length} migrations …`)
  const id = settings.d1_databases.find(({ binding }) => binding === 'DB')?.database_id ?? ''
  await applyMigrations(survey.account, survey.project, generated, survey.pending, id)
}

/** wrangler's own words where an earlier version runs that has no such Durable Object. */
const PENDING_MIGRATION = /pending Durable Object migration/

/**
 * `wrangler deploy` or `wrangler versions upload`, once more without what the plan refuses. The id of the version, when
 * wrangler told it.
 */
export async function upload(
  survey: Survey,
  settings: Settings,
  command: readonly string[],
  use: (generated: Generated) => Promise<void> = async () => undefined,
): Promise<{
  readonly versionId: string | undefined
  readonly targets: readonly string[]
  readonly settings: Settings
}> {
  const { account, project, variables } = survey
  const result = await withConfiguration(project, settings, variables, async (generated) => {
    console.log(`Ids are in ${configurationPath(project)}, which git ignores.`)
    await use(generated)
    console.log(`Uploading ${project.workerName} …`)
    return await wranglerStep(account, [...command, ...secretsFlag(generated)], generated)
  })
  if (result.code === 0) return { ...reported(result), settings }
  if (PENDING_MIGRATION.test(result.output.replace(/\s+/g, ' '))) {
    throw new CommandProblem(
      'This version brings a Durable Object, which Cloudflare takes for all of the traffic only: once the same command without --gradual, then --gradual again.',
    )
  }
  const limits = limitsIn(result.output, settings)
  if (limits.length === 0) {
    throw new CommandProblem(`wrangler could not finish: ${result.reason}\nThe same command again goes on from here.`)
  }
  for (const limit of limits) console.log(leftOutSentence(limit))
  const rest = limits.reduce((left, limit) => limit.without(left), settings)
  return await upload(survey, rest, command)
}

function secretsFlag({ secretsPath }: Generated): string[] {
  return secretsPath === undefined ? [] : ['--secrets-file', secretsPath]
}

function reported({ reports }: StepResult): { versionId: string | undefined; targets: readonly string[] } {
  const report = reports.findLast(({ type }) => type === 'deploy' || type === 'version-upload')
  return { versionId: report?.version_id, targets: report?.targets ?? [] }
}

/** wrangler only warns when this setting was not taken: it decides whether Cloudflare keeps the URLs of requests. */
export async function checkLogSetting({ account, project }: Survey, settings: Settings): Promise<void> {
  const { enabled, logs } = (settings.observability ?? {}) as { enabled?: boolean; logs?: { enabled?: boolean } }
  const wanted = logs?.enabled ?? enabled ?? false
  if (wanted || !(await keepsLogs(account, project.workerName))) return
  throw new CommandProblem(
    `Cloudflare still keeps logs of ${project.workerName}, with the URLs of requests, although the configuration ` +
      'switches them off. The same command again sets it.',
  )
}
