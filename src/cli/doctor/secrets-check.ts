// Which secrets a deployed Worker holds, by name: those a delivery cannot do without. Values are nobody's to read.
import { runWrangler } from '../wrangler.ts'
import { loginAdvice } from './database-check.ts'
import { ok, problem, skipped, type Finding } from './finding.ts'
import type { Patient } from './patient.ts'

const OF_DELIVERY = {
  s3: ['S3_BUCKET', 'R2_ACCESS_KEY_ID', 'R2_SECRET_ACCESS_KEY'],
  edge: ['EDGE_SIGNING_SECRET'],
} as const

/** Names that are needed and neither deployed as secrets nor known to this terminal as plain variables. */
export async function checkSecrets(patient: Patient): Promise<Finding> {
  if (!patient.isRemote) return skipped('secrets', 'a local service has them in its env file')
  const environment = patient.environment === undefined ? [] : ['--env', patient.environment]
  const { code, output } = await runWrangler(['secret', 'list', '--format', 'json', ...environment])
  const present = code === 0 ? secretNames(output) : undefined
  if (present === undefined) return problem('secrets', 'wrangler could not list them', loginAdvice(patient))
  const has = (name: string): boolean => present.has(name) || patient.variable(name) !== undefined
  const delivery = patient.variable('DELIVERY') ?? (has('R2_ACCESS_KEY_ID') ? 's3' : 'edge')
  const needed = ['CLERK_ISSUER', ...OF_DELIVERY[delivery === 's3' ? 's3' : 'edge']]
  const missing = needed.filter((name) => !has(name))
  if (missing.length === 0) return ok('secrets', `${needed.join(', ')} are there`)
  return problem('secrets', `missing: ${missing.join(', ')}`, `npx wrangler secret put ${missing[0] ?? ''}, and so on`)
}

/** Names in wrangler's JSON, whatever it says around it; undefined when there is none. */
export function secretNames(output: string): ReadonlySet<string> | undefined {
  try {
    const list = JSON.parse(output.slice(output.indexOf('['), output.lastIndexOf(']') + 1)) as { name: string }[]
    return new Set(list.map(({ name }) => name))
  } catch {
    return undefined
  }
}
