// How large a film is shown in another page: its shape, fitted into the room that page has. Pure.
import { findAttribute, readAttributes } from '../hls/attributes.ts'
import { readLines } from '../hls/lines.ts'

export interface FrameSize {
  /** Whole CSS pixels. */
  readonly width: number
  readonly height: number
}

export interface FrameRoom {
  /** Undefined: as much as it takes. */
  readonly maxWidth: number | undefined
  readonly maxHeight: number | undefined
}

/** Of a film whose shape is unknown. */
export const COMMON_ASPECT = 16 / 9
/** Where nothing is said of the room: what a column of text is wide. */
const DEFAULT_SIDE = 640
/** No screen is larger. */
const MAX_SIDE = 7680

/** The largest frame of this shape (width through height) within the room; a side is at least one pixel. */
export function fitFrame(aspect: number, { maxWidth, maxHeight }: FrameRoom): FrameSize {
  const isOpen = maxWidth === undefined && maxHeight === undefined
  const roomWidth = Math.min(maxWidth ?? (isOpen ? DEFAULT_SIDE : MAX_SIDE), MAX_SIDE)
  const roomHeight = Math.min(maxHeight ?? (isOpen ? DEFAULT_SIDE : MAX_SIDE), MAX_SIDE)
  const width = Math.min(roomWidth, roomHeight * aspect)
  return { width: clampSide(width, roomWidth), height: clampSide(width / aspect, roomHeight) }
}

function clampSide(side: number, room: number): number {
  return Math.max(1, Math.min(Math.round(side), room))
}

/** Shapes that no screen has are not believed. */
export function plausibleAspect(width: number, height: number): number | undefined {
  const aspect = width / height
  return aspect >= 0.1 && aspect <= 10 ? aspect : undefined
}

/** Of the first variant of a multivariant playlist that says its RESOLUTION (RFC 8216bis §4.4.6.2). */
export function aspectOfPlaylist(text: string): number | undefined {
  const TAG = '#EXT-X-STREAM-INF:'
  for (const { start, end } of readLines(text)) {
    if (!text.startsWith(TAG, start)) continue
    const found = findAttribute(readAttributes(text, start + TAG.length, end) ?? [], 'RESOLUTION')
    const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(found ? text.slice(found.start, found.end) : '') ?? []
    const aspect = plausibleAspect(Number(width), Number(height))
    if (aspect !== undefined) return aspect
  }
  return undefined
}
