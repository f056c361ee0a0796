// Reads chapters, from JSON and from WebVTT. Pure; whatever the text, it answers a list that fits a bar.

/** Seconds. */
export interface Chapter {
  readonly start: number
  readonly end: number
  readonly title: string
}

/** More than this is no list of chapters, and would make a bar of crumbs. */
const MOST = 200

/** `com.apple.hls.chapters` (HLS Authoring: "Providing JavaScript Object Notation (JSON) chapters"). */
export function parseChapters(text: string, language: string, end: number): readonly Chapter[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value)
      ? inOrder(
          value.flatMap((entry) => readChapter(entry, language)),
          end,
        )
      : []
  } catch {
    return []
  }
}

function readChapter(entry: unknown, language: string): Chapter[] {
  if (typeof entry !== 'object' || entry === null) return []
  const start: unknown = Reflect.get(entry, 'start-time')
  const duration: unknown = Reflect.get(entry, 'duration')
  if (typeof start !== 'number' || !(start >= 0)) return []
  const length = typeof duration === 'number' && duration > 0 ? duration : Infinity
  return [{ start, end: start + length, title: titleIn(Reflect.get(entry, 'titles'), language) }]
}

/** In the player's language, else in any. */
function titleIn(titles: unknown, language: string): string {
  const known = (Array.isArray(titles) ? titles : []).filter(
    (entry): entry is { title: string; language?: unknown } =>
      typeof entry === 'object' && entry !== null && typeof Reflect.get(entry, 'title') === 'string',
  )
  const own = known.find((entry) => typeof entry.language === 'string' && entry.language.split('-')[0] === language)
  return (own ?? known[0])?.title.slice(0, MOST) ?? ''
}

const TIMING = /^(?:(\d+):)?(\d\d):(\d\d)\.(\d{3})[ \t]+-->[ \t]+(?:(\d+):)?(\d\d):(\d\d)\.(\d{3})/

/** WebVTT §1.6 chapter text; times as in §4.1. A cue without text has no title. */
export function parseVttChapters(text: string, end: number): readonly Chapter[] {
  if (!text.startsWith('WEBVTT')) return []
  const chapters = text.split(/(?:\r\n|\r|\n){2,}/).flatMap((block): Chapter[] => {
    const lines = block.split(/\r\n|\r|\n/)
    const at = lines.findIndex((line) => TIMING.test(line))
    const timing = TIMING.exec(lines[at] ?? '')
    if (!timing) return []
    const title = lines
      .slice(at + 1)
      .join(' ')
      .trim()
    return [{ start: seconds(timing, 1), end: seconds(timing, 5), title: title.slice(0, MOST) }]
  })
  return inOrder(chapters, end)
}

function seconds(timing: RegExpExecArray, group: number): number {
  const [hours = 0, minutes = 0, whole = 0, milliseconds = 0] = timing
    .slice(group, group + 4)
    .map((part) => Number(part ?? 0))
  return hours * 3600 + minutes * 60 + whole + milliseconds / 1000
}

/** Each ends where the next begins, the last with the film: a bar has no gaps. */
function inOrder(chapters: readonly Chapter[], end: number): readonly Chapter[] {
  const sorted = [...chapters].sort((a, b) => a.start - b.start).slice(0, MOST)
  return sorted.flatMap((chapter, index) => {
    const until = sorted[index + 1]?.start ?? (end > chapter.start ? end : chapter.end)
    return until > chapter.start && Number.isFinite(until) ? [{ ...chapter, end: until }] : []
  })
}
