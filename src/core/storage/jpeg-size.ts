// The size of a JPEG picture out of its first bytes (ITU-T T.81 §B.2). Pure. The bytes are a customer's: each step goes
// forward, and nothing is read past the end.

export interface PixelSize {
  readonly width: number
  readonly height: number
}

/** Segments that begin with the picture's size: the frame headers (§B.1.1.3), without the tables between their numbers. */
const NOT_FRAMES: ReadonlySet<number> = new Set([0xc4, 0xc8, 0xcc])

/** Undefined when it is no JPEG, or its frame header is not among these bytes. */
export function jpegSize(bytes: Uint8Array): PixelSize | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 2
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = view.getUint8(at + 1)
    // A marker may be padded with any number of these.
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker >= 0xc0 && marker <= 0xcf && !NOT_FRAMES.has(marker)) {
      const size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
      return size.width > 0 && size.height > 0 ? size : undefined
    }
    at += 2 + Math.max(2, view.getUint16(at + 2))
  }
  return undefined
}
