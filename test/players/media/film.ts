// The test film before it is packaged: a picture that counts seconds, a low voice in English, a high one in German.
import { join } from 'node:path'
import { runFfmpeg } from './ffmpeg.ts'

export const FILM_SECONDS = 12
export const SEGMENT_SECONDS = 2
/** RFC 6381, of what `makeFilm` encodes. */
export const VIDEO_CODEC = 'avc1.42c01e'
export const AUDIO_CODEC = 'mp4a.40.2'

const FRAMES_PER_SECOND = 25

/** The pitch of each language, Hz: far enough apart to tell by ear. */
export const PITCH = { en: 440, de: 1320 } as const
export type Language = keyof typeof PITCH

/** Files with one track each, in codecs that every packaging below carries unchanged. */
export interface Film {
  readonly video: { readonly high: string; readonly low: string }
  readonly audio: Readonly<Record<Language, string>>
}

export async function makeFilm(folder: string): Promise<Film> {
  const film = {
    video: { high: join(folder, 'high.mp4'), low: join(folder, 'low.mp4') },
    audio: { en: join(folder, 'en.m4a'), de: join(folder, 'de.m4a') },
  }
  const length = ['-t', String(FILM_SECONDS)]
  const h264 = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-profile:v',
    'baseline',
    '-level:v',
    '3.0',
    '-pix_fmt',
    'yuv420p',
    '-g',
    String(SEGMENT_SECONDS * FRAMES_PER_SECOND),
    '-sc_threshold',
    '0',
    ...length,
  ]
  const aac = ['-c:a', 'aac', '-b:a', '64k', '-ac', '1', ...length]
  await runFfmpeg([
    '-f',
    'lavfi',
    '-i',
    `testsrc=size=320x180:rate=${FRAMES_PER_SECOND}`,
    '-f',
    'lavfi',
    '-i',
    `sine=frequency=${PITCH.en}:sample_rate=48000`,
    '-f',
    'lavfi',
    '-i',
    `sine=frequency=${PITCH.de}:sample_rate=48000`,
    '-filter_complex',
    '[0:v]split[a][b];[b]scale=160:90[low]',
    '-map',
    '[a]',
    ...h264,
    film.video.high,
    '-map',
    '[low]',
    ...h264,
    film.video.low,
    '-map',
    '1:a',
    ...aac,
    film.audio.en,
    '-map',
    '2:a',
    ...aac,
    film.audio.de,
  ])
  return film
}
