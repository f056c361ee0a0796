// Subtitles that say which second it is, in WebVTT segments (RFC 8216bis §3.1.4).
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FILM_SECONDS, type Language } from './film.ts'

const CUES_PER_SEGMENT = 4
/** What a cue says before the number of its second. */
export const WORD: Readonly<Record<Language, string>> = { en: 'Second', de: 'Sekunde' }

export async function writeSubtitles(language: Language, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const lines = ['#EXTM3U', '#EXT-X-VERSION:6', `#EXT-X-TARGETDURATION:${CUES_PER_SEGMENT}`, '#EXT-X-PLAYLIST-TYPE:VOD']
  for (let start = 0; start < FILM_SECONDS; start += CUES_PER_SEGMENT) {
    const name = `words-${start / CUES_PER_SEGMENT}.vtt`
    lines.push(`#EXTINF:${CUES_PER_SEGMENT},`, name)
    const cues = Array.from({ length: CUES_PER_SEGMENT }, (_, index) => cue(language, start + index))
    const head = 'WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n'
    await writeFile(join(folder, name), [head, ...cues].join('\n'))
  }
  await writeFile(join(folder, 'index.m3u8'), `${[...lines, '#EXT-X-ENDLIST'].join('\n')}\n`)
}

function cue(language: Language, second: number): string {
  const clock = (at: number): string => `00:00:${String(at).padStart(2, '0')}.000`
  return `${clock(second)} --> ${clock(second + 1)}\n${WORD[language]} ${second}\n`
}
