// The typed client of lynxgate: every JSON operation of the contract as a method. Needs nothing but fetch, and runs in
// browsers, in Node and in Workers.
import { LynxgateError } from './error.ts'
import { calls, type Call } from './operations.ts'
import { createSender } from './send.ts'
import { PARTED_FROM_BYTES, sendParts, type PartsState } from './parts.ts'
import type { CallId, Input, Result } from './types.ts'
import { putObject, type ObjectBody } from './upload.ts'

export { LynxgateError } from './error.ts'
export type { CallId, Input, Result } from './types.ts'
export type { PartsState } from './parts.ts'
export type { ObjectBody } from './upload.ts'

export type ClientOptions = {
  /** `https://api.example.com`, without a path. */
  readonly baseUrl: string
  /** Instead of the global one. */
  readonly fetch?: typeof fetch
  /** How often one request is sent at most; default 4. 429 is repeated always, failures only where that is safe. */
  readonly attempts?: number
  /** Instead of a timer, between attempts. */
  readonly pause?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>
} & (
  | { /** `lvz_live_…` */ readonly key: string; readonly getToken?: undefined }
  | {
      /** A Clerk session token, asked for before each request. */
      readonly getToken: () => Promise<string | null>
      readonly key?: undefined
    }
  | { /** Public operations only. */ readonly key?: undefined; readonly getToken?: undefined }
)

export interface CallOptions {
  readonly signal?: AbortSignal
}

type Methods = {
  /** Rejects with a `LynxgateError`; with the signal's reason when that ended the call. */
  readonly [Id in CallId]: (
    ...args: Partial<Input<Id>> extends Input<Id>
      ? [input?: Input<Id>, options?: CallOptions]
      : [input: Input<Id>, options?: CallOptions]
  ) => Promise<Result<Id>>
}

export interface Client extends Methods {
  /** One page of the caller's videos, and the cursor of the next; undefined after the last. */
  videoPage(
    input?: Input<'listVideos'>,
    options?: CallOptions,
  ): Promise<{ readonly videos: readonly Video[]; readonly cursor: string | undefined }>
  /** Every video of the caller, page after page. */
  eachVideo(input?: Omit<Input<'listVideos'>, 'cursor'>, options?: CallOptions): AsyncGenerator<Video>
  /** Every object of the caller, page after page. */
  eachFile(input?: Omit<Input<'listFiles'>, 'cursor'>, options?: CallOptions): AsyncGenerator<File>
  /** Presigns and sends one object, over 100 MB in parts; gives its place in the bucket. */
  upload(input: UploadInput, options?: CallOptions): Promise<{ readonly file_path: string }>
}

type Video = Result<'listVideos'>[number]
type File = Result<'listFiles'>['files'][number]

export type UploadInput = {
  readonly body: ObjectBody
  readonly contentType: string
  /** Told how many bytes are on their way, of how many. */
  readonly onProgress?: (sentBytes: number, totalBytes: number) => void
  /** Of an object in parts: told whenever one has arrived. Keep it, and hand it back as `resume`. */
  readonly onState?: (state: PartsState) => void
  /** Goes on with the parts that are missing, of the very same bytes. */
  readonly resume?: PartsState
} & ({ readonly key: string } | { readonly fileName: string })

