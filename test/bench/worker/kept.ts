// lynxgate's own path from a stored playlist to its answer below a session: everything is read and judged, nothing signed.
import { edgeDelivery } from '../../../src/domain/delivery/delivery.ts'
import { rewriteText } from '../../../src/domain/playback/stream-text.ts'
import { FOLDER, SECRET_ACCESS_KEY } from './place.ts'

const policy = { urlTtlSeconds: 3600, windowSeconds: 900 }
const delivery = edgeDelivery({ secret: SECRET_ACCESS_KEY, origin: undefined }, undefined, policy, () => Date.now())
const place = {
  path: 'index.m3u8',
  apiBase: '',
  origin: 'https://api.example.com',
  query: new Map<string, string>(),
  folder: FOLDER,
  storedAtMs: 0,
  links: 'kept',
} as const

export function rewrite(playlist: string): number {
  let bytes = 0
  for (const chunk of rewriteText({ delivery }, playlist, place)?.chunks ?? []) bytes += chunk.byteLength
  return bytes
}
