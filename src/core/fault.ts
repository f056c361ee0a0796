// What can go wrong, said once: a code, the detail a caller may read, and what a retry needs. Pure.

/** Every code with its HTTP status (RFC 9110 §15) and, for the error format of Clipzy, its machine-readable name. */
export const FAULTS = {
  bad_request: { status: 400, title: 'Bad Request', name: 'BAD_REQUEST' },
  unauthorized: { status: 401, title: 'Unauthorized', name: 'UNAUTHORIZED' },
  forbidden: { status: 403, title: 'Forbidden', name: 'FORBIDDEN' },
  not_found: { status: 404, title: 'Not Found', name: 'NOT_FOUND' },
  /** Of the engine's calls only; its one detail stands here. */
  job_not_found: { status: 404, title: 'Not Found', name: 'JOB_NOT_FOUND', detail: 'Job not found' },
  method_not_allowed: { status: 405, title: 'Method Not Allowed', name: 'METHOD_NOT_ALLOWED' },
  conflict: { status: 409, title: 'Conflict', name: 'CONFLICT' },
  gone: { status: 410, title: 'Gone', name: 'GONE' },
  length_required: { status: 411, title: 'Length Required', name: 'LENGTH_REQUIRED' },
  precondition_failed: { status: 412, title: 'Precondition Failed', name: 'PRECONDITION_FAILED' },
  payload_too_large: { status: 413, title: 'Payload Too Large', name: 'PAYLOAD_TOO_LARGE' },
  unsupported_media_type: { status: 415, title: 'Unsupported Media Type', name: 'UNSUPPORTED_MEDIA_TYPE' },
  range_not_satisfiable: { status: 416, title: 'Range Not Satisfiable', name: 'RANGE_NOT_SATISFIABLE' },
  validation_error: { status: 422, title: 'Unprocessable Entity', name: 'VALIDATION_ERROR' },
  rate_limited: { status: 429, title: 'Too Many Requests', name: 'RATE_LIMITED' },
  internal_error: { status: 500, title: 'Internal Server Error', name: 'INTERNAL_ERROR' },
  misconfigured: { status: 500, title: 'Internal Server Error', name: 'INTERNAL_ERROR' },
  not_implemented: { status: 501, title: 'Not Implemented', name: 'NOT_IMPLEMENTED' },
  bad_gateway: { status: 502, title: 'Bad Gateway', name: 'BAD_GATEWAY' },
  unavailable: { status: 503, title: 'Service Unavailable', name: 'SERVICE_UNAVAILABLE' },
  gateway_timeout: { status: 504, title: 'Gateway Timeout', name: 'GATEWAY_TIMEOUT' },
} as const

export type FaultCode = keyof typeof FAULTS

export interface FaultOptions {
  /** `Retry-After`, in seconds. */
  readonly retryAfterSeconds?: number
  /** `Allow` of a 405. */
  readonly allow?: readonly string[]
  /** `Content-Range` of a 416: how many bytes the object has. */
  readonly objectBytes?: number
  /** For the log only: the class of what failed underneath. Its message never leaves the process. */
  readonly cause?: unknown
  /** For the log only: which check failed, in words of ours and never the caller's. */
  readonly reason?: string
}

/** The only error that carries words for a caller. Everything else becomes `internal_error`. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  readonly detail: string
  readonly retryAfterSeconds: number | undefined
  readonly allow: readonly string[] | undefined
  readonly reason: string | undefined
  readonly objectBytes: number | undefined

  constructor(code: FaultCode, detail: string, options: FaultOptions = {}) {
    super(detail, { cause: options.cause })
    this.code = code
    this.detail = detail
    this.retryAfterSeconds = options.retryAfterSeconds
    this.allow = options.allow
    this.reason = options.reason
    this.objectBytes = options.objectBytes
  }
}
