// The playlists of what has been made so far, the entry last. Written again when there is more.
import {
  iframePeak,
  iframePlaylist,
  segmentPlaylist,
  subtitlePlaylist,
  targetOf,
} from '../../../core/packaging/media-playlist.ts'
import { writeMultivariant, type Variant } from '../../../core/packaging/multivariant.ts'
import type { Placed } from '../../../core/packaging/track-places.ts'
import { ENTRY_PLAYLIST } from '../../../core/storage/media-key.ts'
import type { MadeObject } from '../messages.ts'
import { INIT_NAME, type Rendition } from './rendition.ts'
import type { WordsTrack } from './words.ts'

export interface MadeVariant extends Omit<Variant, 'folder' | 'peak' | 'average'> {
  readonly rendition: Rendition
}

export interface MadeSound {
  readonly name: string
  readonly language: string | undefined
  readonly codec: string
  readonly channels: number
  readonly rendition: Rendition
}

export interface MadeStream {
  /** Largest first. */
  readonly variants: readonly MadeVariant[]
  readonly sounds: readonly MadeSound[]
  readonly words: readonly Placed<WordsTrack>[]
  readonly durationSeconds: number
}

const WORDS = 'words.vtt'
const IFRAMES = 'iframes.m3u8'

export async function deliverPlaylists(
  { variants, sounds, words, durationSeconds }: MadeStream,
  deliver: (object: MadeObject) => Promise<void>,
): Promise<void> {
  const text = async (path: string, content: string): Promise<void> => {
    const data = new TextEncoder().encode(content).buffer
    await deliver({ path, bytes: data.byteLength, data, segment: undefined })
  }
  const renditions = [...variants, ...sounds].map(({ rendition }) => rendition)
  const target = targetOf(renditions.map((rendition) => rendition.longestSeconds()))
  for (const rendition of renditions) {
    await text(`${rendition.folder}/index.m3u8`, segmentPlaylist(INIT_NAME, rendition.listed(), target))
  }
  for (const { folder, track } of words) {
    await text(`${folder}/${WORDS}`, track.webVtt)
    await text(`${folder}/index.m3u8`, subtitlePlaylist(WORDS, durationSeconds))
  }
  const listed = variants.map(({ rendition, ...facts }) => ({
    ...facts,
    folder: rendition.folder,
    ...rendition.bits(),
  }))
  const smallest = variants.at(-1)
  const smallestListed = listed.at(-1)
  if (smallest === undefined || smallestListed === undefined) throw new TypeError('a stream has a picture')
  const frames = smallest.rendition.listed()
  await text(`${smallest.rendition.folder}/${IFRAMES}`, iframePlaylist(INIT_NAME, frames))
  const entry = writeMultivariant({
    variants: listed,
    sounds: sounds.map(({ rendition, ...facts }) => ({ ...facts, folder: rendition.folder, ...rendition.bits() })),
    words: words.map(({ folder, name, track }) => ({ ...track, folder, name })),
    iframes: { variant: smallestListed, file: IFRAMES, peak: iframePeak(frames) },
  })
  await text(ENTRY_PLAYLIST, entry)
}