/** One client for one service and one credential. */
export function createClient(options: ClientOptions): Client {
  const baseUrl = new URL(options.baseUrl).origin
  const fetchNow = options.fetch ?? ((input, init) => fetch(input, init))
  const pause = options.pause ?? pauseByTimer
  const sender = createSender({
    fetch: fetchNow,
    pause,
    attempts: options.attempts ?? 4,
    random: Math.random,
  })

  async function request(call: Call, input: Fields, { signal }: CallOptions): Promise<Answer> {
    const { method, url, body } = address(baseUrl, call, input)
    const headers = {
      ...(await credential(options)),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    }
    return await sender.send({ method, url, headers, body, signal })
  }

  const methods = Object.fromEntries(
    Object.entries<Call>(calls).map(([id, call]) => [
      id,
      async (input: Fields = {}, callOptions: CallOptions = {}) => (await request(call, input, callOptions)).body,
    ]),
  ) as unknown as Methods // by the type of `calls`, which holds one of each

  const videoPage: Client['videoPage'] = async (input = {}, callOptions = {}) => {
    const { response, body } = await request(calls.listVideos, { ...input }, callOptions)
    return { videos: body as readonly Video[], cursor: cursorOf(response.headers.get('Link')) }
  }

  return {
    ...methods,
    videoPage,
    async *eachVideo(input = {}, callOptions = {}) {
      let next: string | undefined
      do {
        const page = await videoPage({ ...input, ...(next !== undefined && { cursor: next }) }, callOptions)
        yield* page.videos
        next = page.cursor
      } while (next !== undefined)
    },
    async *eachFile(input = {}, callOptions = {}) {
      let cursor: string | null = null
      do {
        const page: Result<'listFiles'> = await methods.listFiles(
          { ...input, ...(cursor !== null && { cursor }) },
          callOptions,
        )
        yield* page.files
        cursor = page.cursor
      } while (cursor !== null)
    },
    async upload({ body, contentType, onProgress, onState, resume, ...place }, callOptions = {}) {
      const target = 'key' in place ? { key: place.key } : { file_name: place.fileName }
      const terms = { ...target, content_type: contentType, file_size: sizeOf(body) }
      const { signal } = callOptions
      if (terms.file_size > PARTED_FROM_BYTES) {
        const key = await sendParts({
          begin: () => methods.createMultipartUpload(terms, callOptions),
          sign: (input) => methods.createPartUrls(input, callOptions),
          complete: (input) => methods.completeMultipartUpload(input, callOptions),
          list: (input) => methods.listFiles(input, callOptions),
          put: (put) => putObject({ ...put, fetch: fetchNow }),
          pause: (milliseconds) => pause(milliseconds, signal),
          body,
          contentType,
          resume,
          onState,
          onProgress,
          signal,
        })
        return { file_path: key }
      }
      const { upload_url, file_path } = await methods.createUploadUrl(terms, callOptions)
      await putObject({ url: upload_url, body, contentType, onProgress, signal, fetch: fetchNow })
      return { file_path }
    },
  }
}

type Fields = Readonly<Record<string, unknown>>
type Answer = { readonly response: Response; readonly body: unknown }

/** Fields in braces go into the path; the rest where the operation takes it. */
function address(
  baseUrl: string,
  { route, sends, query: besideBody = [] }: Call,
  input: Fields,
): { method: string; url: string; body: string | undefined } {
  const [method = '', template = ''] = route.split(' ')
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined))
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest.get(name)
    rest.delete(name)
    if (typeof value !== 'string' || value === '') throw new TypeError(`${name}: is required`)
    return encodeURIComponent(value)
  })
  const fields = [...rest]
  const isInQuery = ([name]: [string, unknown]): boolean => sends === 'query' || besideBody.includes(name)
  const query = new URLSearchParams(fields.filter(isInQuery).map(([name, value]) => [name, String(value)])).toString()
  return {
    method,
    url: query === '' ? baseUrl + path : `${baseUrl}${path}?${query}`,
    body:
      sends === 'body' ? JSON.stringify(Object.fromEntries(fields.filter((field) => !isInQuery(field)))) : undefined,
  }
}

async function credential(options: ClientOptions): Promise<Readonly<Record<string, string>>> {
  if (options.getToken !== undefined) {
    const token = await options.getToken()
    if (token === null) {
      const detail = 'No user is signed in'
      throw new LynxgateError({
        status: 401,
        code: 'UNAUTHORIZED',
        detail,
        requestId: undefined,
        retryAfterSeconds: undefined,
      })
    }
    return { Authorization: `Bearer ${token}` }
  }
  return options.key === undefined ? {} : { Authorization: options.key }
}

/** The cursor of the next page (RFC 8288). */
function cursorOf(link: string | null): string | undefined {
  const next = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1]
  return next === undefined ? undefined : (new URL(next).searchParams.get('cursor') ?? undefined)
}

function sizeOf(body: ObjectBody): number {
  return body instanceof Blob ? body.size : body.byteLength
}

async function pauseByTimer(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds)
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        reject(signal.reason)
      },
      { once: true },
    )
  })
}
