// A signer of one's own over crypto.subtle, its key derived once a day: as far as the platform's own hashing goes.
import {
  UNSIGNED_PAYLOAD,
  awsDateTime,
  canonicalQuery,
  canonicalRequestTail,
  deriveSigningKey,
  stringToSignHead,
} from '../../../src/core/sigv4/steps.ts'
import { hex } from '../../../src/core/bytes.ts'
import { rewriteLines } from './lines.ts'
import { ACCESS_KEY_ID, ENDPOINT, EXPIRES_SECONDS, REGION, SECRET_ACCESS_KEY } from './place.ts'

const HMAC = { name: 'HMAC', hash: 'SHA-256' }
const encoder = new TextEncoder()
let key: CryptoKey | undefined

export async function rewrite(playlist: string): Promise<number> {
  const dateTime = awsDateTime(Math.floor(Date.now() / 1000))
  const scope = { date: dateTime.slice(0, 8), region: REGION, service: 's3' }
  key ??= await crypto.subtle.importKey('raw', deriveSigningKey(SECRET_ACCESS_KEY, scope), HMAC, false, ['sign'])
  const signingKey = key
  const query = canonicalQuery([
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${ACCESS_KEY_ID}/${scope.date}/${REGION}/s3/aws4_request`],
    ['X-Amz-Date', dateTime],
    ['X-Amz-Expires', String(EXPIRES_SECONDS)],
    ['X-Amz-SignedHeaders', 'host'],
  ])
  const host = new URL(ENDPOINT).host
  const tail = canonicalRequestTail({ canonicalQuery: query, headers: [['host', host]], payloadHash: UNSIGNED_PAYLOAD })
  const head = stringToSignHead(dateTime, scope)
  return await rewriteLines(playlist, async (url) => {
    const request = encoder.encode(`GET\n${url.slice(ENDPOINT.length)}${tail}`)
    const digest = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', request)))
    const signature = await crypto.subtle.sign(HMAC, signingKey, encoder.encode(head + digest))
    return `${url}?${query}&X-Amz-Signature=${hex(new Uint8Array(signature))}`
  })
}
