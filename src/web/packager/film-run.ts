// Sends one film: its stream out of the worker, its original beside, and what the service has to be told. What was done
// before, by this page or an earlier one, is in the journal and in the bucket and is not done again.
import type { Client, PartsState } from '../../client/client.ts'
import type { UserId } from '../../core/auth/principal.ts'
import { ENTRY_PLAYLIST, streamFolder } from '../../core/storage/media-key.ts'
import { extensionOf, isFilmExtension } from '../../core/storage/media-type.ts'
import { originalKey } from '../../core/storage/original-key.ts'
import { MAX_PARTED_BYTES } from '../../core/storage/parts.ts'
import { createBegunFilms, lockOf, type BegunFilms } from './begun-films.ts'
import { deferred } from './deferred.ts'
import type { FilmUpload, Notice } from './film-upload.ts'
import type { Journal, JournalFilm } from './journal.ts'
import type { FromWorker } from './messages.ts'
import { sendOriginal } from './original.ts'
import { createProgress } from './progress.ts'
import { createRegistration } from './registration.ts'
import { createSender } from './sender.ts'
import { runWorker } from './worker-link.ts'

export type FilmChange = Partial<Omit<FilmUpload, 'id' | 'fileName' | 'fileBytes' | 'command'>>

export interface Sending {
  readonly file: File
  readonly subtitles: readonly File[]
  readonly isOriginalOnly: boolean
  readonly signal: AbortSignal
  readonly change: (change: FilmChange) => void
}

export interface FilmRun {
  /** Resolves when all is there, or the film is refused; rejects with what went wrong, or the signal's reason. */
  send(sending: Sending): Promise<void>
  /** Removes a film that was begun: its video, its objects, and what is known of it here. */
  forget(file: File): Promise<void>
}

export interface FilmRunTerms {
  readonly client: Client
  readonly journal: Journal
  readonly workerUrl: string
}

export function createFilmRun(terms: FilmRunTerms): FilmRun {
  const begunFilms = createBegunFilms(terms)
  return {
    forget: (file) => begunFilms.remove(file),
    async send(sending) {
      const { file, signal, change } = sending
      const { film, userId, isContinued } = await begunFilms.open(file, signal)
      change({ jobId: film.jobId, isContinued })
      if (!film.isDone) {
        const order = { ...sending, ...terms, begunFilms, film, userId, isContinued }
        // Says to other tabs that it is on its way.
        return await navigator.locks.request(lockOf(film), { mode: 'shared' }, async () => await sendFilm(order))
      }
      change({ stage: 'done', isPlayable: true, packaged: 1, totalBytes: 0, notices: [{ code: 'uploaded_before' }] })
    },
  }
}

interface Order extends Sending, FilmRunTerms {
  readonly begunFilms: BegunFilms
  readonly film: JournalFilm
  readonly userId: UserId
  readonly isContinued: boolean
}

/** How often a page is told of progress. */
const TICK_MS = 250
/** The original among the names of objects. */
const ORIGINAL = ''

