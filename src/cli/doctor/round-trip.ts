// A signed round trip: an object is uploaded, fetched, refused and removed with URLs that are made here exactly as the
// service makes them. What fails says which setting is wrong.
import { parseKnownKey } from '../../core/storage/object-key.ts'
import { edgeDelivery, s3Delivery, type Delivery } from '../../domain/delivery/delivery.ts'
import { s3Target, type EdgeEndpoint, type S3Endpoint } from '../../domain/delivery/signing-target.ts'
import { runWrangler } from '../wrangler.ts'
import { ok, problem, skipped, type Finding } from './finding.ts'
import { placeArguments, variableOf, type Patient } from './patient.ts'

const CONTENT = 'lynxgate doctor: this object may be deleted'
const TYPE = 'video/mp4'
const MISSING_KEY = 'doctor/none.mp4'
const POLICY = { urlTtlSeconds: 600, windowSeconds: 1 }

/** The S3 endpoint the service signs for; undefined when it has none. */
export function s3Of(patient: Pick<Patient, 'variables'>): S3Endpoint | undefined {
  const variable = (name: string) => variableOf(patient, name)
  const accountId = variable('R2_ACCOUNT_ID')
  const endpoint = variable('S3_ENDPOINT') ?? (accountId && `https://${accountId}.r2.cloudflarestorage.com`)
  const bucket = variable('S3_BUCKET')
  const accessKeyId = variable('R2_ACCESS_KEY_ID')
  const secretAccessKey = variable('R2_SECRET_ACCESS_KEY')
  if (!endpoint || !bucket || !accessKeyId || !secretAccessKey) return undefined
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    region: variable('S3_REGION') ?? 'auto',
    bucket,
    accessKeyId,
    secretAccessKey,
  }
}

export function edgeOf(patient: Pick<Patient, 'variables'>): EdgeEndpoint | undefined {
  const secret = variableOf(patient, 'EDGE_SIGNING_SECRET')
  const origin = variableOf(patient, 'EDGE_ORIGIN')?.replace(/\/$/, '')
  return secret === undefined ? undefined : { origin, secret }
}

/** A presigned URL of the S3 endpoint, whether the object is there or not. */
export function s3ProbeUrl(patient: Pick<Patient, 'url' | 'variables'>): string | undefined {
  const s3 = s3Of(patient)
  return s3 && linkOf(s3Delivery(s3, POLICY, Date.now), 'GET', patient.url, MISSING_KEY)
}

/** A presigned URL of the Worker's own /media, of an object that is not there. */
export function edgeProbeUrl(patient: Pick<Patient, 'url' | 'variables'>): string | undefined {
  const edge = edgeOf(patient)
  return edge && linkOf(edgeDelivery(edge, undefined, POLICY, Date.now), 'GET', patient.url, MISSING_KEY)
}

export async function checkS3(patient: Patient): Promise<Finding[]> {
  const s3 = s3Of(patient)
  if (s3 === undefined) return [skipped('s3 delivery', 'the file has no S3 endpoint with its keys')]
  const key = newKey()
  try {
    return await roundTrip('s3 delivery', s3Delivery(s3, POLICY, Date.now), patient.url, key)
  } finally {
    await removeThroughS3(s3, patient.url, key)
  }
}

export async function checkEdge(patient: Patient): Promise<Finding[]> {
  const edge = edgeOf(patient)
  if (edge === undefined) return [skipped('edge delivery', 'the file has no EDGE_SIGNING_SECRET')]
  const s3 = s3Of(patient)
  const key = newKey()
  try {
    return await roundTrip('edge delivery', edgeDelivery(edge, undefined, POLICY, Date.now), patient.url, key)
  } finally {
    if (s3 === undefined) await removeThroughWrangler(patient, key)
    else await removeThroughS3(s3, patient.url, key)
  }
}

