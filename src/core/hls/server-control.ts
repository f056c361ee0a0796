// Takes from EXT-X-SERVER-CONTROL what a bucket of static objects cannot keep (RFC 8216bis §4.4.3.8, §6.2.5).
// Pure; knows of no other tag.

import type { Edit } from '../sigv4/signed-text.ts'
import { readAttributes } from './attributes.ts'
import { findCode, type Line } from './lines.ts'

const COLON = 0x3a
const PROMISES = new Set(['CAN-BLOCK-RELOAD', 'CAN-SKIP-UNTIL', 'CAN-SKIP-DATERANGES'])

/**
 * The edit that drops blocking reload and delta updates from the tag on this line, or the whole line if nothing
 * else is left. Undefined if there is nothing to drop or the attribute list is malformed: players then ignore it too.
 */
export function stripServerControl(text: string, line: Line): Edit | undefined {
  const start = Math.min(findCode(text, COLON, line.start, line.end) + 1, line.end)
  const attributes = readAttributes(text, start, line.end)
  if (attributes === undefined) return undefined
  const kept = attributes.filter(({ name }) => !PROMISES.has(name))
  if (kept.length === attributes.length) return undefined
  if (kept.length === 0) return { start: line.from, end: line.next, text: '' }
  const pieces = kept.map(({ from, end, isQuoted }) => text.slice(from, isQuoted ? end + 1 : end))
  return { start, end: line.end, text: pieces.join(',') }
}
