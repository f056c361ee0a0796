// Which headers cross the gate, in both directions: short lists of what may, so that nothing has to be thought of
// that may not. Pure.

/**
 * Of the caller's headers. Credentials, cookies, Connection, forwarding and identity headers are in no spelling here, nor
 * is anything that says how the body is to be decoded.
 */
const REQUEST_HEADERS = ['Accept', 'Accept-Language'] as const

/** Of the engine's. CORS, cookies, Server and hop-by-hop headers are not among these. */
export const ANSWER_HEADERS = ['Content-Language', 'Retry-After'] as const

export interface GateHeaders {
  readonly requestId: string
  /** W3C Trace Context §3.2. */
  readonly traceparent: string
  /** The client's, as Cloudflare saw it. */
  readonly address: string | undefined
  /** Of the body; undefined without a body. */
  readonly contentType: string | undefined
  /** Undefined for a public call. */
  readonly caller: { readonly userId: string; readonly assertion: string } | undefined
}

/**
 * The headers of a request to the engine. `inbound` looks a header up without regard to case; `secrets` are the
 * operator's own; what the gate says of itself comes last and cannot be overwritten by either.
 */
export function requestHeaders(
  inbound: (name: string) => string | undefined,
  secrets: Readonly<Record<string, string>>,
  gate: GateHeaders,
): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of REQUEST_HEADERS) {
    const value = inbound(name)
    if (value !== undefined) headers[name] = value
  }
  Object.assign(headers, secrets)
  if (gate.contentType !== undefined) headers['Content-Type'] = gate.contentType
  headers['X-Request-Id'] = gate.requestId
  headers['Traceparent'] = gate.traceparent
  if (gate.address !== undefined) headers['X-Forwarded-For'] = gate.address
  if (gate.caller !== undefined) {
    headers['X-Lynxgate-User'] = gate.caller.userId
    headers['X-Lynxgate-Assertion'] = gate.caller.assertion
  }
  return headers
}

// Two spellings that a server may take for one header must be one here (WSGI turns both into HTTP_X_…).
const OURS = /^(?:x-lynxgate-.*|x-request-id|traceparent|tracestate|x-forwarded-for)$/

const HOP_BY_HOP =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-length|expect)$/

/** Whether an operator may add this header to every request to the engine (RFC 9110 §5.1 token). */
export function isAddableHeader(name: string): boolean {
  const folded = name.toLowerCase().replaceAll('_', '-')
  const isToken = /^[!#$%&'*+.^`|~\w-]{1,128}$/.test(name)
  return isToken && !OURS.test(folded) && !HOP_BY_HOP.test(folded)
}
