// What the engine's answers say to those who had a film analysed. Pure.
import { isRecord, parseJson } from '../json.ts'

const MAX_REASON_LENGTH = 500

/** Why something failed: of an envelope's error, or of the job in it. Undefined where nothing readable is said. */
export function readEngineReason(text: string | undefined): {
  readonly code: string | undefined
  readonly text: string | undefined
} {
  const envelope = text === undefined ? undefined : parseJson(text)
  if (!isRecord(envelope)) return { code: undefined, text: undefined }
  const { error, data } = envelope
  const job = isRecord(data) ? data : {}
  const inJob = isRecord(job['error']) ? job['error']['detail'] : (job['error'] ?? job['error_message'])
  const words = isRecord(error) ? error['detail'] : inJob
  const code = isRecord(error) && typeof error['code'] === 'string' ? error['code'] : undefined
  return { code, text: typeof words === 'string' ? words.toWellFormed().slice(0, MAX_REASON_LENGTH) : undefined }
}

/** `file://` names a file of the engine's own machine, which nobody can fetch: null in its place. */
export function withoutLocalFiles(value: unknown): unknown {
  if (typeof value === 'string') return /^\s*file:/i.test(value) ? null : value
  if (Array.isArray(value)) return value.map(withoutLocalFiles)
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutLocalFiles(member)]))
}
