// Rewrites a playlist: leaves are to be presigned, what names other objects goes through our API, and all else stays
// byte for byte. Pure: signs nothing.

import type { Edit } from '../sigv4/signed-text.ts'
import { assemble, type UnsignedPlaylist, type Place } from './assemble.ts'
import type { Malformed } from './malformed.ts'
import { type Playlist, type PlaylistInfo, readPlaylist } from './playlist.ts'
import { stripServerControl } from './server-control.ts'
import { carriedVariables, carryVariables } from './variables.ts'

export interface RewriteInput extends Place {
  /** The query of the request for this playlist, decoded. */
  readonly query: ReadonlyMap<string, string>
}

export type Rewrite = { readonly ok: true; readonly draft: UnsignedPlaylist; readonly info: PlaylistInfo } | Malformed

/**
 * The playlist with every URI rewritten (RFC 8216bis §4), but for the leaves' URLs. Time and memory are linear in its
 * length. Never throws, whatever the text.
 */
export function rewritePlaylist(text: string, input: RewriteInput): Rewrite {
  const playlist = readPlaylist(text, input.query)
  if (!playlist.ok) return playlist
  const { info } = playlist
  const isMultivariant = info.kind === 'multivariant'
  const assembled = assemble(text, playlist.sites, {
    place: input,
    lineRole: isMultivariant ? 'playlist' : 'media',
    // A rendition report names a sibling, whose address holds what this playlist's own address holds.
    childQuery: carryVariables(isMultivariant ? playlist.variables : carriedVariables(input.query)),
    edits: repairs(text, playlist),
  })
  return assembled.ok ? { ok: true, draft: assembled.draft, info } : assembled
}

/** Removes what stops players, and what a static bucket cannot promise to those who reload. */
function repairs(text: string, playlist: Playlist): readonly Edit[] {
  const { contentStart, leftOut } = playlist
  const edits = leftOut.map((span) => ({ ...span, text: '' }))
  if (contentStart > 0) edits.push({ start: 0, end: contentStart, text: '' })
  if (playlist.info.isEnded) return edits
  for (const line of playlist.serverControls) {
    const edit = stripServerControl(text, line)
    if (edit !== undefined) edits.push({ ...edit, start: Math.max(edit.start, contentStart) })
  }
  return edits
}