/** Stops at the first step that fails: what comes after would fail for the same reason. */
async function roundTrip(subject: string, delivery: Delivery, origin: string, key: string): Promise<Finding[]> {
  const url = linkOf(delivery, 'GET', origin, key)
  const terms = { origin, expiresSeconds: 600, contentType: TYPE, sizeBytes: CONTENT.length }
  const [uploadUrl = ''] = delivery.upload([key], terms).urls
  const findings: Finding[] = []
  const steps: readonly (readonly [done: string, advice: string, step: () => Promise<string | undefined>])[] = [
    [
      'a signed upload is taken',
      'the secret, the endpoint or the bucket differs from the service’s; or the token may not write',
      async () =>
        expectStatus(await ask(uploadUrl, { method: 'PUT', body: CONTENT, headers: { 'Content-Type': TYPE } }), 200),
    ],
    [
      'a signed URL gives the bytes back, as video/mp4',
      'the token may not read, or a proxy in between changes the answer',
      async () => {
        const response = await ask(url)
        if (response?.status !== 200) return expectStatus(response, 200)
        if ((await response.text()) !== CONTENT) return 'other bytes came back'
        return response.headers.get('Content-Type') === TYPE
          ? undefined
          : `the type is ${response.headers.get('Content-Type')}`
      },
    ],
    [
      'HEAD has its length',
      'a proxy in between changes the answer',
      async () => {
        const response = await ask(linkOf(delivery, 'HEAD', origin, key), { method: 'HEAD' })
        const length = response?.headers.get('Content-Length')
        return (
          expectStatus(response, 200) ?? (length === String(CONTENT.length) ? undefined : `the length is ${length}`)
        )
      },
    ],
    [
      'a Range is answered with that range, and one behind the end with 416',
      'a proxy in between drops the Range header: players cannot seek',
      async () => {
        const part = await ask(url, { headers: { Range: 'bytes=9-14' } })
        if (part?.status !== 206) return expectStatus(part, 206)
        if ((await part.text()) !== CONTENT.slice(9, 15)) return 'other bytes came back'
        return expectStatus(await ask(url, { headers: { Range: 'bytes=1000-' } }), 416)
      },
    ],
    [
      'a URL that was changed is refused',
      'whatever answers there does not look at signatures: is the bucket public?',
      async () => expectStatus(await ask(url.replace(key, `${key}4`)), 403),
    ],
  ]
  for (const [done, advice, step] of steps) {
    const failure = await step()
    if (failure !== undefined) return [...findings, problem(subject, `${done}: no, ${failure}`, advice)]
    findings.push(ok(subject, done))
  }
  return findings
}

function linkOf(delivery: Delivery, method: 'GET' | 'HEAD', origin: string, name: string): string {
  const key = parseKnownKey(name)
  if (key === undefined) throw new TypeError('not an object key')
  return delivery.link({ method, key, origin, playingSeconds: 0 }).url
}

async function ask(url: string, init: RequestInit = {}): Promise<Response | undefined> {
  return await fetch(url, { redirect: 'manual', ...init }).catch(() => undefined)
}

/** What came instead, in a few words; the rest of the answer is not read. */
async function expectStatus(response: Response | undefined, status: number): Promise<string | undefined> {
  if (response === undefined) return 'nothing answers there'
  const text = (await response.text()).replace(/\s+/g, ' ').slice(0, 120)
  return response.status === status ? undefined : `${response.status} came instead of ${status} ${text}`.trim()
}

/** Outside every user's folder. */
function newKey(): string {
  return `doctor/${crypto.randomUUID()}.mp4`
}

async function removeThroughS3(s3: S3Endpoint, origin: string, key: string): Promise<void> {
  const target = s3Target(s3)
  const url = target.presigner.presign({
    method: 'DELETE',
    origin: target.origin ?? origin,
    path: target.prefix + key,
    signedAtSeconds: Math.floor(Date.now() / 1000),
    expiresSeconds: 600,
  })
  await ask(url, { method: 'DELETE' })
}

async function removeThroughWrangler(patient: Patient, key: string): Promise<void> {
  await runWrangler(['r2', 'object', 'delete', `${patient.bucket}/${key}`, ...placeArguments(patient)])
}
