// lynxgate's signatures without a playlist around them: what hashing alone takes, which nothing else can beat.
import { createPresigner } from '../../../src/core/sigv4/presigner.ts'
import { signText } from '../../../src/platform/wasm/signer.ts'
import { deriveKey } from '../../../src/platform/wasm/sha256.ts'
import { ACCESS_KEY_ID, BUCKET, ENDPOINT, EXPIRES_SECONDS, FOLDER, REGION, SECRET_ACCESS_KEY } from './place.ts'

const credentials = { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY, region: REGION }
const presigner = createPresigner(credentials, deriveKey)
let named: { readonly playlist: string; readonly names: readonly string[] } = { playlist: '', names: [] }

export function rewrite(playlist: string): number {
  if (named.playlist !== playlist) named = { playlist, names: namesOf(playlist) }
  const { names } = named
  const terms = {
    method: 'GET' as const,
    origin: ENDPOINT,
    signedAtSeconds: 1_790_000_000,
    expiresSeconds: EXPIRES_SECONDS,
  }
  const frame = presigner.frame(terms, `/${BUCKET}/${FOLDER}`)
  let bytes = 64 * names.length
  for (const chunk of signText({
    text: '',
    edits: [],
    names,
    groups: [{ frame, leaves: names.map((_, leaf) => leaf) }],
  })) {
    bytes += chunk.byteLength
  }
  return bytes
}

/** Each file once. */
function namesOf(playlist: string): string[] {
  return [...new Set(playlist.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#')))]
}
