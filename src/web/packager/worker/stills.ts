// The film's poster and the sprite of its storyboard, drawn of decoded frames.
import { EncodedPacketSink, VideoSampleSink, type VideoSample } from 'mediabunny'
import { chooseStill, type Light } from '../../../core/packaging/still-choice.ts'
import { gridFor, writeStoryboard, type TileGrid } from '../../../core/packaging/webvtt.ts'
import { THUMBNAIL, type KnownObject, type MadeObject } from '../messages.ts'
import type { SourceFilm } from './source-film.ts'

const SPRITE = 'storyboard.jpg'
export const STORYBOARD = 'storyboard.vtt'

const POSTER_WIDTH = 1280
/** Of a film up to here every tile is its own moment; of a longer one the key frame before it. */
const EXACT_SECONDS = 300
/** Points of a frame whose light is looked at. */
const LIGHT = { width: 48, height: 27 } as const

export async function makeStills(
  film: SourceFilm,
  stored: ReadonlyMap<string, KnownObject>,
  deliver: (object: MadeObject) => Promise<void>,
): Promise<void> {
  const { picture, durationSeconds, zeroSeconds } = film
  const grid = gridFor({ ...picture, durationSeconds }, SPRITE)
  if (!stored.has(SPRITE) || !stored.has(THUMBNAIL)) {
    const sink = new VideoSampleSink(picture.track)
    const sprite = new OffscreenCanvas(grid.columns * grid.width, Math.ceil(grid.count / grid.columns) * grid.height)
    const context = contextOf(sprite)
    const lights: Light[] = []
    let tile = 0
    for await (const sample of sink.samplesAtTimestamps(await tileTimes(film, grid))) {
      if (sample !== null) {
        const [x, y] = [(tile % grid.columns) * grid.width, Math.floor(tile / grid.columns) * grid.height]
        sample.draw(context, x, y, grid.width, grid.height)
        lights.push({ atSeconds: sample.timestamp - zeroSeconds, contrast: contrastOf(sample) })
        sample.close()
      }
      tile++
    }
    if (lights.length === 0) return
    await deliver(await jpeg(SPRITE, sprite, 0.7))
    const poster = await sink.getSample(chooseStill(lights, durationSeconds) + zeroSeconds)
    if (poster !== null) await deliver(await drawPoster(poster))
  }
  const data = new TextEncoder().encode(writeStoryboard(grid)).buffer
  await deliver({ path: STORYBOARD, bytes: data.byteLength, data, segment: undefined })
}

async function tileTimes({ picture, durationSeconds, zeroSeconds }: SourceFilm, grid: TileGrid): Promise<number[]> {
  const times = Array.from({ length: grid.count }, (_, i) => zeroSeconds + i * grid.everySeconds)
  if (durationSeconds <= EXACT_SECONDS) return times
  const packets = new EncodedPacketSink(picture.track)
  const keys: number[] = []
  for (const time of times) keys.push((await packets.getKeyPacket(time, { metadataOnly: true }))?.timestamp ?? time)
  return keys
}

async function drawPoster(sample: VideoSample): Promise<MadeObject> {
  const scale = Math.min(1, POSTER_WIDTH / sample.displayWidth)
  const canvas = new OffscreenCanvas(
    Math.max(2, Math.round(sample.displayWidth * scale)),
    Math.max(2, Math.round(sample.displayHeight * scale)),
  )
  sample.draw(contextOf(canvas), 0, 0, canvas.width, canvas.height)
  sample.close()
  return await jpeg(THUMBNAIL, canvas, 0.82)
}

const probe = { context: undefined as OffscreenCanvasRenderingContext2D | undefined }

/** Between the darkest and the lightest tenth of a frame's points. */
function contrastOf(sample: VideoSample): number {
  const { width, height } = LIGHT
  probe.context ??= contextOf(new OffscreenCanvas(width, height), true)
  sample.draw(probe.context, 0, 0, width, height)
  const { data } = probe.context.getImageData(0, 0, width, height)
  const lights = Array.from({ length: width * height }, (_, i) => luma(data, 4 * i)).sort((a, b) => a - b)
  return (lights[Math.floor(lights.length * 0.9)] ?? 0) - (lights[Math.floor(lights.length * 0.1)] ?? 0)
}

/** BT.709. */
function luma(data: Uint8ClampedArray, at: number): number {
  return 0.2126 * (data[at] ?? 0) + 0.7152 * (data[at + 1] ?? 0) + 0.0722 * (data[at + 2] ?? 0)
}

function contextOf(canvas: OffscreenCanvas, isRead = false): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: isRead })
  if (context === null) throw new Error('This browser gives no canvas to draw on')
  return context
}

async function jpeg(path: string, canvas: OffscreenCanvas, quality: number): Promise<MadeObject> {
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality })
  const data = await blob.arrayBuffer()
  return { path, bytes: data.byteLength, data, segment: undefined }
}
