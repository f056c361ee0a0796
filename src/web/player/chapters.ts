// Chapters of the film: a text track that media-chrome draws under the seek bar, and a list for the menu.
import { formatTime } from 'media-chrome/utils/time.js'
import { parseChapters, parseVttChapters, type Chapter } from './chapter-list.ts'
import { onceLoaded, type Surroundings } from './player-engine.ts'
import type { OwnList } from './settings-menu.ts'

export interface Chapters {
  readonly list: OwnList
  /** Where those of the film are. */
  load(around: Surroundings): void
  /** The viewer looks for them: now is the time to ask for a file that most films do not have. */
  want(): void
}

export function makeChapters(
  video: HTMLVideoElement,
  parts: { readonly title: string; readonly language: string; changed(): void },
): Chapters {
  let chapters: readonly Chapter[] = []
  let around: Surroundings | undefined
  let isAsked = false

  function ask(): void {
    const place = around
    if (isAsked || place === undefined) return
    isAsked = true
    onceLoaded(video, () => void loadChapters(place, parts.language, video.duration).then(take))
  }
  function take(found: readonly Chapter[]): void {
    chapters = found
    if (found.length === 0) return
    const track = video.addTextTrack('chapters', parts.title, parts.language)
    // Cues of a disabled track cannot be read.
    track.mode = 'hidden'
    for (const { start, end, title } of found) track.addCue(new VTTCue(start, end, title))
    parts.changed()
  }
  return {
    list: {
      title: parts.title,
      choices: () =>
        chapters.map(({ start, title }, index) => ({ value: String(index), label: `${formatTime(start)} ${title}` })),
      selected() {
        const index = chapters.findLastIndex(({ start }) => start <= video.currentTime)
        return index < 0 ? undefined : String(index)
      },
      select(value) {
        const chapter = chapters[Number(value)]
        if (chapter) video.currentTime = chapter.start
      },
    },
    load(found) {
      const isFirst = around === undefined
      around = found
      if (!isFirst || found.chapters === undefined) return
      // Not before the film plays: most pages are opened without that.
      if (video.paused) video.addEventListener('play', ask, { once: true })
      else ask()
    },
    want: ask,
  }
}

/** A film is a little longer than its playlist says: the last chapter takes the rest. */
const REST_SECONDS = 1

/** Of the playlist's JSON, else of `chapters.vtt` beside it; none when neither is there or either is broken. */
async function loadChapters(around: Surroundings, language: string, duration: number): Promise<readonly Chapter[]> {
  const end = Number.isFinite(duration) ? duration + REST_SECONDS : 0
  if (around.chapters !== undefined) {
    const text = await fetchText(around.chapters)
    return text === undefined ? [] : parseChapters(text, language, end)
  }
  const text = await fetchText(new URL('chapters.vtt', around.folder).href)
  return text === undefined ? [] : parseVttChapters(text, end)
}

async function fetchText(address: string): Promise<string | undefined> {
  try {
    const response = await fetch(address)
    return response.ok ? await response.text() : undefined
  } catch {
    return undefined
  }
}
