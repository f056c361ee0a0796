// Asks wrangler which migrations the database still lacks.
import { runWrangler } from '../wrangler.ts'
import { ok, problem, type Finding } from './finding.ts'
import { placeArguments, type Patient } from './patient.ts'

export async function checkMigrations(patient: Patient): Promise<Finding> {
  const place = placeArguments(patient)
  const { code, output } = await runWrangler(['d1', 'migrations', 'list', 'DB', ...place])
  if (code !== 0) return problem('migrations', 'wrangler could not list them', loginAdvice(patient))
  const pending = pendingMigrations(output)
  if (pending.length === 0) return ok('migrations', 'all applied')
  const advice = patient.isRemote
    ? `npx wrangler d1 migrations apply DB ${place.join(' ')}, or npm run deploy`
    : 'npm start applies them'
  return problem('migrations', `${pending.length} not applied: ${pending.join(', ')}`, advice)
}

/** File names in wrangler's table. */
export function pendingMigrations(output: string): string[] {
  return [...output.matchAll(/\b\d{4}_[\w-]+\.sql\b/g)].map(([name]) => name)
}

/** Nearly always the reason why wrangler cannot ask an account. */
export function loginAdvice({ isRemote }: Patient): string {
  return isRemote ? 'npx wrangler login, or set CLOUDFLARE_API_TOKEN' : 'start the service once: npm start'
}
