// Makes a film's stream, object by object: the film as it is first, so that it can be watched, then what is smaller.
import type { Rung } from '../../../core/packaging/ladder.ts'
import type { FromWorker, KnownObject, MadeObject, PackageOrder } from '../messages.ts'
import { copyPicture, copySound, SEGMENT_SECONDS } from './copy.ts'
import { encodeSpan, type Span } from './encode-pictures.ts'
import { planFilm } from './plan.ts'
import { deliverPlaylists, type MadeSound, type MadeVariant } from './playlists.ts'
import { createRendition, type Rendition } from './rendition.ts'
import { openFilm, type SourceFilm } from './source-film.ts'
import { makeStills } from './stills.ts'

export interface Page {
  /** Resolves when the page has taken it. */
  readonly deliver: (object: MadeObject) => Promise<void>
  readonly say: (message: FromWorker) => void
}

/** Key frames further apart make long segments, and seeking slow. */
const SPARSE_SECONDS = SEGMENT_SECONDS * 1.5

export async function packageFilm(order: PackageOrder, page: Page): Promise<void> {
  const film = await openFilm(order.file)
  try {
    await makeStream(film, order, page)
  } finally {
    film.close()
  }
}

async function makeStream(film: SourceFilm, order: PackageOrder, { deliver, say }: Page): Promise<void> {
  const { picture, durationSeconds, zeroSeconds } = film
  const stored: ReadonlyMap<string, KnownObject> = new Map(order.known.map((object) => [object.path, object]))
  const plan = await planFilm(film, order, (notice) => say({ kind: 'notice', notice }))
  say({ kind: 'plan', durationSeconds, streamBytes: plan.streamBytes })
  const rendition = (folder: string): Rendition => createRendition(folder, stored, deliver)
  const progress = (stage: 'packaging' | 'encoding', seconds: number): void => {
    const done = (seconds - zeroSeconds) / Math.max(0.001, durationSeconds)
    say({ kind: 'progress', stage, done: Math.min(1, Math.max(0, done)) })
  }

  // The largest size and all sounds side by side: the file is read from its beginning to its end once.
  const largest = rendition(`video/${plan.topName}`)
  const sounds = plan.sounds.map((placed) => ({ ...placed, rendition: rendition(placed.folder), next: 0 }))
  const spans: Span[] = []
  for await (const span of plan.top === undefined ? copyPicture(picture, largest, zeroSeconds) : encodeTop(plan.top)) {
    spans.push(span)
    const untilSeconds = Math.min(span.untilSeconds, zeroSeconds + durationSeconds)
    for (const sound of sounds) {
      const until = untilSeconds - zeroSeconds
      sound.next = await copySound(sound.track, sound.rendition, zeroSeconds, sound.next, until)
    }
    progress('packaging', untilSeconds)
  }
  const longest = largest.longestSeconds()
  if (longest > SPARSE_SECONDS) say({ kind: 'notice', notice: { code: 'sparse_key_frames', seconds: longest } })

  const made = {
    sounds: sounds
      .filter((sound) => sound.rendition.listed().length > 0)
      .map(({ name, track, rendition: one }): MadeSound => ({
        name,
        language: track.language,
        codec: track.hlsCodec,
        channels: track.channels,
        rendition: one,
      })),
    words: plan.words,
    durationSeconds,
  }
  const { framesPerSecond, range } = picture
  const variantOf = (size: { width: number; height: number }, of: Rendition, codec: string): MadeVariant => ({
    ...size,
    codec,
    framesPerSecond,
    range,
    rendition: of,
  })
  const shown = plan.top ?? picture
  const codec = plan.top === undefined ? picture.codecText : (largest.videoCodec() ?? '')
  const first = variantOf({ width: shown.width, height: shown.height }, largest, codec)
  await deliverPlaylists({ ...made, variants: [first] }, deliver)

  // It plays; what follows takes decoding.
  if (picture.canDecode) await makeStills(film, stored, deliver)
  else say({ kind: 'notice', notice: { code: 'no_stills' } })
  if (plan.smaller.length === 0) return

  const sizes = plan.smaller.map((rung) => ({ rung, rendition: rendition(`video/${rung.name}`) }))
  for (const [number, span] of spans.entries()) {
    await encodeSpan(picture, sizes, number, span, zeroSeconds)
    progress('encoding', Math.min(span.untilSeconds, zeroSeconds + durationSeconds))
  }
  const smaller = sizes.map(({ rung: { width, height }, rendition: one }) =>
    variantOf({ width, height }, one, one.videoCodec() ?? ''),
  )
  await deliverPlaylists({ ...made, variants: [first, ...smaller] }, deliver)

  async function* encodeTop(rung: Rung): AsyncGenerator<Span> {
    for (let number = 0; number * SEGMENT_SECONDS < durationSeconds; number++) {
      const fromSeconds = zeroSeconds + number * SEGMENT_SECONDS
      const isLast = (number + 1) * SEGMENT_SECONDS >= durationSeconds
      const span = { fromSeconds, untilSeconds: isLast ? Infinity : fromSeconds + SEGMENT_SECONDS }
      await encodeSpan(picture, [{ rung, rendition: largest }], number, span, zeroSeconds)
      yield span
    }
  }
}