async function sendFilm(order: Order): Promise<void> {
  const { client, journal, begunFilms, file, userId, signal, change, isOriginalOnly } = order
  const { jobId } = order.film
  let film = order.film
  const keep = async (facts: Partial<JournalFilm>): Promise<void> => {
    film = { ...film, ...facts }
    await journal.keep(film)
  }
  const key = isOriginalKept(file) ? originalKey({ userId, jobId }, file.name) : undefined
  const originalBytes = key === undefined ? 0 : file.size
  const first = isOriginalOnly ? 'sending' : 'packaging'
  const progress = createProgress(() => performance.now(), first, originalBytes + (isOriginalOnly ? 0 : file.size))
  const notices: Notice[] = []
  const notice = (one: Notice): void => {
    notices.push(one)
    change({ notices: [...notices] })
  }
  if (key === undefined) notice({ code: 'no_original' })
  const registration = createRegistration({ client, jobId, fileName: file.name, signal })
  const register = async (path: string): Promise<void> => {
    await registration.register(path)
    if (!film.isRegistered) await keep({ isRegistered: true })
  }

  /** Whether the file becomes a stream: nothing of it is sent before that is known. */
  const accepted = deferred<boolean>()

  async function sendStream(): Promise<boolean> {
    const known = await journal.objects(film)
    for (const { path, bytes } of known) progress.traffic.setPresent(path, bytes)
    const madeBytes = new Map(known.map(({ path, bytes }) => [path, bytes]))
    const sender = createSender({
      client,
      userId,
      jobId,
      stored: order.isContinued ? await begunFilms.listStored(userId, jobId, signal) : new Map(),
      signal,
      onBytes: (path, bytes) => progress.traffic.set(path, bytes),
      onStored: (object) => journal.addObject(film, object),
    })
    let durationSeconds = 0
    let isRefused = false
    const listen = async (message: FromWorker): Promise<void> => {
      switch (message.kind) {
        case 'plan':
          durationSeconds = message.durationSeconds
          accepted.resolve(true)
          return progress.expect(originalBytes + message.streamBytes)
        case 'notice':
          return notice(message.notice)
        case 'progress':
          return progress.set(message.stage, message.done)
        case 'object': {
          const { path, bytes } = message.object
          madeBytes.set(path, bytes)
          await sender.send(message.object)
          if (path !== ENTRY_PLAYLIST) return
          // Without an original the stream itself is what the video is registered by.
          if (key === undefined) await register(streamFolder(userId, jobId) + ENTRY_PLAYLIST)
          await registration.isDone()
          change({ isPlayable: true })
          return await registration.complete(durationSeconds)
        }
        case 'done':
          progress.expect(originalBytes + [...madeBytes.values()].reduce((sum, bytes) => sum + bytes, 0))
          progress.set('sending', 1)
          return await sender.idle()
        case 'refused':
          isRefused = true
          return change({ refusal: message.refusal })
        case 'failed':
          return
      }
    }
    const texts = order.subtitles.map(async (one) => ({ fileName: one.name, text: await one.text() }))
    await runWorker(order.workerUrl, { file, subtitles: await Promise.all(texts), known }, listen, signal)
    return !isRefused
  }

  async function sendFile(): Promise<void> {
    if (key === undefined || !(isOriginalOnly || (await accepted.promise))) return
    if (film.isOriginalStored) progress.traffic.setPresent(ORIGINAL, file.size)
    else {
      let registering: Promise<void> | undefined
      const onState = (parts: PartsState): void => {
        void keep({ parts }).catch(() => undefined)
        registering ??= register(key).catch(() => undefined)
      }
      const onProgress = (bytes: number): void => progress.traffic.set(ORIGINAL, bytes)
      await sendOriginal({ client, file, key, resume: film.parts, onState, onProgress, signal })
      await registering
      await keep({ isOriginalStored: true })
    }
    await register(key)
  }

  const tell = (): void => change(progress.see())
  const ticking = setInterval(tell, TICK_MS)
  tell()
  try {
    const original = sendFile().catch((error: unknown) => {
      registration.giveUp(error)
      throw error
    })
    // One that fails does not stop the other: what arrives need not be sent again.
    const stream = isOriginalOnly ? true : sendStream().finally(() => accepted.resolve(false))
    const [made, sent] = await Promise.allSettled([stream, original])
    if (made.status === 'rejected') throw made.reason
    if (sent.status === 'rejected') throw sent.reason
    const end = { secondsLeft: undefined, bytesPerSecond: undefined }
    if (!made.value) return change({ ...progress.see(), ...end, stage: 'refused' })
    await keep({ isDone: true })
    change({ ...progress.see(), ...end, stage: 'done', packaged: 1, isPlayable: true })
  } finally {
    clearInterval(ticking)
  }
}

/** Whether the service keeps such a file beside its stream. */
function isOriginalKept({ name, size }: File): boolean {
  const extension = extensionOf(name)
  return extension !== undefined && isFilmExtension(extension) && size > 0 && size <= MAX_PARTED_BYTES
}
