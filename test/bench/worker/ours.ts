// lynxgate's own path from a playlist to the bytes of its answer: sniffing, reading, resolving, signing, printing.
import { s3Delivery } from '../../../src/domain/delivery/delivery.ts'
import { rewriteText } from '../../../src/domain/playback/stream-text.ts'
import { signText } from '../../../src/platform/wasm/signer.ts'
import { deriveKey } from '../../../src/platform/wasm/sha256.ts'
import { ACCESS_KEY_ID, API_BASE, BUCKET, ENDPOINT, FOLDER, REGION, SECRET_ACCESS_KEY } from './place.ts'

const s3 = {
  endpoint: ENDPOINT,
  region: REGION,
  bucket: BUCKET,
  accessKeyId: ACCESS_KEY_ID,
  secretAccessKey: SECRET_ACCESS_KEY,
}
const policy = { urlTtlSeconds: 3600, windowSeconds: 900 }
const delivery = s3Delivery(s3, policy, () => Date.now(), { signText, deriveKey })
const place = {
  path: 'index.m3u8',
  apiBase: API_BASE,
  origin: 'https://api.example.com',
  query: new Map<string, string>(),
  folder: FOLDER,
  storedAtMs: 0,
}

export function rewrite(playlist: string): number {
  let bytes = 0
  for (const chunk of rewriteText({ delivery }, playlist, place)?.chunks ?? []) bytes += chunk.byteLength
  return bytes
}
