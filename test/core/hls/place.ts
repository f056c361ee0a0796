// One stream for the tests of the rewriter: its folder, its addresses, and a signer that anybody can read.
// Nothing here computes what the tests expect of the resolver.
import { encodePath } from '../../../src/core/uri-encoding.ts'
import type { Leaf } from '../../../src/core/hls/assemble.ts'
import { type Rewrite, type RewriteInput, rewritePlaylist } from '../../../src/core/hls/rewrite.ts'

export const FOLDER = 'users/0b8c6f0e-2f0e-4f7a-9a34-6f1f2a9f3c11/hls/5f3e9a52-7d6b-4a0e-8f4c-0d6c7e9b1a22/'
export const API_BASE = '/api/playback/stream/5f3e9a52-7d6b-4a0e-8f4c-0d6c7e9b1a22/'
export const ORIGIN = 'https://api.example.com'
export const SIGNER = 'https://bucket.example.net/media/'

/** What the signer of the tests gives for a decoded path below the folder. */
export function signed(path: string): string {
  return `${SIGNER}${FOLDER}${encodePath(path)}?X-Amz-Signature=5160`
}

export function signAll(leaves: readonly Leaf[]): readonly string[] {
  return leaves.map(({ path }) => signed(path))
}

export function rewrite(text: string, overrides: Partial<RewriteInput> = {}): Rewrite {
  const input = { path: 'index.m3u8', apiBase: API_BASE, origin: ORIGIN, query: new Map<string, string>(), signAll }
  return rewritePlaylist(text, { ...input, ...overrides })
}

/** The rewritten text; fails the test if the playlist is refused. */
export function rewritten(text: string, overrides: Partial<RewriteInput> = {}): string {
  const result = rewrite(text, overrides)
  if (!result.ok) throw new Error(`line ${result.line}: ${result.reason}`)
  return result.text
}

/** Every leaf that the playlist asks to sign. */
export function leavesOf(text: string, overrides: Partial<RewriteInput> = {}): readonly Leaf[] {
  const seen: Leaf[] = []
  rewritten(text, {
    ...overrides,
    signAll: (leaves) => {
      seen.push(...leaves)
      return signAll(leaves)
    },
  })
  return seen
}
