// Starts the player on the markup of src/http/pages/player.ts. Any page can: it needs that element and nothing else.
import { formatTime } from 'media-chrome/utils/time.js'
import { captionStyle } from './caption-style.ts'
import { makeChapters } from './chapters.ts'
import { makeCommands } from './commands.ts'
import { element } from './element.ts'
import { listenToPresses } from './gestures.ts'
import { keepHabits } from './habits.ts'
import { makeHelpDialog } from './help-dialog.ts'
import { listenToKeys, shortcuts } from './keyboard.ts'
import { linkAt } from './links.ts'
import { watchLoading } from './loading.ts'
import { offerMediaSession } from './media-session.ts'
import { makeMemory } from './memory.ts'
import { makeMessages } from './messages.ts'
import { openEngine } from './open-engine.ts'
import { onceLoaded, type PlayerEngine, type Problem, type Surroundings } from './player-engine.ts'
import { offerPreviews } from './previews.ts'
import { untilReady } from './readiness.ts'
import { makeRecovery, type Trouble } from './recovery.ts'
import { makeSettingsMenu, type Action } from './settings-menu.ts'
import { buildStage } from './stage.ts'
import { drawSubtitles } from './subtitles.ts'
import type { Texts } from './texts/en.ts'
import { chooseLanguage, fill, textsOf } from './texts/texts.ts'
import { addTrackLists } from './track-lists.ts'

/** What to play. Addresses are asked at every load, because a token in them may be a newer one. */
export interface Film {
  readonly stream?: (() => string) | undefined
  /** The file as it was uploaded: what plays when there is no stream. */
  readonly original?: (() => string) | undefined
  /** Gets a new token before a reload. */
  readonly renew?: (() => Promise<void>) | undefined
  readonly readyCheck?: (() => string) | undefined
  readonly title: string
  readonly poster?: string | undefined
  /** What names it in this browser's memory. */
  readonly id?: string | undefined
  /** Its viewings end, and a new one needs a token. */
  readonly isPrivate: boolean
  readonly isReady: boolean
}

export interface PlayerOptions {
  /** BCP 47; the viewer's languages when left out. */
  readonly language?: string | undefined
  /** Seconds. */
  readonly start?: number | undefined
  /** The page whose address is copied with a moment; without it there is no such entry. */
  readonly page?: string | undefined
  /** Where keys are heard. */
  readonly keys: Document | HTMLElement
  readonly isMuteGiven?: boolean
  /** Playback cannot go on: what the viewer is told. */
  readonly onTrouble?: (trouble: Trouble, message: string) => void
}

export interface Player {
  readonly video: HTMLVideoElement
  readonly texts: Texts
  /** Goes to a moment of the film, also before it is loaded. Seconds; beyond an end means that end. */
  seekTo(seconds: number): void
  /** Loads the film anew at the same position. */
  reload(): void
  stop(): void
}

