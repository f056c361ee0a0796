// The bucket's own CORS policy, which decides in s3 delivery whether a player on a web page may read what it fetches.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runWrangler } from '../wrangler.ts'
import { ok, problem, skipped, type Finding } from './finding.ts'
import type { Patient } from './patient.ts'

/** A redirect between two origins makes a browser send `Origin: null`, so only `*` serves every player. */
const POLICY = {
  rules: [
    {
      allowed: {
        origins: ['*'],
        methods: ['GET', 'HEAD', 'PUT'],
        headers: ['range', 'if-none-match', 'if-range', 'content-type'],
      },
      exposeHeaders: ['Content-Length', 'Content-Range', 'Accept-Ranges', 'ETag', 'Date', 'Age'],
      maxAgeSeconds: 3600,
    },
  ],
}

/** Asks as a browser would before it fetches a range of this presigned URL. */
export async function checkBucketCors(patient: Patient, presignedUrl: string | undefined): Promise<Finding> {
  if (presignedUrl === undefined) return skipped('bucket CORS', 'no S3 endpoint is configured')
  // The local S3 endpoint answers pages of this machine only.
  const origin = patient.isRemote ? 'https://player.example' : 'http://localhost:1'
  const preflight = await fetch(presignedUrl, {
    method: 'OPTIONS',
    headers: { Origin: origin, 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'range' },
  }).catch(() => undefined)
  const allowed = preflight?.headers.get('Access-Control-Allow-Origin')
  const isOpen = preflight?.ok === true && (allowed === '*' || allowed === origin)
  if (isOpen) return ok('bucket CORS', 'players on any page may fetch ranges')
  return problem(
    'bucket CORS',
    'a player on a web page may not fetch ranges from the bucket',
    'npm run doctor -- --remote --fix sets a policy; it takes half a minute to be everywhere',
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
