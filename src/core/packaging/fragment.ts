// A media segment as its boxes describe it (ISO/IEC 14496-12 §8.8), and what must change in it so that it begins at a
// given time. Pure: bytes in, numbers out.
import { findBox, readBoxes, viewOf, type Box } from './boxes.ts'

export interface Fragment {
  /** How long the file is by its boxes: a shorter one was cut off. */
  readonly bytes: number
  readonly samples: number
  /** In units of the track's timescale. */
  readonly duration: number
  readonly decodeTime: number
  /** How long after its decode time the first sample is shown. */
  readonly firstOffset: number
  /** Where the first sample, which is a key frame, ends. */
  readonly firstSampleEnd: number
  readonly fields: {
    readonly sequence: number
    readonly decodeTime: Field
    /** Of the segment index, if there is one. */
    readonly earliest: Field | undefined
  }
}

interface Field {
  readonly at: number
  readonly isLong: boolean
}

export interface Edit {
  readonly at: number
  readonly bytes: Uint8Array
}

/** So many bytes from a segment's beginning hold all that describes it. */
export const HEAD_BYTES = 65_536

const TRUN = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400, offset: 0x800 } as const
const TFHD = { baseOffset: 0x1, description: 0x2, duration: 0x8, size: 0x10 } as const

/** `head` is the segment's beginning or all of it. Undefined when it is not a segment of one track and one run. */
export function readFragment(head: Uint8Array): Fragment | undefined {
  const view = viewOf(head)
  const all = { start: 0, end: view.byteLength }
  const data = readBoxes(view, 0, view.byteLength).find(({ type }) => type === 'mdat')
  const sequence = findBox(view, ['moof', 'mfhd'], all)
  const [header, time, run] = ['tfhd', 'tfdt', 'trun'].map((type) => findBox(view, ['moof', 'traf', type], all))
  if (data === undefined || sequence === undefined) return undefined
  if (header === undefined || time === undefined || run === undefined) return undefined
  const samples = readSamples(view, run, readDefaults(view, header))
  if (samples === undefined || samples.firstSize === 0) return undefined
  const isLong = view.getUint8(time.start) === 1
  const index = readBoxes(view, 0, view.byteLength).find(({ type }) => type === 'sidx')
  return {
    bytes: data.end,
    samples: samples.count,
    duration: samples.duration,
    decodeTime: isLong ? Number(view.getBigUint64(time.start + 4)) : view.getUint32(time.start + 4),
    firstOffset: samples.firstOffset,
    firstSampleEnd: data.start + samples.firstSize,
    fields: {
      sequence: sequence.start + 4,
      decodeTime: { at: time.start + 4, isLong },
      earliest: index && { at: index.start + 12, isLong: view.getUint8(index.start) === 1 },
    },
  }
}

/** What makes it the `number`th segment of its rendition, from 0, decoded from `decodeTime` on. */
export function placeFragment(fragment: Fragment, number: number, decodeTime: number): Edit[] {
  const { sequence, decodeTime: time, earliest } = fragment.fields
  return [
    { at: sequence, bytes: integer(number + 1, false) },
    { at: time.at, bytes: integer(decodeTime, time.isLong) },
    ...(earliest === undefined
      ? []
      : [{ at: earliest.at, bytes: integer(decodeTime + fragment.firstOffset, earliest.isLong) }]),
  ]
}

function integer(value: number, isLong: boolean): Uint8Array {
  const bytes = new Uint8Array(isLong ? 8 : 4)
  if (isLong) viewOf(bytes).setBigUint64(0, BigInt(value))
  else viewOf(bytes).setUint32(0, value)
  return bytes
}

interface Defaults {
  readonly duration: number
  readonly size: number
}

function readDefaults(view: DataView, header: Box): Defaults {
  const flags = view.getUint32(header.start) & 0xffffff
  let at = header.start + 8 + (flags & TFHD.baseOffset ? 8 : 0) + (flags & TFHD.description ? 4 : 0)
  const duration = flags & TFHD.duration ? view.getUint32(at) : 0
  at += flags & TFHD.duration ? 4 : 0
  return { duration, size: flags & TFHD.size ? view.getUint32(at) : 0 }
}

function readSamples(view: DataView, run: Box, defaults: Defaults) {
  const flags = view.getUint32(run.start) & 0xffffff
  const count = view.getUint32(run.start + 4)
  const before = [TRUN.dataOffset, TRUN.firstFlags].filter((flag) => flags & flag).length
  const fields: readonly number[] = [TRUN.duration, TRUN.size, TRUN.flags, TRUN.offset].filter((flag) => flags & flag)
  const first = run.start + 8 + 4 * before
  if (count === 0 || first + 4 * fields.length * count > run.end) return undefined
  const read = (sample: number, field: number, otherwise: number): number =>
    flags & field ? view.getUint32(first + 4 * (sample * fields.length + fields.indexOf(field))) : otherwise
  let duration = 0
  for (let sample = 0; sample < count; sample++) duration += read(sample, TRUN.duration, defaults.duration)
  // Offsets have a sign in version 1; the first of ours is never negative.
  return { count, duration, firstSize: read(0, TRUN.size, defaults.size), firstOffset: read(0, TRUN.offset, 0) }
}
