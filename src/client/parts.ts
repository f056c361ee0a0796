// Sends one large object in parts, a few at a time. Its state is a plain value: a caller that keeps it can resume with the
// parts that are missing.
import { LynxgateError } from './error.ts'
import type { Input, Result } from './types.ts'
import type { ObjectBody, Put } from './upload.ts'

/** What is known of an upload that is open; JSON keeps it. */
export interface PartsState {
  readonly upload: Pick<Result<'createMultipartUpload'>, 'key' | 'upload_id' | 'part_size' | 'part_count' | 'file_size'>
  /** Part number → its ETag. */
  readonly etags: Readonly<Record<string, string>>
}

/** What is larger than one request may bring through the Worker. */
export const PARTED_FROM_BYTES = 100_000_000

const PARALLEL = 4
const ATTEMPTS = 4

export interface PartsTerms {
  readonly begin: () => Promise<PartsState['upload']>
  readonly sign: (input: Input<'createPartUrls'>) => Promise<Result<'createPartUrls'>>
  readonly complete: (input: Input<'completeMultipartUpload'>) => Promise<unknown>
  /** Objects whose keys begin so, the first of them. */
  readonly list: (input: Input<'listFiles'>) => Promise<Result<'listFiles'>>
  /** Gives the ETag. */
  readonly put: (put: Omit<Put, 'fetch'>) => Promise<string>
  readonly pause: (milliseconds: number) => Promise<void>
  readonly body: ObjectBody
  readonly contentType: string
  readonly resume: PartsState | undefined
  readonly onState: ((state: PartsState) => void) | undefined
  readonly onProgress: Put['onProgress']
  readonly signal: AbortSignal | undefined
}

/**
 * Gives the object's key. A failed part is tried again with a new URL; the upload then stays open. One to be resumed that
 * is not there any more was completed, which nobody was left to note, or has ended: then it begins again.
 */
export async function sendParts(terms: PartsTerms): Promise<string> {
  const { body, resume } = terms
  const total = body instanceof Blob ? body.size : body.byteLength
  if (resume?.upload.file_size !== total) return await sendFrom(terms, total, undefined)
  try {
    return await sendFrom(terms, total, resume)
  } catch (error) {
    if (!(error instanceof LynxgateError && error.status === 404)) throw error
    // What was noted lags behind by what was on its way.
    const { key, part_count } = resume.upload
    const isComplete = part_count - Object.keys(resume.etags).length <= PARALLEL && (await isStored(terms, key, total))
    return isComplete ? key : await sendFrom(terms, total, undefined)
  }
}

/** False too where one may not look. */
async function isStored({ list }: PartsTerms, key: string, byteLength: number): Promise<boolean> {
  const { files } = await list({ prefix: key, limit: 1 }).catch(() => ({ files: [] }))
  return files.some((file) => file.key === key && file.size === byteLength)
}

async function sendFrom(terms: PartsTerms, total: number, resume: PartsState | undefined): Promise<string> {
  const { body, onState, onProgress } = terms
  const upload = resume?.upload ?? (await terms.begin())
  const etags = new Map(Object.entries(resume?.etags ?? {}))
  const sent = new Map<number, number>()
  const report = (number: number, bytes: number): void => {
    sent.set(number, bytes)
    onProgress?.(
      [...sent.values()].reduce((sum, count) => sum + count, 0),
      total,
    )
  }
  const bounds = (number: number): [number, number] => [
    (number - 1) * upload.part_size,
    Math.min(number * upload.part_size, total),
  ]
  const missing: number[] = []
  for (let number = 1; number <= upload.part_count; number++) {
    const [start, end] = bounds(number)
    if (etags.has(String(number))) report(number, end - start)
    else missing.push(number)
  }
  const state = (): PartsState => ({ upload, etags: Object.fromEntries(etags) })
  onState?.(state())

  const { key, upload_id } = upload
  const stop = new AbortController()
  const signal = terms.signal === undefined ? stop.signal : AbortSignal.any([terms.signal, stop.signal])
  const once = async (number: number): Promise<string> => {
    const { urls } = await terms.sign({ key, upload_id, part_numbers: [number] })
    const slice = body instanceof Blob ? body.slice(...bounds(number)) : body.subarray(...bounds(number))
    const onPart = (bytes: number): void => report(number, bytes)
    return await terms.put({
      url: urls[0]?.upload_url ?? '',
      body: slice,
      contentType: terms.contentType,
      onProgress: onPart,
      signal,
    })
  }
  const work = async (): Promise<void> => {
    for (let number = missing.shift(); number !== undefined; number = missing.shift()) {
      for (let count = 1; ; count++) {
        try {
          etags.set(String(number), await once(number))
          break
        } catch (error) {
          report(number, 0)
          if (signal.aborted || count === ATTEMPTS || !mayPass(error)) throw error
          await terms.pause(500 * 2 ** count)
        }
      }
      onState?.(state())
    }
  }
  // The first failure ends the others, and they have ended before it is told.
  const workers = Array.from({ length: PARALLEL }, () =>
    work().catch((error: unknown) => {
      if (!stop.signal.aborted) stop.abort(error)
    }),
  )
  await Promise.all(workers)
  signal.throwIfAborted()

  const parts = Array.from({ length: upload.part_count }, (_, index) => ({
    part_number: index + 1,
    etag: etags.get(String(index + 1)) ?? '',
  }))
  await terms.complete({ key, upload_id, parts })
  return key
}

/** Broken off, busy or down; a 403 also says that the URL has expired. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof LynxgateError)) return false
  return error.status === undefined || error.status === 403 || error.status === 429 || error.status >= 500
}
