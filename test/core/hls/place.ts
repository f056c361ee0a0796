// One stream for the tests of the rewriter: its folder, its addresses, and a signer whose URLs are legible.
// Nothing here computes what the tests expect of the resolver.
import { encodePath } from '../../../src/core/uri-encoding.ts'
import type { UnsignedPlaylist, SignedReference, Place } from '../../../src/core/hls/assemble.ts'
import { rewriteJson as draftJson } from '../../../src/core/hls/json.ts'
import type { Malformed } from '../../../src/core/hls/malformed.ts'
import type { PlaylistInfo } from '../../../src/core/hls/playlist.ts'
import { type RewriteInput, rewritePlaylist } from '../../../src/core/hls/rewrite.ts'
import { rewriteStoryboard as draftStoryboard } from '../../../src/core/hls/storyboard.ts'
import { spliceUrls } from '../../../src/core/sigv4/signed-text.ts'

export const FOLDER = 'users/0b8c6f0e-2f0e-4f7a-9a34-6f1f2a9f3c11/hls/5f3e9a52-7d6b-4a0e-8f4c-0d6c7e9b1a22/'
export const API_BASE = '/api/playback/stream/5f3e9a52-7d6b-4a0e-8f4c-0d6c7e9b1a22/'
export const ORIGIN = 'https://api.example.com'
export const SIGNER = 'https://bucket.example.net/media/'

/** What the signer of the tests gives for a decoded path below the folder. */
export function signed(path: string): string {
  return `${SIGNER}${FOLDER}${encodePath(path)}?X-Amz-Signature=5160`
}

export function signAll(leaves: readonly SignedReference[]): readonly string[] {
  return leaves.map(({ name }) => signed(decodeURIComponent(name)))
}

interface Signing {
  readonly signAll: (leaves: readonly SignedReference[], info: PlaylistInfo | undefined) => readonly string[]
}
type Input = Partial<RewriteInput & Signing>

/** The text a player gets. */
interface Accepted {
  ok: true
  text: string
}

export function rewrite(text: string, overrides: Input = {}): (Accepted & { info: PlaylistInfo }) | Malformed {
  const input = { path: 'index.m3u8', apiBase: API_BASE, origin: ORIGIN, query: new Map<string, string>() }
  const result = rewritePlaylist(text, { ...input, ...overrides })
  if (!result.ok) return result
  return { ok: true, text: fill(result.draft, overrides.signAll, result.info), info: result.info }
}

export function rewriteStoryboard(text: string, input: Place & Partial<Signing>): Accepted | Malformed {
  const result = draftStoryboard(text, input)
  return result.ok ? { ok: true, text: fill(result.draft, input.signAll) } : result
}

export function rewriteJson(text: string, input: Place & Partial<Signing>): Accepted | Malformed {
  const result = draftJson(text, input)
  return result.ok ? { ok: true, text: fill(result.draft, input.signAll) } : result
}

function fill(draft: UnsignedPlaylist, sign: Signing['signAll'] = signAll, info?: PlaylistInfo): string {
  let position = 0
  for (const { start, end } of draft.edits) {
    if (start < position || end < start) throw new Error(`edits overlap at ${start}`)
    position = end
  }
  return spliceUrls(draft, draft.leaves.length === 0 ? [] : sign(draft.leaves, info))
}

/** The rewritten text; fails the test if the playlist is refused. */
export function rewritten(text: string, overrides: Input = {}): string {
  const result = rewrite(text, overrides)
  if (!result.ok) throw new Error(`line ${result.line}: ${result.reason}`)
  return result.text
}

/** Every leaf that the playlist asks to sign. */
export function leavesOf(text: string, overrides: Input = {}): readonly SignedReference[] {
  const seen: SignedReference[] = []
  rewritten(text, {
    ...overrides,
    signAll: (leaves) => {
      seen.push(...leaves)
      return signAll(leaves)
    },
  })
  return seen
}
