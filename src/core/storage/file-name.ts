// A user's file name → the name of an object. Pure: repairs what it can; the result is a safe last segment of a key.
import { utf8 } from '../bytes.ts'
import { isFilmExtension } from './media-type.ts'

/** What file systems allow, so that a download can have the name again. */
const MAX_NAME_BYTES = 255
const NAMELESS_STEM = 'video'

/**
 * Runs of whitespace become `_`; letters, marks and digits of any script and `-_.` stay; all else goes, separators
 * and control characters included. Never starts with a dot; the stem is `video` when nothing is left of it. Undefined
 * unless what remains has the extension of a film.
 */
export function sanitizeFileName(text: string): string | undefined {
  const clean = text
    .trim()
    .normalize('NFC')
    .replace(/\s+/gu, '_')
    .replace(/[^\p{L}\p{M}\p{N}._-]/gu, '')
    // What went may have stood between a letter and its accent.
    .normalize('NFC')
  const dot = clean.lastIndexOf('.')
  const extension = dot === -1 ? '' : clean.slice(dot + 1)
  if (!isFilmExtension(extension.toLowerCase())) return undefined
  const stem = cut(clean.slice(0, dot).replace(/^\.+/, ''), MAX_NAME_BYTES - extension.length - 1)
  return `${stem === '' ? NAMELESS_STEM : stem}.${extension}`
}

/** As many whole characters as fit into so many bytes of UTF-8. */
function cut(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text
  let kept = ''
  let bytes = 0
  for (const character of text) {
    bytes += utf8(character).byteLength
    if (bytes > maxBytes) break
    kept += character
  }
  return kept
}
