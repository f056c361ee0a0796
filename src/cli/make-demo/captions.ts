// What the demo film says, in two languages, as subtitles of its file. Pure.
import { timestamp } from '../../core/packaging/webvtt.ts'

export interface Cue {
  readonly from: number
  readonly to: number
  readonly text: string
}

export const captions: Readonly<Record<'en' | 'de', readonly Cue[]>> = {
  en: [
    { from: 0.5, to: 3.5, text: 'Midnight. Two eyes are awake.' },
    { from: 4, to: 6.5, text: 'The first light finds the hills.' },
    { from: 7, to: 10.5, text: 'The sun is up,\nand the gate is open.' },
    { from: 11, to: 14.5, text: 'Noon. Every second is an hour here.' },
    { from: 15, to: 18, text: 'The shadows grow long.' },
    { from: 18.5, to: 21, text: 'Dusk. <i>Did something move?</i>' },
    { from: 21.5, to: 23.8, text: 'Night again. It was only the lynx.' },
  ],
  de: [
    { from: 0.5, to: 3.5, text: 'Mitternacht. Zwei Augen sind wach.' },
    { from: 4, to: 6.5, text: 'Das erste Licht findet die Hügel.' },
    { from: 7, to: 10.5, text: 'Die Sonne steht am Himmel,\nund das Tor ist offen.' },
    { from: 11, to: 14.5, text: 'Mittag. Jede Sekunde ist hier eine Stunde.' },
    { from: 15, to: 18, text: 'Die Schatten werden lang.' },
    { from: 18.5, to: 21, text: 'Dämmerung. <i>Hat sich da etwas bewegt?</i>' },
    { from: 21.5, to: 23.8, text: 'Wieder Nacht. Es war nur der Luchs.' },
  ],
}

/** The parts of the day. */
export const chapters: readonly Cue[] = [
  { from: 0, to: 5, text: 'Night' },
  { from: 5, to: 8, text: 'Dawn' },
  { from: 8, to: 18, text: 'Day' },
  { from: 18, to: 21, text: 'Dusk' },
  { from: 21, to: 24, text: 'Night again' },
]

/** WebVTT (§1.6, chapters). */
export function writeChapters(cues: readonly Cue[]): string {
  const blocks = cues.map((cue) => `${timestamp(cue.from)} --> ${timestamp(cue.to)}\n${cue.text}\n`)
  return ['WEBVTT\n', ...blocks].join('\n')
}

/** SubRip: a number, a span of time and the words, each with an empty line after it. */
export function writeSubRip(cues: readonly Cue[]): string {
  const time = (seconds: number): string => timestamp(seconds).replace('.', ',')
  return cues.map((cue, i) => `${i + 1}\n${time(cue.from)} --> ${time(cue.to)}\n${cue.text}\n\n`).join('')
}
