// The bucket's own CORS policy, which decides in s3 delivery whether a player on a web page may read what it fetches.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runWrangler } from '../wrangler.ts'
import { ok, problem, skipped, type Finding } from './finding.ts'
import type { Patient } from './patient.ts'

/** What players send of their own accord: Common Media Client Data (CTA-5004), and Apple's id of a viewing. */
const PLAYER_HEADERS = [
  'cmcd-request',
  'cmcd-object',
  'cmcd-session',
  'cmcd-status',
  'cache-control',
  'x-playback-session-id',
]

/** A redirect between two origins makes a browser send `Origin: null`, so only `*` serves every player. */
export const POLICY = {
  rules: [
    {
      allowed: {
        origins: ['*'],
        methods: ['GET', 'HEAD', 'PUT'],
        headers: ['range', 'if-none-match', 'if-range', 'content-type', ...PLAYER_HEADERS],
      },
      exposeHeaders: ['Content-Length', 'Content-Range', 'Accept-Ranges', 'ETag', 'Date', 'Age'],
      maxAgeSeconds: 3600,
    },
  ],
}

/** Asks as a browser would before a player fetches a range of this presigned URL, without and with its own headers. */
export async function checkBucketCors(patient: Patient, presignedUrl: string | undefined): Promise<Finding> {
  if (presignedUrl === undefined)
    return skipped('bucket CORS', 'the file has no S3 endpoint with its keys, so players fetch from the service itself')
  // The local S3 endpoint answers pages of this machine only.
  const origin = patient.isRemote ? 'https://player.example' : 'http://localhost:1'
  const advice =
    'npm run doctor -- --remote --env-file FILE --fix sets a policy; it takes half a minute to be everywhere'
  if (!(await mayFetch(presignedUrl, origin, ['range']))) {
    return problem('bucket CORS', 'a player on a web page may not fetch ranges from the bucket', advice)
  }
  if (!(await mayFetch(presignedUrl, origin, ['range', ...PLAYER_HEADERS]))) {
    return problem('bucket CORS', 'a player that sends CMCD in headers may not fetch from the bucket', advice)
  }
  return ok('bucket CORS', 'players on any page may fetch ranges, with CMCD in headers too')
}

/** What a browser concludes from the answer to its preflight (Fetch standard, CORS-preflight fetch). */
async function mayFetch(url: string, origin: string, headers: readonly string[]): Promise<boolean> {
  const preflight = await fetch(url, {
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'GET',
      'Access-Control-Request-Headers': headers.toSorted().join(','),
    },
  }).catch(() => undefined)
  if (preflight?.ok !== true) return false
  const allowedOrigin = preflight.headers.get('Access-Control-Allow-Origin')
  const allowed = (preflight.headers.get('Access-Control-Allow-Headers') ?? '').toLowerCase().split(/\s*,\s*/)
  return (
    (allowedOrigin === '*' || allowedOrigin === origin) &&
    (allowed.includes('*') || headers.every((name) => allowed.includes(name)))
  )
}

/** Replaces the policy of the account's bucket. */
export async function setBucketCors(bucket: string, environment: string | undefined): Promise<Finding> {
  const folder = await mkdtemp(join(tmpdir(), 'lynxgate-cors-'))
  try {
    const file = join(folder, 'cors.json')
    await writeFile(file, JSON.stringify(POLICY))
    const place = environment === undefined ? [] : ['--env', environment]
    const { code } = await runWrangler(['r2', 'bucket', 'cors', 'set', bucket, '--file', file, '--force', ...place])
    if (code === 0)
      return ok('bucket CORS', `set for ${bucket}: any page may read, and upload where it was given a URL`)
    return problem(
      'bucket CORS',
      'wrangler could not set the policy',
      'npx wrangler login, or set CLOUDFLARE_API_TOKEN',
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
