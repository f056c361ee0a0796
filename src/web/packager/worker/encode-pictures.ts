// Encodes a film's picture in smaller sizes: each segment by an encoder of its own, so that it begins with a key frame at
// the very time at which the largest size has one, and so that it can be made alone.
import { canEncodeVideo, Quality, VideoSampleSink, VideoSampleSource } from 'mediabunny'
import type { Rung } from '../../../core/packaging/ladder.ts'
import type { Rendition } from './rendition.ts'
import { openSegment } from './segment.ts'
import type { SourcePicture } from './source-film.ts'

export interface EncodedSize {
  readonly rung: Rung
  readonly rendition: Rendition
}

export interface Span {
  /** On the film's own clock. */
  readonly fromSeconds: number
  /** `Infinity`: to the end. */
  readonly untilSeconds: number
}

const CODEC = 'avc'
const KEY_FRAME_SECONDS = 2
/** Of the most that a player must be ready for. */
const USUAL_SHARE = 0.75

export async function canEncodeRung(rung: Rung): Promise<boolean> {
  const { width, height } = rung
  return await canEncodeVideo(CODEC, { width, height, quality: qualityOf(rung) })
}

/** The codec's text is known when the first segment is encoded; it is the same for every film. */
export async function encodeSpan(
  { track }: Pick<SourcePicture, 'track'>,
  sizes: readonly EncodedSize[],
  number: number,
  { fromSeconds, untilSeconds }: Span,
  zeroSeconds: number,
): Promise<void> {
  const missing = sizes.filter(({ rendition }) => rendition.known(number) === undefined)
  if (missing.length === 0) return
  const open = []
  for (const { rung, rendition } of missing) {
    const source = new VideoSampleSource({
      codec: CODEC,
      quality: qualityOf(rung),
      keyFrameInterval: KEY_FRAME_SECONDS,
      sizeChangeBehavior: 'contain',
      transform: { width: rung.width, height: rung.height, alpha: 'discard', force: true },
    })
    open.push({ rendition, source, segment: await openSegment(number, (output) => void output.addVideoTrack(source)) })
  }
  const samples = new VideoSampleSink(track).samples(fromSeconds, untilSeconds)
  for await (const sample of samples) {
    sample.setTimestamp(Math.max(0, sample.timestamp - zeroSeconds))
    for (const { source } of open) await source.add(sample)
    sample.close()
  }
  for (const { rendition, segment } of open) {
    const made = await segment.finish()
    if (made !== undefined) await rendition.add(number, made, fromSeconds, untilSeconds)
  }
}

function qualityOf({ maxKilobits }: Rung): Quality {
  return new Quality({ bitrate: Math.round(maxKilobits * 1000 * USUAL_SHARE), bitrateMode: 'variable' })
}
