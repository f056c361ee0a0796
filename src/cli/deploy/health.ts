// Does what was deployed work? Its own health, and a URL signed with the secrets of the file, asked where it answers.
// Nothing is written: the whole round trip, with an upload, is the doctor's.
import { isRecord, parseJson } from '../../core/json.ts'
import { edgeProbeUrl, s3ProbeUrl } from '../doctor/round-trip.ts'
import type { VariablesFile } from '../variables-file.ts'

export type Verdict =
  | { readonly state: 'ok'; readonly sentence: string }
  | { readonly state: 'degraded'; readonly sentence: string }
  /** It answers, and cannot work. */
  | { readonly state: 'down'; readonly sentence: string }
  /** Nothing that is known to be this Worker answers. */
  | { readonly state: 'silent'; readonly sentence: string }

/** Which version is to answer, of a Worker with several live ones. */
export interface Addressee {
  readonly url: string
  readonly workerName: string
  readonly versionId: string | undefined
}

interface Health {
  readonly status?: string
  readonly version?: string
  readonly checks?: Readonly<Record<string, string>>
  readonly problems?: readonly { readonly name: string; readonly reason: string }[]
}

const TIMEOUT_MS = 5000
const PAUSE_MS = 1000

/** Asks until the answer is good or the time is over: a deployment takes seconds to be everywhere. */
export async function settledHealth(to: Addressee, withinMs: number): Promise<Verdict> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const verdict = await askHealth(to)
    // An address that is new becomes known in a minute or so: nothing to wait for here.
    const endMs = verdict.state === 'silent' ? deadline - withinMs / 2 : deadline
    if (verdict.state === 'ok' || Date.now() + PAUSE_MS > endMs) return verdict
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

export async function askHealth({ url, workerName, versionId }: Addressee): Promise<Verdict> {
  // Cloudflare sends the request to this version, whatever its share is.
  const headers =
    versionId === undefined ? {} : { 'Cloudflare-Workers-Version-Overrides': `${workerName}="${versionId}"` }
  const response = await fetch(`${url}/api/health`, {
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => undefined)
  if (response === undefined) return { state: 'silent', sentence: `Nothing answers at ${url} yet.` }
  const health = parse(await response.text().catch(() => ''))
  if (health?.status === undefined) {
    const state = response.status >= 500 ? 'down' : 'silent'
    return { state, sentence: `What answers at ${url} is not the service (status ${response.status}).` }
  }
  if (health.status === 'ok') return { state: 'ok', sentence: `${url} answers: ok, version ${health.version}.` }
  const state = health.status === 'degraded' ? 'degraded' : 'down'
  return { state, sentence: `${url} answers: ${health.status} (${reasons(health)}).` }
}

/** Each problem by name; without problems the parts that are down. */
function reasons({ checks = {}, problems = [] }: Health): string {
  if (problems.length > 0) return problems.map(({ name, reason }) => `${name} ${reason}`).join('; ')
  const down = Object.entries(checks).filter(([, state]) => state !== 'ok')
  return down.map(([name]) => `${name} is down`).join(', ') || 'no reason given'
}

function parse(text: string): Health | undefined {
  const value = parseJson(text)
  return isRecord(value) ? value : undefined
}

/** One sentence for each delivery the file has the secrets of: is a URL that they sign taken? */
export async function checkSignatures(url: string, variables: VariablesFile): Promise<Verdict[]> {
  const patient = { url, variables }
  const probes = [
    ['s3 delivery', s3ProbeUrl(patient)],
    ['edge delivery', edgeProbeUrl(patient)],
  ] as const
  const verdicts: Verdict[] = []
  for (const [subject, probe] of probes) {
    if (probe !== undefined) verdicts.push(await checkSignature(subject, probe))
  }
  return verdicts
}

/** The object is not there: 404 says that the signature was taken, 403 that it was not. */
async function checkSignature(subject: string, url: string): Promise<Verdict> {
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    () => undefined,
  )
  if (response === undefined) return { state: 'silent', sentence: `${subject}: nothing answers a signed URL.` }
  if (response.status === 404) return { state: 'ok', sentence: `${subject}: a signed URL is taken.` }
  // Of an object that is not there, some S3 services say "AccessDenied" to a key that may not list.
  const isRefused = [401, 403].includes(response.status) && !(await response.text()).includes('AccessDenied')
  const sentence = `${subject}: a signed URL is answered with ${response.status}`
  if (!isRefused) return { state: 'degraded', sentence: `${sentence}.` }
  return { state: 'down', sentence: `${sentence}: the secrets of the file are not those that count there.` }
}
