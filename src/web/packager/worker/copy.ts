// Copies packets of a film into segments as they are: pictures at key frames, sounds at every six seconds.
import {
  EncodedAudioPacketSource,
  EncodedVideoPacketSource,
  type EncodedPacket,
  type EncodedPacketSink,
} from 'mediabunny'
import type { SegmentFacts } from '../messages.ts'
import { Refused } from './refused.ts'
import type { Rendition } from './rendition.ts'
import { openSegment } from './segment.ts'
import type { SourcePicture, SourceSound } from './source-film.ts'

export const SEGMENT_SECONDS = 6

/** Of a segment, which is whole in memory for a moment. */
const MOST_SEGMENT_BYTES = 96 * 1024 * 1024

const TIMES = { metadataOnly: true } as const

/**
 * The picture's segments in order. One ends at the last key frame within six seconds, or at the next there is. What is
 * stored is not read again.
 */
export async function* copyPicture(
  { packets, codec, decoderConfig }: SourcePicture,
  rendition: Rendition,
  zeroSeconds: number,
): AsyncGenerator<SegmentFacts> {
  let from = (await packets.getFirstKeyPacket(TIMES))?.timestamp
  for (let number = 0; from !== undefined; number++) {
    const facts: SegmentFacts = rendition.known(number) ?? (await copyOne(number, from))
    yield facts
    from = facts.untilSeconds === Infinity ? undefined : facts.untilSeconds
  }

  async function copyOne(number: number, fromSeconds: number): Promise<SegmentFacts> {
    const first = await packets.getKeyPacket(fromSeconds)
    if (first === null) throw new Error('A key frame is not where it was')
    const next = await findEnd(packets, first)
    const source = new EncodedVideoPacketSource(codec)
    const segment = await openSegment(number, (output) => void output.addVideoTrack(source))
    let bytes = 0
    for await (const packet of packets.packets(first, next)) {
      bytes += packet.byteLength
      if (bytes > MOST_SEGMENT_BYTES) throw new Refused('segment_too_large')
      await source.add(packet.clone({ timestamp: packet.timestamp - zeroSeconds }), { decoderConfig })
    }
    const made = await segment.finish()
    if (made === undefined) throw new Error('A segment of the picture came out empty')
    return await rendition.add(number, made, fromSeconds, next?.timestamp ?? Infinity)
  }
}

async function findEnd(packets: EncodedPacketSink, first: EncodedPacket): Promise<EncodedPacket | undefined> {
  const within = await packets.getKeyPacket(first.timestamp + SEGMENT_SECONDS, TIMES)
  if (within !== null && within.sequenceNumber > first.sequenceNumber) return within
  return (await packets.getNextKeyPacket(first, TIMES)) ?? undefined
}

/**
 * A sound's segments that begin before `untilSeconds` of the stream, from number `from` on; gives the number that is
 * next. A time without sound has no segment.
 */
export async function copySound(
  { packets, codec, decoderConfig }: SourceSound,
  rendition: Rendition,
  zeroSeconds: number,
  from: number,
  untilSeconds: number,
): Promise<number> {
  if (codec === undefined || decoderConfig === undefined) throw new TypeError('this sound cannot be copied')
  let number = from
  for (; number * SEGMENT_SECONDS < untilSeconds; number++) {
    if (rendition.known(number) !== undefined) continue
    const startSeconds = zeroSeconds + number * SEGMENT_SECONDS
    const first = await firstFrom(packets, startSeconds)
    if (first === undefined) return Infinity
    const end = await firstFrom(packets, startSeconds + SEGMENT_SECONDS)
    if (first.timestamp >= startSeconds + SEGMENT_SECONDS) continue
    const source = new EncodedAudioPacketSource(codec)
    const segment = await openSegment(number, (output) => void output.addAudioTrack(source))
    for await (const packet of packets.packets(first, end)) {
      await source.add(packet.clone({ timestamp: packet.timestamp - zeroSeconds }), { decoderConfig })
    }
    const made = await segment.finish()
    if (made !== undefined) await rendition.add(number, made, startSeconds, startSeconds + SEGMENT_SECONDS)
  }
  return number
}

/** The first packet that does not begin before a time. */
async function firstFrom(packets: EncodedPacketSink, seconds: number): Promise<EncodedPacket | undefined> {
  const before = await packets.getPacket(seconds)
  const packet =
    before === null
      ? await packets.getFirstPacket()
      : before.timestamp >= seconds
        ? before
        : await packets.getNextPacket(before)
  return packet === null || packet.timestamp < seconds ? undefined : packet
}
