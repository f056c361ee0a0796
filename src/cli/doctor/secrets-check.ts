// Which secrets a deployed Worker holds, by name: whether it can start with them, and whether they are those of the
// file. Values cannot be read back.
import { isRecord, parseJson } from '../../core/json.ts'
import { missingVariables } from '../variables-check.ts'
import type { Settings } from '../project.ts'
import { runWrangler } from '../wrangler.ts'
import { loginAdvice } from './database-check.ts'
import { ok, problem, skipped, type Finding } from './finding.ts'
import type { Patient } from './patient.ts'

export async function checkSecrets(patient: Patient, settings: Settings): Promise<Finding> {
  if (!patient.isRemote) return skipped('secrets', 'a local service has them in its env file')
  const environment = patient.environment === undefined ? [] : ['--env', patient.environment]
  // wrangler's warnings are on stderr, and are not part of its answer.
  const { code, stdout } = await runWrangler(['secret', 'list', '--format', 'json', ...environment])
  const deployed = code === 0 ? secretNames(stdout) : undefined
  if (deployed === undefined) return problem('secrets', 'wrangler could not list them', loginAdvice(patient))
  const missing = missingVariables(settings, [...deployed])
  const undeployed = [...patient.variables.keys()].filter((name) => !deployed.has(name))
  const leftOver = [...deployed].filter((name) => !patient.variables.has(name))
  const wrong = [
    ...(missing.length === 0 ? [] : [`missing: ${missing.join('; ')}`]),
    ...(undeployed.length === 0 ? [] : [`in the file and not deployed: ${undeployed.join(', ')}`]),
    ...(leftOver.length === 0 ? [] : [`deployed and not in the file: ${leftOver.join(', ')}`]),
  ]
  if (wrong.length === 0) return ok('secrets', `deployed as in the file: ${[...deployed].join(', ')}`)
  return problem('secrets', wrong.join('; '), 'npm run deploy -- --secrets-file FILE makes them equal')
}

/** Names in wrangler's JSON; undefined when it answered with something else. */
export function secretNames(stdout: string): ReadonlySet<string> | undefined {
  const secrets = parseJson(stdout)
  if (!Array.isArray(secrets)) return undefined
  return new Set(
    secrets.flatMap((secret) => (isRecord(secret) && typeof secret['name'] === 'string' ? secret['name'] : [])),
  )
}
