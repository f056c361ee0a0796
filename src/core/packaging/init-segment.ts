// What the init segment of a rendition says (ISO/IEC 14496-12 §8.3, 14496-15 §5.3.3). Pure: bytes in, values out.
import { findBox, viewOf } from './boxes.ts'

export interface InitSegment {
  /** Units in a second. */
  readonly timescale: number
  /** `avc1.PPCCLL` (RFC 6381 §3.3); undefined of sound and of other codecs. */
  readonly videoCodec: string | undefined
  /** Players differ in what they make of one. */
  readonly hasEditList: boolean
}

const AVC_CONFIGURATION = [0x61, 0x76, 0x63, 0x43] // avcC

/** Undefined when it is not an init segment, or cut off. */
export function readInitSegment(bytes: Uint8Array): InitSegment | undefined {
  const view = viewOf(bytes)
  const all = { start: 0, end: view.byteLength }
  const header = findBox(view, ['moov', 'trak', 'mdia', 'mdhd'], all)
  const descriptions = findBox(view, ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'], all)
  if (header === undefined || descriptions === undefined) return undefined
  const isLong = view.getUint8(header.start) === 1
  return {
    timescale: view.getUint32(header.start + (isLong ? 20 : 12)),
    videoCodec: avcCodec(bytes.subarray(descriptions.start, descriptions.end)),
    hasEditList: findBox(view, ['moov', 'trak', 'edts'], all) !== undefined,
  }
}

function avcCodec(descriptions: Uint8Array): string | undefined {
  const at = descriptions.findIndex((_, i) => AVC_CONFIGURATION.every((byte, j) => descriptions[i + j] === byte))
  if (at < 0) return undefined
  const profile = [...descriptions.subarray(at + 5, at + 8)].map((byte) => byte.toString(16).padStart(2, '0'))
  return `avc1.${profile.join('').toUpperCase()}`
}
