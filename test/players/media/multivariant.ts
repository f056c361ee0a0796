// Writes a multivariant playlist by hand, so that each name and attribute in it is known.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AUDIO_CODEC, VIDEO_CODEC, type Language } from './film.ts'

export interface Multivariant {
  /** URIs of the two video renditions, as written. */
  readonly high: string
  readonly low: string
  /** URIs of renditions by language; without them the sound is in the video's segments. */
  readonly audio?: Readonly<Record<Language, string>>
  readonly subtitles?: Readonly<Record<Language, string>>
}

const NAMES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' }

export async function writeMultivariant(folder: string, playlist: Multivariant): Promise<void> {
  const groups = [
    ...(playlist.audio === undefined ? [] : ['AUDIO="sound"']),
    ...(playlist.subtitles === undefined ? [] : ['SUBTITLES="words"']),
  ]
  const variant = (bandwidth: number, resolution: string): string =>
    [
      `#EXT-X-STREAM-INF:BANDWIDTH=${bandwidth}`,
      `CODECS="${VIDEO_CODEC},${AUDIO_CODEC}"`,
      `RESOLUTION=${resolution}`,
      ...groups,
    ].join(',')
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...renditions('AUDIO', 'sound', playlist.audio),
    ...renditions('SUBTITLES', 'words', playlist.subtitles),
    variant(400_000, '320x180'),
    playlist.high,
    variant(250_000, '160x90'),
    playlist.low,
  ]
  await writeFile(join(folder, 'index.m3u8'), `${lines.join('\n')}\n`)
}

/** English is the default sound; no subtitles are shown until they are chosen. */
function renditions(type: string, group: string, uris: Multivariant['audio']): string[] {
  return Object.entries(NAMES).flatMap(([language, name]) => {
    const uri = uris?.[language as Language]
    const isDefault = type === 'AUDIO' && language === 'en' ? 'YES' : 'NO'
    if (uri === undefined) return []
    return (
      `#EXT-X-MEDIA:TYPE=${type},GROUP-ID="${group}",NAME="${name}",LANGUAGE="${language}",` +
      `DEFAULT=${isDefault},AUTOSELECT=YES,URI="${uri}"`
    )
  })
}
