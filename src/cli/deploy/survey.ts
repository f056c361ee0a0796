// What the account has of what the configuration names. Only asks: a plan is printed from it, and a deployment begins
// with it, so both say the same.
import { CommandProblem, usageProblem } from '../command.ts'
import type { VariablesFile } from '../variables-file.ts'
import { openAccount, workersDevDomain, type Account } from './account.ts'
import { pendingMigrations } from './database.ts'
import type { Order } from './order.ts'
import { firstRoute, missingBindings, readProject, usesWorkersDev, type Project } from '../project.ts'
import { findResources, resourceNeeds, sharedResources, type Resource } from './resources.ts'
import { checkDeployedNames, checkVariables } from '../variables-check.ts'
import { findWorker, type LiveWorker } from './worker.ts'

export interface Survey {
  readonly account: Account
  readonly project: Project
  /** Undefined: none of this name was ever deployed. */
  readonly worker: LiveWorker | undefined
  readonly resources: readonly Resource[]
  readonly pending: readonly string[]
  /** Undefined: no file was given, and the deployed secrets stay. */
  readonly variables: VariablesFile | undefined
  /** In the file, and read by nothing in this configuration. */
  readonly unread: readonly string[]
  /** Deployed, and no longer in the file. */
  readonly removed: readonly string[]
  /** The button's first build: Cloudflare may set the variables that were typed there only after it. */
  readonly isBeforeVariables: boolean
  /** Where the service answers. */
  readonly url: string
}

/** The configuration, checked without any request; wrong use and wrong variables end here. */
export async function readOrderedProject(order: Order): Promise<Project> {
  const project = await readProject(order.config, order.environment)
  const missing = missingBindings(project.settings)
  if (missing.length > 0) {
    const where = order.environment === undefined ? project.configPath : `[env.${order.environment}]`
    throw new CommandProblem(
      `${where} lacks ${missing.join(', ')}: an environment inherits no bindings. README, Deploy, has a whole block.`,
    )
  }
  const [shared] = order.sharedData ? [] : sharedResources(project)
  if (shared !== undefined) {
    throw usageProblem(
      `${shared.with} stores in the same ${shared.need.kind} ${shared.need.name}: ` +
        'give each environment its own name, or say --shared-data if that is meant.',
    )
  }
  return project
}

export async function surveyAccount(project: Project, order: Order): Promise<Survey> {
  const { variables } = order
  const unread = variables === undefined ? [] : checkVariables(project.settings, variables)
  const account = await openAccount(project.settings.account_id)
  const worker = await findWorker(account, project.workerName)
  const secretNames = worker?.secretNames ?? []
  const isBeforeVariables = variables === undefined && secretNames.length === 0 && isWorkersBuild()
  if (variables === undefined && !isBeforeVariables) checkDeployedNames(project.settings, secretNames)
  const needsWorkersDev = usesWorkersDev(project.settings)
  const domain = needsWorkersDev ? await workersDevDomain(account) : ''
  const resources = await findResources(account, resourceNeeds(project))
  const database = resources.find(({ kind, bindings }) => kind === 'D1 database' && bindings.includes('DB'))
  return {
    account,
    project,
    worker,
    resources,
    pending: await pendingMigrations(account, project, database?.id),
    variables,
    unread,
    isBeforeVariables,
    removed: order.keepSecrets ? [] : removedSecrets(worker, variables),
    url: order.url ?? firstRoute(project.settings) ?? `https://${project.workerName}.${domain}`,
  }
}

/** Cloudflare's own CI, which the button sets up. */
function isWorkersBuild(): boolean {
  return process.env['WORKERS_CI'] === '1'
}

function removedSecrets(worker: LiveWorker | undefined, variables: VariablesFile | undefined): string[] {
  if (variables === undefined) return []
  return (worker?.secretNames ?? []).filter((name) => !variables.has(name))
}

const NO_VARIABLES = '  note   no variable is deployed yet: until then the Worker only says what is missing'

/** Lines for a person, what is there and what would be made or changed. */
export function describeSurvey(survey: Survey): string[] {
  const { account, project, worker, resources, pending, variables, unread, removed, url } = survey
  const where = project.environment === undefined ? '' : ` ([env.${project.environment}])`
  return [
    `Worker ${project.workerName}${where} in account ${account.id}: ${worker === undefined ? 'new' : 'deployed before'}`,
    ...resources.map(({ kind, name, id, bindings }) => {
      const use = bindings.length === 0 ? '' : ` (${bindings.join(', ')})`
      return `  ${id === undefined ? 'make  ' : 'found '} ${kind} ${name}${use}`
    }),
    pending.length === 0 ? '  found  every migration applied' : `  apply  ${pending.join(', ')}`,
    ...(variables === undefined
      ? [survey.isBeforeVariables ? NO_VARIABLES : '  keep   the secrets that are deployed']
      : [`  set    ${[...variables.keys()].join(', ')}`]),
    ...(removed.length === 0 ? [] : [`  remove ${removed.join(', ')}: deployed, and not in the file`]),
    ...(unread.length === 0 ? [] : [`  note   nothing reads ${unread.join(', ')} in this configuration`]),
    `  deploy the Worker, at ${url}`,
  ]
}
