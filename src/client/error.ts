// What a call throws: one class, whether the service refused, failed or could not be reached.

export interface ErrorDetails {
  /** Of HTTP; undefined when no answer came. */
  readonly status: number | undefined
  /** A word for programs: `NOT_FOUND`, `RATE_LIMITED`, …; `NETWORK` without an answer, `NOT_LYNXGATE` for a proxy's. */
  readonly code: string
  /** The service's own sentence. */
  readonly detail: string
  /** `X-Request-Id`: names the request in the service's log. */
  readonly requestId: string | undefined
  /** What the service asked to wait, in seconds. */
  readonly retryAfterSeconds: number | undefined
  readonly cause?: unknown
}

/** `error.status`, `error.code` and `error.detail` say what happened; `error.message` is for people. */
export class LynxgateError extends Error implements ErrorDetails {
  override readonly name = 'LynxgateError'
  readonly status: number | undefined
  readonly code: string
  readonly detail: string
  readonly requestId: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(details: ErrorDetails) {
    super(details.status === undefined ? details.detail : `${details.status} ${details.detail}`, {
      cause: details.cause,
    })
    this.status = details.status
    this.code = details.code
    this.detail = details.detail
    this.requestId = details.requestId
    this.retryAfterSeconds = details.retryAfterSeconds
  }
}

/** Status → code where the answer has none of its own: LynxVizion's errors are one string. */
const CODES: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  409: 'CONFLICT',
  411: 'LENGTH_REQUIRED',
  412: 'PRECONDITION_FAILED',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  416: 'RANGE_NOT_SATISFIABLE',
  422: 'VALIDATION_ERROR',
  429: 'RATE_LIMITED',
  500: 'INTERNAL_ERROR',
  502: 'BAD_GATEWAY',
  503: 'SERVICE_UNAVAILABLE',
  504: 'GATEWAY_TIMEOUT',
}

/** A failed answer in either error format; undefined when it is in neither. */
export function errorOf(response: Response, body: unknown): LynxgateError | undefined {
  const { status, headers } = response
  const error = field(body, 'error')
  const detail = field(error, 'detail') ?? field(body, 'detail')
  if (typeof detail !== 'string') return undefined
  const code = field(error, 'code')
  return new LynxgateError({
    status,
    code: typeof code === 'string' ? code : codeOf(status),
    detail,
    requestId: headers.get('X-Request-Id') ?? undefined,
    retryAfterSeconds: retryAfterSeconds(headers.get('Retry-After'), Date.now()),
  })
}

/** No answer came, or not all of it. */
export function networkError(detail: string, cause: unknown): LynxgateError {
  return new LynxgateError({
    status: undefined,
    code: 'NETWORK',
    detail,
    requestId: undefined,
    retryAfterSeconds: undefined,
    cause,
  })
}

/** `NOT_FOUND` for 404; `HTTP_418` for what has no word. */
export function codeOf(status: number): string {
  return CODES[status] ?? `HTTP_${status}`
}

/** Seconds or a date (RFC 9110 §10.2.3); undefined when it is neither. */
export function retryAfterSeconds(value: string | null, nowMs: number): number | undefined {
  if (value === null || value.trim() === '') return undefined
  const seconds = /^\s*\d+\s*$/.test(value) ? Number(value) : (Date.parse(value) - nowMs) / 1000
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined
}
