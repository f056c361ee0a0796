// Sends made objects to their presigned URLs, a few at a time, and holds at most a handful in memory: whoever makes them
// waits for room. An entry playlist goes when everything before it is there.
import type { UserId } from '../../core/auth/principal.ts'
import { LynxgateError, type Client } from '../../client/client.ts'
import { putObject } from '../../client/upload.ts'
import { ENTRY_PLAYLIST, streamFolder, thumbnailKey } from '../../core/storage/media-key.ts'
import { mediaType } from '../../core/storage/media-type.ts'
import { THUMBNAIL, type KnownObject, type MadeObject } from './messages.ts'

export interface SenderTerms {
  readonly client: Client
  readonly userId: UserId
  readonly jobId: string
  /** Sizes of what is in the bucket, by path. The same path with the same size need not be sent. */
  readonly stored: ReadonlyMap<string, number>
  readonly signal: AbortSignal
  /** So many bytes of an object are on their way. */
  readonly onBytes: (path: string, bytes: number) => void
  /** It is there. */
  readonly onStored: (object: KnownObject) => Promise<void>
}

export interface Sender {
  /** Resolves when there is room for the next one; rejects when one could not be sent. */
  send(object: MadeObject): Promise<void>
  /** Resolves when everything is there. */
  idle(): Promise<void>
}

const PARALLEL = 4
const MOST_BYTES = 24 * 1024 * 1024
const ATTEMPTS = 8
const LONGEST_WAIT_MS = 30_000

export function createSender(terms: SenderTerms): Sender {
  const { signal } = terms
  const urls = createUrls(terms)
  const inFlight = new Map<Promise<void>, number>()
  let failure: { readonly error: unknown } | undefined

  const throwFailure = (): void => {
    if (failure !== undefined) throw failure.error
    signal.throwIfAborted()
  }

  async function put({ data, ...known }: MadeObject): Promise<void> {
    const { path, bytes } = known
    const isChanging = path.endsWith('.m3u8')
    if (isChanging || terms.stored.get(path) !== bytes) {
      const contentType = mediaType(path, undefined)
      for (let count = 1; ; count++) {
        try {
          const url = await urls.take(path)
          const onProgress = (sent: number): void => terms.onBytes(path, sent)
          const body = new Uint8Array(data)
          await putObject({ url, body, contentType, onProgress, signal, fetch: (...args) => fetch(...args) })
          break
        } catch (error) {
          signal.throwIfAborted()
          terms.onBytes(path, 0)
          if (count === ATTEMPTS || !mayPass(error)) throw error
          urls.drop(path)
          await wait(Math.min(500 * 2 ** count, LONGEST_WAIT_MS), signal)
        }
      }
    }
    terms.onBytes(path, bytes)
    await terms.onStored(known)
  }

  const heldBytes = (): number => [...inFlight.values()].reduce((sum, count) => sum + count, 0)

  return {
    async send(object) {
      throwFailure()
      if (object.path === ENTRY_PLAYLIST) await Promise.all(inFlight.keys())
      throwFailure()
      const sending = put(object)
        .finally(() => release(object.data))
        .catch((error: unknown) => {
          failure ??= { error }
        })
        .finally(() => inFlight.delete(sending))
      inFlight.set(sending, object.bytes)
      if (object.path === ENTRY_PLAYLIST) await sending
      while (inFlight.size >= PARALLEL || heldBytes() > MOST_BYTES) await Promise.race(inFlight.keys())
      throwFailure()
    },
    async idle() {
      await Promise.all(inFlight.keys())
      throwFailure()
    },
  }
}

interface Urls {
  take(path: string): Promise<string>
  /** The next time there is a new one. */
  drop(path: string): void
}

/** Asked for ahead, because segments are numbered. */
const AHEAD = 20
const FRESH_MS = 45 * 60_000

function createUrls({ client, userId, jobId, signal }: SenderTerms): Urls {
  const signed = new Map<string, { readonly url: Promise<string>; readonly atMs: number }>()
  return {
    async take(path) {
      const present = signed.get(path)
      if (present !== undefined && Date.now() - present.atMs < FRESH_MS) return await present.url
      const paths = following(path)
      const keys = paths.map((one) =>
        one === THUMBNAIL ? thumbnailKey(userId, jobId) : streamFolder(userId, jobId) + one,
      )
      const asked = client.createUploadUrls({ keys }, { signal })
      for (const [i, one] of paths.entries()) {
        const url = asked.then(({ urls }) => urls[i]?.upload_url ?? '')
        url.catch(() => signed.delete(one))
        signed.set(one, { url, atMs: Date.now() })
      }
      return (await asked).urls[0]?.upload_url ?? ''
    },
    drop: (path) => void signed.delete(path),
  }
}

function following(path: string): readonly string[] {
  const [, before = '', number, after = ''] = /^(.*\/segment-)(\d+)(\.m4s)$/.exec(path) ?? []
  if (number === undefined) return [path]
  return Array.from({ length: AHEAD }, (_, i) => `${before}${Number(number) + i}${after}`)
}

/** Gives its memory back at once: a page that allocates little else waits long for its garbage collector. */
function release(data: ArrayBuffer): void {
  if ('transfer' in ArrayBuffer.prototype) data.transfer(0)
}

/** Broken off, busy or down; a 403 also says that the URL has expired. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof LynxgateError)) return false
  return error.status === undefined || error.status === 403 || error.status === 429 || error.status >= 500
}

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    signal.addEventListener('abort', stop, { once: true })
  })
}
