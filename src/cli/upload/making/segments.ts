// The segments of a rendition on disk: which of them are whole, and the changes that give each its place in time.
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { INIT_NAME, SEGMENT_NAME } from '../film/encode.ts'
import { HEAD_BYTES, placeFragment, readFragment, type Fragment } from '../../../core/packaging/fragment.ts'
import { readInitSegment, type InitSegment } from '../../../core/packaging/init-segment.ts'

export interface Segment extends Fragment {
  readonly name: string
}

export function segmentName(number: number): string {
  return SEGMENT_NAME.replace('%d', String(number))
}

/** From the first on, up to one that is missing, empty, cut off or something else. */
export async function readSegments(folder: string): Promise<Segment[]> {
  const segments: Segment[] = []
  for (;;) {
    const name = segmentName(segments.length)
    const segment = await readSegment(join(folder, name))
    if (segment === undefined) return segments
    segments.push({ ...segment, name })
  }
}

async function readSegment(path: string): Promise<Fragment | undefined> {
  const file = await open(path).catch(() => undefined)
  if (file === undefined) return undefined
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0)
    const fragment = readFragment(buffer.subarray(0, bytesRead))
    return fragment?.bytes === (await file.stat()).size ? fragment : undefined
  } finally {
    await file.close()
  }
}

/** Undefined when it is missing or cut off. */
export async function readInit(folder: string): Promise<InitSegment | undefined> {
  const bytes = await readFile(join(folder, INIT_NAME)).catch(() => undefined)
  return bytes && readInitSegment(bytes)
}

/** Makes the segments follow one another from `startTime` on, in units of their timescale; they are as they then are. */
export async function placeSegments(
  folder: string,
  segments: readonly Segment[],
  startTime: number,
): Promise<Segment[]> {
  const placed: Segment[] = []
  let decodeTime = startTime
  for (const [number, segment] of segments.entries()) {
    const file = await open(join(folder, segment.name), 'r+')
    try {
      for (const { at, bytes } of placeFragment(segment, number, decodeTime))
        await file.write(bytes, 0, bytes.length, at)
    } finally {
      await file.close()
    }
    placed.push({ ...segment, decodeTime })
    decodeTime += segment.duration
  }
  return placed
}
