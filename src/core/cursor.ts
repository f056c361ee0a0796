// Where a list goes on, as a token a client hands back. Pure. A cursor holds a position and no permission: whoever
// reads it still asks for the caller's own rows only.
import { decodeBase64url, encodeBase64url, utf8 } from './bytes.ts'
import { parseUuid } from './uuid.ts'

export interface VideoPosition {
  readonly createdAtMs: number
  readonly jobId: string
}

const VIDEO_CURSOR = /^([0-9a-z]{1,9})_([0-9a-f]{32})$/
/** The last millisecond a Date can name. */
const MAX_TIME_MS = 8.64e15

export function encodeVideoCursor({ createdAtMs, jobId }: VideoPosition): string {
  return `${createdAtMs.toString(36)}_${jobId.replaceAll('-', '')}`
}

/** Undefined for anything `encodeVideoCursor` does not write. */
export function decodeVideoCursor(cursor: string): VideoPosition | undefined {
  const [, time, digits] = VIDEO_CURSOR.exec(cursor) ?? []
  if (time === undefined || digits === undefined) return undefined
  const createdAtMs = Number.parseInt(time, 36)
  const jobId = parseUuid(digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'))
  if (jobId === undefined || createdAtMs > MAX_TIME_MS) return undefined
  const position = { createdAtMs, jobId }
  return encodeVideoCursor(position) === cursor ? position : undefined
}

export interface ReportPosition {
  readonly createdAtMs: number
  readonly id: string
}

/** The form of a list of videos serves: a report's id is a UUID too. */
export function encodeReportCursor({ createdAtMs, id }: ReportPosition): string {
  return encodeVideoCursor({ createdAtMs, jobId: id })
}

/** Undefined for anything `encodeReportCursor` does not write. */
export function decodeReportCursor(cursor: string): ReportPosition | undefined {
  const position = decodeVideoCursor(cursor)
  return position && { createdAtMs: position.createdAtMs, id: position.jobId }
}

export interface UploadPosition {
  readonly createdAtMs: number
  readonly uploadId: string
}

export function encodeUploadCursor({ createdAtMs, uploadId }: UploadPosition): string {
  return encodeKeyCursor(`${createdAtMs.toString(36)}_${uploadId}`)
}

/** Undefined for anything `encodeUploadCursor` does not write. */
export function decodeUploadCursor(cursor: string): UploadPosition | undefined {
  const [, time, uploadId] = /^([0-9a-z]{1,9})_(.+)$/s.exec(decodeKeyCursor(cursor) ?? '') ?? []
  if (time === undefined || uploadId === undefined) return undefined
  const position = { createdAtMs: Number.parseInt(time, 36), uploadId }
  return position.createdAtMs <= MAX_TIME_MS && encodeUploadCursor(position) === cursor ? position : undefined
}

/** In a list of viewings: a number by which it is ordered, and the session. */
export interface SessionPosition {
  readonly at: number
  readonly sid: string
}

export function encodeSessionCursor({ at, sid }: SessionPosition): string {
  return `${at.toString(36)}_${sid}`
}

/** Undefined for anything `encodeSessionCursor` does not write. */
export function decodeSessionCursor(cursor: string): SessionPosition | undefined {
  const [, number, sid] = /^([0-9a-z]{1,9})_([0-9a-f]{16})$/.exec(cursor) ?? []
  if (number === undefined || sid === undefined) return undefined
  const position = { at: Number.parseInt(number, 36), sid }
  return position.at <= MAX_TIME_MS && encodeSessionCursor(position) === cursor ? position : undefined
}

/** The key after which the list goes on, relative to a folder. */
export function encodeKeyCursor(relativeKey: string): string {
  return encodeBase64url(utf8(encodeURIComponent(relativeKey)))
}

/** Undefined for anything `encodeKeyCursor` does not write. The key is as hostile as any other a caller names. */
export function decodeKeyCursor(cursor: string): string | undefined {
  const bytes = decodeBase64url(cursor)
  if (bytes === undefined || bytes.length === 0) return undefined
  try {
    const relativeKey = decodeURIComponent(String.fromCharCode(...bytes))
    return encodeKeyCursor(relativeKey) === cursor ? relativeKey : undefined
  } catch {
    return undefined
  }
}

/** Where a list of numbered rows goes on. */
export function encodeSequenceCursor(sequence: number): string {
  return sequence.toString(36)
}

/** Undefined for anything `encodeSequenceCursor` does not write. */
export function decodeSequenceCursor(cursor: string): number | undefined {
  if (!/^(?:0|[1-9a-z][0-9a-z]{0,9})$/.test(cursor)) return undefined
  const sequence = Number.parseInt(cursor, 36)
  return sequence <= Number.MAX_SAFE_INTEGER ? sequence : undefined
}
