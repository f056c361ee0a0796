// A film's chapters as ffprobe lists them → what players read: JSON that the entry playlist names
// (https://developer.apple.com/documentation/http-live-streaming/providing-javascript-object-notation-json-chapters). Pure.

export interface Chapter {
  readonly startSeconds: number
  readonly endSeconds: number
  readonly title: string | undefined
}

/** What of ffprobe's JSON is read; every field may be missing. */
export interface ProbedChapter {
  readonly start_time?: string
  readonly end_time?: string
  readonly tags?: Readonly<Record<string, string>>
}

/**
 * In order, on the stream's clock, which begins where the film does. Empty when there is nothing to choose from: no
 * chapter, or one of all the film without a title.
 */
export function readChapters(
  probed: readonly ProbedChapter[],
  film: {
    /** From the file's own time to the stream's. */
    readonly shown: (seconds: number) => number
    readonly durationSeconds: number
  },
): Chapter[] {
  const { shown, durationSeconds: length } = film
  const begun = probed
    .map(({ start_time, end_time, tags }) => ({
      startSeconds: Math.max(0, shown(Number(start_time))),
      endSeconds: Math.min(length, shown(Number(end_time))),
      title: tags?.['title']?.replace(/\s+/g, ' ').trim() || undefined,
    }))
    .filter(({ startSeconds }) => startSeconds < length)
    .sort((a, b) => a.startSeconds - b.startSeconds)
  const chapters = begun.map((chapter, i) => {
    if (chapter.endSeconds > chapter.startSeconds) return chapter
    return { ...chapter, endSeconds: begun[i + 1]?.startSeconds ?? length }
  })
  return chapters.length > 1 || chapters[0]?.title !== undefined ? chapters : []
}

export const CHAPTERS = 'chapters.json'

/** The film does not say in which language its titles are: `und`. */
export function writeChapters(chapters: readonly Chapter[]): string {
  const entries = chapters.map(({ startSeconds, endSeconds, title }, i) => ({
    chapter: i + 1,
    'start-time': rounded(startSeconds),
    ...(endSeconds > startSeconds && { duration: rounded(endSeconds - startSeconds) }),
    titles: [{ language: 'und', title: title ?? `Chapter ${i + 1}` }],
  }))
  return `${JSON.stringify(entries)}\n`
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
