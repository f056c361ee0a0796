// Films dropped on a page: each becomes segments in a worker, goes up while that goes on, and is a video of the service.
// One film after another. Everything that a page shows is in `films`; this file touches no DOM but for the warning
// before the tab closes.
import type { Client } from '../../client/client.ts'
import { createFilmRun, type FilmChange } from './film-run.ts'
import type { FilmUpload } from './film-upload.ts'
import { openJournal } from './journal.ts'
import { pairSubtitles, uploadCommand } from './dropped-files.ts'

export interface Uploads {
  /** In the order in which they were dropped. A new array for every change. */
  films(): readonly FilmUpload[]
  /** Called after every change, at most some times a second; gives what ends it. */
  subscribe(listener: () => void): () => void
  /** Films, and subtitles (`film.en.srt`, `film.de.vtt`) of films among them. */
  add(files: readonly File[]): void
  /** Ends what is on its way; the next film begins. */
  pause(id: string): void
  /** Of one that is paused or has failed. */
  resume(id: string): void
  /** Removes what was sent, and the video. */
  cancel(id: string): void
  /** Of one that was refused: sends the file as it is, which browsers may play or not. */
  uploadOriginal(id: string): void
  /** Takes one that is done, has failed or was refused from the list; on the service nothing changes. */
  dismiss(id: string): void
}

export interface UploadsOptions {
  /** With whatever credential; its `getToken` is asked before every request. Needs the scopes storage and videos. */
  readonly client: Client
  /** The script made of `worker.ts`. */
  readonly workerUrl?: string
}

interface Entry {
  readonly file: File
  readonly subtitles: readonly File[]
  readonly isOriginalOnly: boolean
  readonly stop: AbortController | undefined
  readonly state: FilmUpload
}

const IDLE: ReadonlySet<FilmUpload['stage']> = new Set(['done', 'paused', 'failed', 'refused'])

export function createUploads({ client, workerUrl = '/assets/packager-worker.js' }: UploadsOptions): Uploads {
  const journal = openJournal()
  const run = createFilmRun({ client, journal, workerUrl })
  const listeners = new Set<() => void>()
  let entries: readonly Entry[] = []
  let shown: readonly FilmUpload[] = []
  let isRunning = false

  function update(id: string, change: Partial<Omit<Entry, 'state'>> & { state?: FilmChange }): void {
    entries = entries.map((entry) =>
      entry.state.id === id ? { ...entry, ...change, state: { ...entry.state, ...change.state } } : entry,
    )
    show()
  }

  function show(): void {
    shown = entries.map(({ state }) => state)
    for (const listener of listeners) listener()
  }

  const find = (id: string): Entry | undefined => entries.find(({ state }) => state.id === id)

  async function work(): Promise<void> {
    if (isRunning) return
    isRunning = true
    try {
      for (;;) {
        const next = entries.find(({ state }) => state.stage === 'waiting')
        if (next === undefined) return
        await runOne(next)
      }
    } finally {
      isRunning = false
    }
  }

  async function runOne({ file, subtitles, isOriginalOnly, state: { id } }: Entry): Promise<void> {
    const stop = new AbortController()
    update(id, { stop, state: { stage: 'reading', problem: undefined, refusal: undefined } })
    const change = (state: FilmChange): void => {
      if (!stop.signal.aborted) update(id, { state })
    }
    try {
      await run.send({ file, subtitles, isOriginalOnly, signal: stop.signal, change })
    } catch (error) {
      if (!stop.signal.aborted) change({ stage: 'failed', problem: sentenceOf(error), ...STANDING })
    } finally {
      update(id, { stop: undefined })
    }
  }

  addEventListener('beforeunload', (event) => {
    if (entries.some(({ state }) => !IDLE.has(state.stage))) event.preventDefault()
  })

  return {
    films: () => shown,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    add(files) {
      entries = [
        ...entries,
        ...pairSubtitles(files).map(({ file, subtitles }) => ({
          file,
          subtitles,
          isOriginalOnly: false,
          stop: undefined,
          state: newFilm(file),
        })),
      ]
      show()
      void work()
    },
    pause(id) {
      const entry = find(id)
      if (entry === undefined || IDLE.has(entry.state.stage)) return
      entry.stop?.abort()
      update(id, { state: { stage: 'paused', ...STANDING } })
    },
    resume(id) {
      const stage = find(id)?.state.stage
      if (stage !== 'paused' && stage !== 'failed') return
      update(id, { state: { stage: 'waiting' } })
      void work()
    },
    cancel(id) {
      const entry = find(id)
      if (entry === undefined) return
      entry.stop?.abort()
      entries = entries.filter((one) => one !== entry)
      show()
      void run.forget(entry.file).catch(() => undefined)
    },
    uploadOriginal(id) {
      if (find(id)?.state.stage !== 'refused') return
      update(id, { isOriginalOnly: true, state: { stage: 'waiting' } })
      void work()
    },
    dismiss(id) {
      const entry = find(id)
      if (entry === undefined || !IDLE.has(entry.state.stage)) return
      entries = entries.filter((one) => one !== entry)
      show()
    },
  }
}

/** Of a film that nothing is sent of. */
const STANDING = { bytesPerSecond: undefined, secondsLeft: undefined }

function newFilm(file: File): FilmUpload {
  return {
    id: crypto.randomUUID(),
    fileName: file.name,
    fileBytes: file.size,
    jobId: undefined,
    stage: 'waiting',
    isPlayable: false,
    isContinued: false,
    packaged: 0,
    sentBytes: 0,
    totalBytes: 2 * file.size,
    ...STANDING,
    notices: [],
    refusal: undefined,
    problem: undefined,
    command: uploadCommand(file.name),
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
