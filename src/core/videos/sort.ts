// In which order a list of videos is, and where it goes on, as a word a client hands back. Pure.
import { decodeKeyCursor, decodeVideoCursor, encodeKeyCursor, encodeVideoCursor } from '../cursor.ts'
import { parseUuid } from '../uuid.ts'

/** A minus is the other way round; names are compared without regard to the case of A to Z. */
export const VIDEO_SORTS = ['-created_at', 'created_at', 'name', '-name', 'duration', '-duration'] as const

export type VideoSort = (typeof VIDEO_SORTS)[number]

/** The last video of a page. */
export interface VideoPlace {
  readonly jobId: string
  /** What the list is sorted by: epoch milliseconds, a name, or seconds, 0 when unknown. */
  readonly value: string | number
}

export function encodeVideoPlace(sort: VideoSort, { jobId, value }: VideoPlace): string {
  if (sort === '-created_at') return encodeVideoCursor({ createdAtMs: Number(value), jobId })
  return encodeKeyCursor(`${sort} ${jobId} ${typeof value === 'string' ? value.toWellFormed() : value}`)
}

/** Undefined for anything but a place of a list in this order. */
export function decodeVideoPlace(sort: VideoSort, cursor: string): VideoPlace | undefined {
  if (sort === '-created_at') {
    const position = decodeVideoCursor(cursor)
    return position && { jobId: position.jobId, value: position.createdAtMs }
  }
  const [, order, id = '', text = ''] = /^(\S+) (\S+) (.*)$/s.exec(decodeKeyCursor(cursor) ?? '') ?? []
  const jobId = parseUuid(id)
  if (order !== sort || jobId === undefined) return undefined
  if (sort === 'name' || sort === '-name') return { jobId, value: text }
  return /^\d{1,15}(?:\.\d{1,20})?$/.test(text) ? { jobId, value: Number(text) } : undefined
}
