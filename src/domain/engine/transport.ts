// The port to the engine: one call, one outcome. What may happen to a call is said here once, for domain to judge
// and for the log to tell.

export type EngineMethod = 'GET' | 'POST' | 'DELETE'

/** A body on its way through; domain sees it only through `inspect`. */
export interface StreamedBody {
  readonly stream: object
  /** Undefined when the caller did not say: a chunked body. */
  readonly lengthBytes: number | undefined
}

/** Sees a body before it is sent on, chunk by chunk and with `undefined` at its end; throws to have it taken back. */
export type Inspect = (chunk: Uint8Array | undefined) => Promise<void>

export interface EngineBody {
  /** Written by the gate: a caller's own could make another message of the same bytes. */
  readonly contentType: string
  readonly content: Uint8Array<ArrayBuffer> | InspectedStream
}

export interface InspectedStream extends StreamedBody {
  readonly inspect: Inspect
}

export interface EngineRequest {
  readonly method: EngineMethod
  /** Raw, from `/api/v1/` on. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: EngineBody | undefined
}

export interface EngineAnswer {
  readonly status: number
  /** Those of ANSWER_HEADERS that came. */
  readonly headers: Readonly<Record<string, string>>
  /** Without a byte order mark, which may be there and means nothing (RFC 8259 §8.1). */
  readonly body: Uint8Array<ArrayBuffer>
  /** The body as text; undefined when it is not UTF-8. */
  readonly text: string | undefined
}

export type EngineFailure =
  /** No status line: refused, no such host, reset before it, or Cloudflare says so with 520…530. */
  | 'unreachable'
  /** No status line within the time, or the engine stopped taking the body. */
  | 'no_answer_in_time'
  /** No status line: the connection ended over an upload, some of which was taken. */
  | 'closed_during_upload'
  | 'answer_cut_short'
  | 'answer_too_slow'
  | 'answer_too_large'
  /** The caller's body, counted while it passed. */
  | 'body_too_large'
  /** The caller went away, or sent nothing for too long. */
  | 'body_cut_short'

export type EngineOutcome =
  | { readonly outcome: 'answer'; readonly answer: EngineAnswer }
  | { readonly outcome: 'failure'; readonly failure: EngineFailure }
  /** What `inspect` threw. */
  | { readonly outcome: 'refused'; readonly error: unknown }

export interface EngineTransport {
  /** Never throws: every end of a call is an outcome. */
  send(request: EngineRequest): Promise<EngineOutcome>
}
