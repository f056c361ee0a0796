// What the demo film says, in two languages, and WebVTT made of it. Pure.

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

function timestamp(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  return `00:${String(minutes).padStart(2, '0')}:${(seconds % 60).toFixed(3).padStart(6, '0')}`
}

/** A WebVTT file for HLS; the map says that local time zero is the start of the media (RFC 8216bis §3.1.4). */
export function writeSubtitles(cues: readonly Cue[]): string {
  const blocks = cues.map((cue) => `${timestamp(cue.from)} --> ${timestamp(cue.to)}\n${cue.text}\n`)
  return `WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n${blocks.join('\n')}`
}

export interface TileGrid {
  readonly image: string
  readonly columns: number
  readonly count: number
  readonly width: number
  readonly height: number
  readonly everySeconds: number
}

/** A WebVTT storyboard: one cue a tile, each naming a rectangle of the sprite (Media Fragments §4.2.2). */
export function writeStoryboard(grid: TileGrid): string {
  const blocks = Array.from({ length: grid.count }, (_, i) => {
    const x = (i % grid.columns) * grid.width
    const y = Math.floor(i / grid.columns) * grid.height
    const span = `${timestamp(i * grid.everySeconds)} --> ${timestamp((i + 1) * grid.everySeconds)}`
    return `${span}\n${grid.image}#xywh=${x},${y},${grid.width},${grid.height}\n`
  })
  return `WEBVTT\n\n${blocks.join('\n')}`
}
