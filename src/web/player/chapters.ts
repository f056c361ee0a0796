// Chapters of the film: a text track that media-chrome draws under the seek bar, and a list for the menu.
import { formatTime } from 'media-chrome/utils/time.js'
import { parseChapters, parseVttChapters, type Chapter } from './chapter-list.ts'
import { onceLoaded, type Surroundings } from './player-engine.ts'
import type { OwnList } from './settings-menu.ts'

export interface Chapters {
  readonly list: OwnList
  /** Loads those of the film once; does nothing more when it has some. */
  load(around: Surroundings): void
}

export function makeChapters(
  video: HTMLVideoElement,
  parts: { readonly title: string; readonly language: string; changed(): void },
): Chapters {
  let chapters: readonly Chapter[] = []
  let isAsked = false

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
    load(around) {
      if (isAsked) return
      isAsked = true
      // Not before the film plays: most pages are opened without that, and most films have no chapters.
      const load = (): void =>
        onceLoaded(video, () => void loadChapters(around, parts.language, video.duration).then(take))
      if (video.paused) video.addEventListener('play', load, { once: true })
      else load()
    },
  }
}

/** Of the playlist's JSON, else of `chapters.vtt` beside it; none when neither is there or either is broken. */
async function loadChapters(around: Surroundings, language: string, duration: number): Promise<readonly Chapter[]> {
  const end = Number.isFinite(duration) ? duration : 0
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
