// A rendition while it is made: its init segment, its segments, and what is known of them; each is delivered once.
import { readInitSegment } from '../../../core/packaging/init-segment.ts'
import type { KnownObject, MadeObject, SegmentFacts } from '../messages.ts'
import type { ListedSegment } from '../../../core/packaging/media-playlist.ts'
import type { MadeSegment } from './segment.ts'

export interface Rendition {
  /** Below the stream's folder: `video/720p`. */
  readonly folder: string
  /** What is known of a segment that is stored already. */
  known(number: number): SegmentFacts | undefined
  /** Delivers it, and before the first one its init segment. */
  add(number: number, segment: MadeSegment, fromSeconds: number, untilSeconds: number): Promise<SegmentFacts>
  /** In order, for playlists. Their lengths add up to the time between the first one's beginning and the end. */
  listed(): ListedSegment[]
  /** Bits per second, of the largest segment and of all (RFC 8216bis §4.4.6.2). */
  bits(): { readonly peak: number; readonly average: number }
  /** `avc1.PPCCLL`, once there is a segment; undefined of other codecs. */
  videoCodec(): string | undefined
  /** The longest. */
  longestSeconds(): number
}

export const INIT_NAME = 'init.mp4'

export function segmentName(number: number): string {
  return `segment-${number}.m4s`
}

export function createRendition(
  folder: string,
  stored: ReadonlyMap<string, KnownObject>,
  deliver: (object: MadeObject) => Promise<void>,
): Rendition {
  const segments = new Map<number, SegmentFacts & { readonly bytes: number }>()
  const storedInit = stored.get(`${folder}/${INIT_NAME}`)
  let hasInit = storedInit !== undefined
  let codec = storedInit?.codec

  function listed(): ListedSegment[] {
    const inOrder = [...segments].sort(([a], [b]) => a - b)
    return inOrder.map(([number, { startSeconds, seconds, firstFrameEnd }], i) => {
      const next = inOrder[i + 1]?.[1].startSeconds
      // What begins late begins with a pause, and a pause in the middle belongs to what is before it.
      const from = i === 0 ? 0 : startSeconds
      const until = next ?? startSeconds + seconds
      return { name: segmentName(number), seconds: until - from, firstFrameEnd }
    })
  }

  return {
    folder,
    listed,
    known(number) {
      const present = segments.get(number)
      if (present !== undefined) return present
      const object = stored.get(`${folder}/${segmentName(number)}`)
      if (object?.segment === undefined || !hasInit) return undefined
      segments.set(number, { ...object.segment, bytes: object.bytes })
      return object.segment
    },
    async add(number, { init, data, startSeconds, seconds, firstFrameEnd }, fromSeconds, untilSeconds) {
      const facts = { fromSeconds, untilSeconds, startSeconds, seconds, firstFrameEnd }
      segments.set(number, { ...facts, bytes: data.byteLength })
      if (!hasInit) {
        hasInit = true
        codec = readInitSegment(new Uint8Array(init))?.videoCodec
        const path = `${folder}/${INIT_NAME}`
        await deliver({ path, bytes: init.byteLength, data: init, segment: undefined, codec })
      }
      await deliver({ path: `${folder}/${segmentName(number)}`, bytes: data.byteLength, data, segment: facts })
      return facts
    },
    bits() {
      const lengths = listed()
      const bytes = [...segments].sort(([a], [b]) => a - b).map(([, segment]) => segment.bytes)
      const seconds = lengths.reduce((sum, one) => sum + one.seconds, 0)
      return {
        peak: Math.ceil(Math.max(0, ...bytes.map((count, i) => (count * 8) / Math.max(0.1, lengths[i]?.seconds ?? 1)))),
        average: Math.ceil((bytes.reduce((sum, count) => sum + count, 0) * 8) / Math.max(0.1, seconds)),
      }
    },
    videoCodec: () => codec,
    longestSeconds: () => Math.max(0, ...listed().map(({ seconds }) => seconds)),
  }
}
