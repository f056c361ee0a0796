// The body of POST /jobs, read only for the videos it names; the same bytes are forwarded. Pure.
import { parseEngineId, type EngineId } from './ids.ts'

/** The members through which a job reaches a video. */
const VIDEO_MEMBERS = ['video_id', 'template_video_id'] as const

export type JobRequest =
  | { readonly ok: true; readonly videoIds: readonly EngineId[] }
  | { readonly ok: false; readonly reason: 'not_json' }
  | { readonly ok: false; readonly reason: 'invalid'; readonly detail: string }

/**
 * The videos a job would use. An absent or null member is the engine's to refuse. A member given twice is refused:
 * which of the two counts is where two JSON parsers differ, and the engine's is not this one (RFC 8259 §4).
 */
export function readJobRequest(text: string): JobRequest {
  const names = memberNames(text)
  if (names === 'not_json') return { ok: false, reason: 'not_json' }
  if (names === 'not_object') return invalid('body: must be an object')
  const body = JSON.parse(text) as Readonly<Record<string, unknown>>
  const videoIds: EngineId[] = []
  for (const member of VIDEO_MEMBERS) {
    if (names.filter((name) => name === member).length > 1) return invalid(`${member}: is given more than once`)
    const value = names.includes(member) ? body[member] : undefined
    if (value === undefined || value === null) continue
    const id = parseEngineId(value)
    if (id === undefined) return invalid(`${member}: must be 1 to 128 letters, digits, dots, underscores, ~ or -`)
    videoIds.push(id)
  }
  return { ok: true, videoIds }
}

function invalid(detail: string): JobRequest {
  return { ok: false, reason: 'invalid', detail }
}

/** The names of the outermost object, decoded, in order, and as often as they stand there. */
function memberNames(text: string): readonly string[] | 'not_json' | 'not_object' {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'not_json'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not_object'
  // The text is valid JSON from here on, so strings and brackets are all there is to tell apart.
  const names: string[] = []
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    const mark = text.charAt(index)
    if (mark === '{' || mark === '[') depth++
    else if (mark === '}' || mark === ']') depth--
    else if (mark === '"') {
      const end = stringEnd(text, index)
      let next = end
      while (/\s/.test(text.charAt(next))) next++
      if (depth === 1 && text.charAt(next) === ':') names.push(JSON.parse(text.slice(index, end)) as string)
      index = end - 1
    }
  }
  return names
}

/** Behind the closing quote of the string that opens at `start`. */
function stringEnd(text: string, start: number): number {
  let index = start + 1
  while (text.charAt(index) !== '"') index += text.charAt(index) === '\\' ? 2 : 1
  return index + 1
}
