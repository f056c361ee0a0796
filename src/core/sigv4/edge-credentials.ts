// The credentials that a secret of this service stands for, so that its own URLs are ordinary presigned URLs. Pure.
import { hex, utf8 } from '../bytes.ts'
import { hmacKey, hmacSha256 } from '../sha256.ts'

/** Cloudflare R2's only region, and the one this service signs its own URLs for. */
export const EDGE_REGION = 'auto'

export interface EdgeCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/**
 * The key id is made from the secret, one way: a URL then names its secret without a table of names, and
 * rotation is a matter of secrets alone.
 */
export function edgeCredentials(secret: string): EdgeCredentials {
  const digest = hex(hmacSha256(hmacKey(utf8(secret)), utf8('lynxgate edge key id')))
  return { accessKeyId: `edge-${digest.slice(0, 16)}`, secretAccessKey: secret }
}
