// Starts the player on the markup of src/http/pages/player.ts. Any page can: it needs that element and nothing else.
import { makeCommands } from './commands.ts'
import { makeControls } from './controls.ts'
import { element } from './element.ts'
import { makeHelpDialog } from './help-dialog.ts'
import { listenToKeys } from './keyboard.ts'
import { watchLoading } from './loading.ts'
import { makeMessages } from './messages.ts'
import { openEngine } from './open-engine.ts'
import { onceLoaded, type PlayerEngine, type Problem } from './player-engine.ts'
import { listenToPointer } from './pointer.ts'
import { untilReady } from './readiness.ts'
import { makeRecovery } from './recovery.ts'
import { makeSeekBar } from './seek-bar.ts'
import { drawSubtitles } from './subtitles.ts'
import { watchActivity } from './visibility.ts'

export interface Player {
  /** Goes to a moment of the film, also before it is loaded. Seconds; beyond an end means that end. */
  seekTo(seconds: number): void
  play(): void
  pause(): void
}

/** `undefined` when `root` is not the player's markup. */
export function startPlayer(root: HTMLElement): Player | undefined {
  const video = root.querySelector('video')
  const status = root.querySelector<HTMLElement>('.message')
  if (!video || !status) return undefined
  const { stream = '', readyCheck = '', storyboard = '', original, state } = root.dataset

  let engine: PlayerEngine | undefined
  let isOpening = false
  const currentEngine = (): PlayerEngine | undefined => engine
  const messages = makeMessages(root, status)
  const loading = watchLoading(root, video)
  const help = makeHelpDialog()
  const seekBar = makeSeekBar(video, storyboard, (seconds) => commands.seekTo(seconds))
  const commands = makeCommands({
    root,
    video,
    messages,
    loading,
    engine: currentEngine,
    onSeek(seconds) {
      visibility.wake()
      seekBar.flash(seconds)
    },
    toggleHelp: () => help.toggle(),
  })
  const controls = makeControls({
    root,
    video,
    commands,
    messages,
    loading,
    seekBar: seekBar.root,
    engine: currentEngine,
  })
  const spinner = element('div', { class: 'spinner', 'aria-hidden': 'true' })
  video.after(drawSubtitles(video), spinner, controls.bigPlay)
  root.append(controls.bar, help.root)
  const visibility = watchActivity(root, video, () => help.root.open || controls.menus.some((menu) => menu.isOpen()))
  listenToPointer(root, video, commands, visibility, controls.menus)
  listenToKeys(commands)
  takeOver(root, video, original === undefined ? 'auto' : 'metadata')

  const recovery = makeRecovery(video, messages, () => {
    if (engine) engine.reload()
    else void openStream()
  })
  const changed = (): void => {
    for (const menu of controls.menus) menu.refresh()
  }
  changed()
  void open()

  async function open(): Promise<void> {
    const hadToWait = state !== 'ready'
    if (hadToWait) {
      root.dataset['state'] = 'waiting'
      await untilReady(readyCheck)
      messages.clear()
    }
    root.dataset['state'] = 'ready'
    await openStream()
    // Browsers may refuse to start with sound before a click: then the play button is there.
    if (hadToWait) video?.play().catch(() => undefined)
  }

  async function openStream(): Promise<void> {
    if (!video || isOpening) return
    isOpening = true
    try {
      const events = { changed, failed: (problem: Problem) => recovery.failed(problem) }
      engine = await openEngine(video, original === undefined ? { stream } : { original }, events)
    } catch {
      return recovery.failed('player')
    } finally {
      isOpening = false
    }
    if (!engine) return recovery.failed('unsupported')
    changed()
  }

  return {
    seekTo: (seconds) => onceLoaded(video, () => commands.seekTo(seconds)),
    play: () => void video.play().catch(() => undefined),
    pause: () => video.pause(),
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
