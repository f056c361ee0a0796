// Every way of packaging a film that the players are tried on. The rows of the README's table come from here.
import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { encryptRendition } from './media/encryption.ts'
import { runFfmpeg } from './media/ffmpeg.ts'
import type { Film } from './media/film.ts'
import { writeMultivariant } from './media/multivariant.ts'
import { cutPackedAudio } from './media/packed-audio.ts'
import { cutRendition, type Cut } from './media/rendition.ts'
import { writeStoryboard } from './media/storyboard.ts'
import { writeSubtitles } from './media/subtitles.ts'

export interface Packaging {
  readonly title: string
  readonly jobId: string
  /** `progressive`: one MP4 behind /api/playback/direct; `hls`: a folder with index.m3u8. */
  readonly kind: 'hls' | 'progressive'
  readonly hasVideo: boolean
  /** English and German sound as renditions of their own. */
  readonly hasLanguages: boolean
  readonly hasSubtitles: boolean
  readonly hasStoryboard: boolean
  /** Writes the folder; a progressive film is `film.mp4` in it. */
  readonly write: (film: Film, folder: string) => Promise<void>
}

type Write = Packaging['write']
type Options = Partial<Omit<Packaging, 'title' | 'write' | 'jobId'>>

const packaging = (title: string, write: Write, options: Options = {}): Packaging => ({
  jobId: randomUUID(),
  kind: 'hls',
  hasVideo: true,
  hasLanguages: false,
  hasSubtitles: false,
  hasStoryboard: false,
  ...options,
  title,
  write,
})

const single =
  (cut: Cut): Write =>
  (film, folder) =>
    cutRendition([film.video.high, film.audio.en], folder, cut)

/** Two qualities that carry their own sound. */
const variants =
  (cut: Cut, names: { high: string; low: string }): Write =>
  async (film, folder) => {
    await Promise.all([
      cutRendition([film.video.high, film.audio.en], join(folder, names.high), cut),
      cutRendition([film.video.low, film.audio.en], join(folder, names.low), cut),
    ])
    await writeMultivariant(folder, { high: `${names.high}/index.m3u8`, low: `${names.low}/index.m3u8` })
  }

/** Two qualities of silent video, the sound in two languages beside them. */
const separateAudio =
  (cut: Cut, hasSubtitles: boolean): Write =>
  async (film, folder) => {
    await Promise.all([
      cutRendition([film.video.high], join(folder, 'video/high'), cut),
      cutRendition([film.video.low], join(folder, 'video/low'), cut),
      cutRendition([film.audio.en], join(folder, 'audio/en'), cut),
      cutRendition([film.audio.de], join(folder, 'audio/de'), cut),
    ])
    const each = (kind: string) => ({ en: `${kind}/en/index.m3u8`, de: `${kind}/de/index.m3u8` })
    await writeMultivariant(folder, {
      high: 'video/high/index.m3u8',
      low: 'video/low/index.m3u8',
      audio: each('audio'),
      ...(hasSubtitles ? { subtitles: each('subtitles') } : {}),
    })
    if (!hasSubtitles) return
    await writeSubtitles('en', join(folder, 'subtitles/en'))
    await writeSubtitles('de', join(folder, 'subtitles/de'))
    await writeStoryboard(film.video.high, folder)
  }

const encrypted =
  (container: Cut['container'], iv: 'sequence' | 'attribute'): Write =>
  async (film, folder) => {
    await single({ container })(film, folder)
    await encryptRendition(folder, { keyUri: 'keys/film.key', iv })
  }

const progressive: Write = async (film, folder) => {
  await mkdir(folder, { recursive: true })
  await runFfmpeg([
    '-i',
    film.video.high,
    '-i',
    film.audio.en,
    '-map',
    '0',
    '-map',
    '1',
    '-c',
    'copy',
    '-movflags',
    '+faststart',
    join(folder, 'film.mp4'),
  ])
}

/** A row that a test names. */
export const ENCRYPTED_FMP4 = 'fMP4, AES-128, map included'

export const PACKAGINGS: readonly Packaging[] = [
  packaging('MPEG-TS', single({ container: 'mpegts' })),
  packaging('MPEG-TS, two qualities', variants({ container: 'mpegts' }, { high: 'high', low: 'low' })),
  packaging(
    'MPEG-TS, names with spaces, `+` and Unicode',
    variants(
      { container: 'mpegts', segmentName: 'Teil 1 + größer 漢字' },
      { high: 'Qualität hoch + schön', low: 'klein (a)' },
    ),
  ),
  packaging('MPEG-TS, separate audio in two languages', separateAudio({ container: 'mpegts' }, false), {
    hasLanguages: true,
  }),
  packaging('MPEG-TS, byte ranges of one file', single({ container: 'mpegts', isOneFile: true })),
  packaging('MPEG-TS, AES-128', encrypted('mpegts', 'sequence')),
  packaging('MPEG-TS, AES-128 with an IV', encrypted('mpegts', 'attribute')),
  packaging('fMP4, two qualities, two languages, subtitles, storyboard', separateAudio({ container: 'fmp4' }, true), {
    hasLanguages: true,
    hasSubtitles: true,
    hasStoryboard: true,
  }),
  packaging('fMP4, byte ranges of one file', single({ container: 'fmp4', isOneFile: true })),
  packaging(ENCRYPTED_FMP4, encrypted('fmp4', 'attribute')),
  packaging('Audio only, fMP4', (film, folder) => cutRendition([film.audio.en], folder, { container: 'fmp4' }), {
    hasVideo: false,
  }),
  packaging('Audio only, packed AAC', (film, folder) => cutPackedAudio(film.audio.en, folder), { hasVideo: false }),
  packaging('MP4, progressive', progressive, { kind: 'progressive' }),
]

/** Where the service plays it. */
export function urlOf(service: string, { kind, jobId }: Packaging): string {
  const path = kind === 'hls' ? `stream/${jobId}/index.m3u8` : `direct?job_id=${jobId}`
  return `${service}/api/playback/${path}`
}

/** Those whose titles begin so. */
export const packagingsThatBegin = (...starts: readonly string[]): readonly Packaging[] =>
  PACKAGINGS.filter(({ title }) => starts.some((start) => title.startsWith(start)))
