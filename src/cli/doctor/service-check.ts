// Asks the service itself: is it there, is it configured, do its bindings answer, and does its clock agree with ours.
import { parseJson } from '../../core/json.ts'
import { ok, problem, skipped, type Finding } from './finding.ts'
import type { Patient } from './patient.ts'

/** Clerk's tokens and webhooks and presigned URLs allow from 5 seconds to 15 minutes; a healthy clock needs none. */
const MAX_CLOCK_DIFFERENCE_SECONDS = 5

const BINDINGS = {
  database: ['DB', 'the D1 database is away, or has no tables: npx wrangler d1 migrations apply DB'],
  cache: ['CACHE', 'the KV namespace is away: see kv_namespaces in wrangler.toml'],
  storage: ['MEDIA', 'the R2 bucket is away: see r2_buckets in wrangler.toml'],
} as const

interface Health {
  readonly version: string
  readonly checks: Readonly<Record<string, string>>
  readonly problems?: readonly { readonly name: string; readonly reason: string }[]
}

/** The first finding is a problem when there is no service to examine at all. */
export async function checkService({ url, isRemote }: Patient): Promise<Finding[]> {
  const askedMs = Date.now()
  const response = await fetch(`${url}/api/health`).catch(() => undefined)
  const health = response && parseHealth(await response.text())
  if (response === undefined || health === undefined) {
    const advice = isRemote
      ? 'is it deployed there? npm run deploy, then give its address with --url'
      : 'start it: npm start'
    return [problem('service', `no lynxgate answers at ${url}`, advice)]
  }
  return [
    ok('service', `lynxgate ${health.version} at ${url}`),
    ...configurationFindings(health),
    ...bindingFindings(health),
    clockFinding(response.headers.get('Date'), askedMs),
  ]
}

function configurationFindings({ problems = [] }: Health): Finding[] {
  if (problems.length === 0) return [ok('configuration', 'complete')]
  return problems.map(({ name, reason }) =>
    problem(
      'configuration',
      `${name} ${reason}`,
      `set ${name} in the env file; a deployed service gets it with npm run deploy -- --secrets-file FILE`,
    ),
  )
}

function bindingFindings({ checks }: Health): Finding[] {
  // A service that is misconfigured asks no binding anything.
  if (checks['configuration'] !== 'ok') return [skipped('bindings', 'not asked while the configuration is wrong')]
  return Object.entries(BINDINGS).map(([check, [binding, advice]]) =>
    checks[check] === 'ok'
      ? ok(`binding ${binding}`, 'answers')
      : problem(`binding ${binding}`, 'does not answer', advice),
  )
}

function clockFinding(date: string | null, askedMs: number): Finding {
  if (date === null) return skipped('clock', 'the service tells no time: a local one has this machine’s')
  // The header has whole seconds, and the answer took its time.
  const differenceSeconds = Math.abs(Date.parse(date) - (askedMs + Date.now()) / 2) / 1000
  if (differenceSeconds <= MAX_CLOCK_DIFFERENCE_SECONDS) return ok('clock', 'agrees with this machine’s')
  const sentence = `${Math.round(differenceSeconds)} seconds apart from this machine’s`
  return problem('clock', sentence, 'set this machine’s clock by NTP; signatures and tokens depend on it')
}

function parseHealth(text: string): Health | undefined {
  const value = parseJson(text) as Partial<Health> | undefined
  if (typeof value?.version !== 'string' || typeof value.checks !== 'object') return undefined
  return { version: value.version, checks: value.checks, problems: value.problems ?? [] }
}