/** `root` holds `video` and `status`, an empty live region. */
export function startPlayer(
  root: HTMLElement,
  video: HTMLVideoElement,
  status: HTMLElement,
  film: Film,
  options: PlayerOptions,
): Player {
  const language = chooseLanguage(options.language === undefined ? navigator.languages : [options.language])
  const texts = textsOf(language)
  root.lang = language
  root.setAttribute('aria-label', texts.player)

  let engine: PlayerEngine | undefined
  let isOpening = false
  let isStopped = false
  let isStreaming = film.stream !== undefined
  let around: Surroundings | undefined
  const memory = makeMemory()
  const messages = makeMessages(root, status)
  const loading = watchLoading(root, video, (isSlow) => messages.wait(isSlow ? texts.slow : ''))
  const help = makeHelpDialog(texts)
  const lists = addTrackLists(video, () => engine)
  const chapters = makeChapters(video, { title: texts.chapters, language, changed: () => menu.refresh() })
  const menu = makeSettingsMenu(
    video,
    { lists: [captionStyle(root, memory, texts), chapters.list], actions: actions() },
    texts,
  )
  const spinner = element('div', { class: 'spinner', 'aria-hidden': 'true' })
  const layers = [drawSubtitles(video), spinner]
  const { controller, timeRange, bigPlay } = buildStage(root, video, { layers, menu: menu.root, language }, texts)
  root.append(help.root)
  const commands = makeCommands(controller, video, messages, () => help.toggle(), texts)
  const unlisten = listenToKeys(options.keys, commands, shortcuts(texts))
  listenToPresses(controller, video, {
    commands,
    loading,
    isMenuOpen: () => menu.isOpen(),
    closeMenu: () => menu.close(),
  })
  menu.root.addEventListener('toggle', () => controller.setAttribute('autohide', menu.isOpen() ? '-1' : '3'))
  // Also before the menu has taken the focus, which it does when it is drawn.
  controller.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') menu.close()
  })
  bigPlay.addEventListener('click', () => commands.togglePlay())
  video.addEventListener('play', () => {
    bigPlay.hidden = true
  })
  for (const type of ['pointerenter', 'focusin', 'touchstart']) {
    timeRange.addEventListener(type, () => chapters.want(), { passive: true })
  }
  menu.root.addEventListener('toggle', () => chapters.want())
  offerPreviews(timeRange, video, () => around && new URL('storyboard.vtt', around.folder).href)
  offerMediaSession(video, { title: film.title, poster: film.poster }, (seconds) => commands.seekBy(seconds))
  const habits = keepHabits(controller, video, memory, {
    film: film.id,
    start: options.start,
    isMuteGiven: options.isMuteGiven === true,
  })
  controller.addEventListener('mediarenditionrequest', (event) => {
    const index = event instanceof CustomEvent && /^\d+$/.test(String(event.detail)) ? Number(event.detail) : -1
    if (engine) habits.choseRendition(engine, index)
  })
  for (const type of ['addtrack', 'removetrack']) video.textTracks.addEventListener(type, () => menu.refresh())
  takeOver(root, video, film.stream === undefined ? 'metadata' : 'auto')

  const recovery = makeRecovery(
    video,
    messages,
    { isViewing: film.isPrivate, reload: () => void reload() },
    texts,
    options.onTrouble,
  )
  void open()

  function actions(): readonly Action[] {
    const { page } = options
    const copy: Action = {
      label: () => fill(texts.copyLink, { time: formatTime(video.currentTime) }),
      run: () => void copyLink(page ?? ''),
    }
    const keys: Action = { label: () => texts.shortcuts, run: () => help.toggle() }
    return [...(page === undefined ? [] : [copy]), ...(matchMedia('(hover: none)').matches ? [] : [keys])]
  }
  async function copyLink(page: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(linkAt(page, video.currentTime))
      messages.announce(texts.copied)
    } catch {
      messages.announce(texts.notCopied)
    }
  }

  async function open(): Promise<void> {
    if (!film.isReady && film.readyCheck) {
      root.dataset['state'] = 'waiting'
      messages.notice(texts.preparing)
      await untilReady(film.readyCheck)
      messages.clear()
    }
    root.dataset['state'] = 'ready'
    await openFilm()
    // Browsers may refuse to start with sound before a click: then the play button is there.
    if (!film.isReady) video.play().catch(() => undefined)
  }

  async function openFilm(): Promise<void> {
    if (isOpening || isStopped) return
    isOpening = true
    const events = {
      changed() {
        lists.refresh()
        menu.refresh()
        if (engine) habits.apply(engine)
      },
      loaded(found: Surroundings) {
        around = found
        chapters.load(found)
      },
      failed(problem: Problem) {
        if (problem === 'gone' && isStreaming && film.original) void openOriginal()
        else recovery.failed(problem)
      },
      late: () => messages.wait(texts.playerLate),
    }
    const { stream, original = () => '' } = film
    try {
      engine = await openEngine(video, isStreaming && stream ? { stream } : { original }, events, texts)
    } catch {
      return recovery.failed('player')
    } finally {
      messages.wait('')
      isOpening = false
    }
    if (isStopped) return engine?.close()
    if (!engine) return recovery.failed('unsupported')
    events.changed()
  }

  /** The film has no stream: the file itself may play. */
  async function openOriginal(): Promise<void> {
    isStreaming = false
    engine?.close()
    engine = undefined
    await openFilm()
  }

  async function reload(): Promise<void> {
    await film.renew?.()
    if (engine) engine.reload()
    else await openFilm()
  }

  return {
    video,
    texts,
    seekTo: (seconds) => onceLoaded(video, () => commands.seekTo(seconds)),
    reload: () => void reload(),
    stop() {
      isStopped = true
      unlisten()
      engine?.close()
    },
  }
}

/** From the browser's controls to ours, and from "waits for a click" to "loads now". */
function takeOver(root: HTMLElement, video: HTMLVideoElement, preload: 'auto' | 'metadata'): void {
  video.controls = false
  const isWanted = !video.paused
  for (const source of video.querySelectorAll('source')) source.remove()
  // Without it the browser would go on with a source that it chose before: two players of one film.
  video.load()
  if (isWanted) video.play().catch(() => undefined)
  video.preload = preload
  root.dataset['scripted'] = 'true'
}
