// Objects and presigned URLs of /media, made as the service makes them, with any part changed.
import { edgeCredentials, EDGE_REGION } from '../../src/core/sigv4/edge-credentials.ts'
import { createPresigner, type PresignInput } from '../../src/core/sigv4/presigner.ts'

export const SECRET = 'an edge signing secret of a test, 44 letters'
export const PREVIOUS_SECRET = 'the secret before the one of now, 41 letters'

export const EDGE_VARIABLES: Readonly<Record<string, string>> = {
  DELIVERY: 'edge',
  EDGE_SIGNING_SECRET: SECRET,
  R2_ACCESS_KEY_ID: '',
}

export interface SignMedia extends Partial<Omit<PresignInput, 'path'>> {
  readonly key: string
  readonly origin: string
  readonly signedAtSeconds: number
  readonly secret?: string
}

/** A presigned URL of one object; GET and an hour unless told. */
export function signMedia({ key, secret = SECRET, ...input }: SignMedia): string {
  const presigner = createPresigner({ ...edgeCredentials(secret), region: EDGE_REGION })
  return presigner.presign({ method: 'GET', expiresSeconds: 3600, ...input, path: `/media/${key}` })
}

/** Bytes that tell their position, so that a wrong range cannot look right. */
export function numberedBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let index = 0; index < length; index++) bytes[index] = (index * 31 + (index >> 8)) & 0xff
  return bytes
}
