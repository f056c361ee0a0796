// Would the Worker start with these variables? Asked of the very reader it uses, before anything is touched.
import { CommandProblem } from './command.ts'
import { readConfig } from '../config/config.ts'
import type { VariablesFile } from './variables-file.ts'
import type { Settings } from './project.ts'

/** Cloudflare takes no longer value. */
const MAX_VALUE_BYTES = 5 * 1024

/** Throws with every problem by name; returns names in the file that this configuration does not read. */
export function checkVariables(settings: Settings, variables: VariablesFile): string[] {
  const problems = problemsOf(settings, Object.fromEntries(variables))
  for (const [name, value] of variables) {
    if (Buffer.byteLength(value) > MAX_VALUE_BYTES) problems.push(`${name} is longer than ${MAX_VALUE_BYTES} bytes`)
    if (settings.vars[name] !== undefined) problems.push(`${name} stands in [vars] of the configuration too`)
  }
  if (problems.length > 0) {
    throw new CommandProblem(
      `The Worker would not start with these variables; nothing was touched.\n${lines(problems)}`,
    )
  }
  const read = namesRead(settings, Object.fromEntries(variables))
  return [...variables.keys()].filter((name) => !read.has(name))
}

/**
 * Without a file the secrets that are deployed stay, and only their names are known: whatever is wrong with one of
 * them is health's to say, but one that is missing is known here.
 */
export function checkDeployedNames(settings: Settings, secretNames: readonly string[]): void {
  const problems = missingVariables(settings, secretNames)
  if (problems.length === 0) return
  throw new CommandProblem(
    'The Worker would not start: give its variables with --secrets-file (see docs/production.env.example); ' +
      `nothing was touched.\n${lines(problems)}`,
  )
}

/** What is wrong whatever the values of these secrets are. */
export function missingVariables(settings: Settings, secretNames: readonly string[]): string[] {
  const deployed = Object.fromEntries(secretNames.map((name) => [name, 'deployed']))
  return problemsOf(settings, deployed, (name) => !secretNames.includes(name))
}

function problemsOf(
  settings: Settings,
  variables: Readonly<Record<string, string>>,
  counts: (name: string) => boolean = () => true,
): string[] {
  const env: Readonly<Record<string, unknown>> = { ...boundServices(settings), ...settings.vars, ...variables }
  const result = readConfig(env)
  const problems = result.ok ? [] : result.problems.filter(({ name }) => counts(name))
  return [...problems, ...onlyLocal(env)].map(({ name, reason }) => `${name} ${reason}`)
}

/** What is for trying things out on one's own machine. */
function onlyLocal({ LOCAL_CLIENT_FACTS: setting }: Readonly<Record<string, unknown>>) {
  return setting === 'on'
    ? [{ name: 'LOCAL_CLIENT_FACTS', reason: 'is for npm start only: viewers could say what country they are in' }]
    : []
}

/** A bound service is an object where the Worker reads it. */
function boundServices({ services, vpc_services = [] }: Settings): Record<string, object> {
  return Object.fromEntries([...services, ...vpc_services].map(({ binding }) => [binding, {}]))
}

function namesRead(settings: Settings, variables: Readonly<Record<string, string>>): Set<string> {
  const names = new Set<string>()
  const env: Record<string, unknown> = { ...boundServices(settings), ...settings.vars, ...variables }
  readConfig(
    new Proxy(env, {
      get(target, name) {
        names.add(String(name))
        return target[String(name)]
      },
    }),
  )
  return names
}

function lines(problems: readonly string[]): string {
  return problems.map((problem) => `  ${problem}`).join('\n')
}
