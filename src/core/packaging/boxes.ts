// The boxes of MP4 files (ISO/IEC 14496-12 §4.2). Pure: bytes in, places out.

export interface Box {
  readonly type: string
  /** Of what is in it. */
  readonly start: number
  /** May lie beyond the bytes that were read. */
  readonly end: number
}

/** The boxes between two places, the last of which may be cut off; stops where the bytes are no boxes. */
export function readBoxes(view: DataView, start: number, end: number): Box[] {
  const boxes: Box[] = []
  let at = start
  while (at + 8 <= Math.min(end, view.byteLength)) {
    const size = view.getUint32(at)
    // 1 says that a 64-bit size follows, which no segment of a few seconds needs.
    if (size < 8) break
    const type = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at + 4, 4))
    boxes.push({ type, start: at + 8, end: at + size })
    at += size
  }
  return boxes
}

/** The first box at a path of types below a place. */
export function findBox(
  view: DataView,
  path: readonly string[],
  within: { start: number; end: number },
): Box | undefined {
  let found: Box | undefined
  for (const type of path) {
    const { start, end }: { start: number; end: number } = found ?? within
    found = readBoxes(view, start, end).find((box) => box.type === type)
    if (found === undefined || found.end > view.byteLength) return undefined
  }
  return found
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
