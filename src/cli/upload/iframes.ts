// Where a segment's first picture ends, read from its boxes (ISO/IEC 14496-12 §8.8). Pure: bytes in, a number out.

interface Box {
  readonly type: string
  /** Of what is in it. */
  readonly start: number
  readonly end: number
}

/**
 * How many bytes from the segment's beginning hold its first sample, which is a key frame, and all that describes it;
 * undefined when the bytes are no such segment.
 */
export function firstFrameEnd(segment: Uint8Array): number | undefined {
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength)
  const boxes = readBoxes(view, 0, view.byteLength)
  const fragment = boxes.find((box) => box.type === 'moof')
  const data = boxes.find((box) => box.type === 'mdat')
  if (fragment === undefined || data === undefined) return undefined
  const track = readBoxes(view, fragment.start, fragment.end).find((box) => box.type === 'traf')
  if (track === undefined) return undefined
  const parts = readBoxes(view, track.start, track.end)
  const size = firstSampleSize(view, parts)
  const end = data.start + (size ?? 0)
  return size === undefined || size === 0 || end > data.end ? undefined : end
}

function readBoxes(view: DataView, start: number, end: number): Box[] {
  const boxes: Box[] = []
  let at = start
  while (at + 8 <= end) {
    const size = view.getUint32(at)
    // 1 says that a 64-bit size follows, which no segment of a few seconds needs.
    if (size < 8 || at + size > end) break
    const type = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at + 4, 4))
    boxes.push({ type, start: at + 8, end: at + size })
    at += size
  }
  return boxes
}

const TRUN = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200 } as const
const TFHD = { baseOffset: 0x1, description: 0x2, duration: 0x8, size: 0x10 } as const

function firstSampleSize(view: DataView, parts: readonly Box[]): number | undefined {
  const run = parts.find((box) => box.type === 'trun')
  const header = parts.find((box) => box.type === 'tfhd')
  if (run === undefined || header === undefined) return undefined
  const flags = view.getUint32(run.start) & 0xffffff
  if (flags & TRUN.size) {
    const before = [TRUN.dataOffset, TRUN.firstFlags, TRUN.duration].filter((flag) => flags & flag).length
    return uint32(view, run.start + 8 + 4 * before, run.end)
  }
  const defaults = view.getUint32(header.start) & 0xffffff
  if (!(defaults & TFHD.size)) return undefined
  const before =
    (defaults & TFHD.baseOffset ? 8 : 0) + (defaults & TFHD.description ? 4 : 0) + (defaults & TFHD.duration ? 4 : 0)
  return uint32(view, header.start + 8 + before, header.end)
}

function uint32(view: DataView, at: number, end: number): number | undefined {
  return at + 4 <= end ? view.getUint32(at) : undefined
}
