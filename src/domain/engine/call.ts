// One call of the engine: the gate's headers, the circuit breaker, one retry of a GET, and the fault each bad end is.
import { admit, afterFailure, CLOSED_CIRCUIT, type Circuit } from '../../core/engine/circuit.ts'
import { readEnvelope, type Envelope } from '../../core/engine/envelope.ts'
import { Fault, type FaultCode } from '../../core/fault.ts'
import { requestHeaders } from '../../core/engine/forwarded-headers.ts'
import type { Principal, UserId } from '../../core/auth/principal.ts'
import { STAR, type Scopes } from '../../core/auth/scope.ts'
import { continueTrace } from '../../core/http/traceparent.ts'
import type {
  EngineAnswer,
  EngineFailure,
  EngineMethod,
  EngineOutcome,
  EngineRequest,
  EngineTransport,
} from './transport.ts'

/** What is known of a request besides its target. */
export interface CallContext {
  readonly requestId: string
  /** The client's address, as Cloudflare saw it. */
  readonly address: string | undefined
  /** One of the caller's headers, without regard to case. */
  readonly header: (name: string) => string | undefined
}

/** The service itself, for a user who is not there. */
export interface OnBehalfOf {
  readonly kind: 'system'
  readonly userId: UserId
}

/** Public calls have no principal, and the engine learns of no user. */
export interface EngineCall extends Pick<EngineRequest, 'method' | 'path' | 'body'> {
  readonly principal: Principal | OnBehalfOf | undefined
  readonly context: CallContext
}

export interface CheckedAnswer {
  readonly answer: EngineAnswer
  readonly envelope: Envelope
}

/** Calls the engine; throws a Fault unless it answered with an envelope that may pass. */
export type CallEngine = (call: EngineCall) => Promise<CheckedAnswer>

export interface AssertionSigner {
  /** A JWT of 60 seconds that says who is calling. */
  sign(claims: { userId: UserId; scopes: Scopes; requestId: string; isSystem: boolean }): Promise<string>
}

interface CallDeps {
  readonly transport: EngineTransport
  readonly assertions: AssertionSigner
  /** The operator's own headers, such as an Access service token. */
  readonly secretHeaders: Readonly<Record<string, string>>
  readonly nowMs: () => number
  readonly newId: () => string
}

const RETRY_AFTER_SECONDS = 5

/** Holds this isolate's circuit: a value, replaced after each call. */
export function engineCaller(deps: CallDeps): CallEngine {
  let circuit = CLOSED_CIRCUIT

  return async function callEngine({ principal, context, ...call }) {
    const before = circuit
    const admission = admit(before, deps.nowMs())
    if (!admission.ok) {
      const retryAfterSeconds = Math.ceil(admission.waitMs / 1000)
      throw new Fault('unavailable', UNAVAILABLE, { reason: 'engine: circuit is open', retryAfterSeconds })
    }
    circuit = admission.circuit
    const headers = requestHeaders(context.header, deps.secretHeaders, {
      requestId: context.requestId,
      traceparent: continueTrace(context.header('Traceparent'), deps.newId),
      address: context.address,
      contentType: call.body?.contentType,
      caller: principal && { userId: principal.userId, assertion: await assertion(principal, context) },
    })
    const outcome = await sendOnceOrTwice({ ...call, headers })
    // A call that told nothing of the engine gives up its turn as the probe: otherwise callers could use up every probe.
    circuit = afterOutcome(outcome) ?? (circuit === admission.circuit ? before : circuit)
    if (outcome.outcome === 'failure') throw failureFault(outcome.failure)
    if (outcome.outcome === 'refused') throw outcome.error
    return checked(call.method, outcome.answer)
  }

  async function assertion(principal: Principal | OnBehalfOf, { requestId }: CallContext): Promise<string> {
    const isSystem = principal.kind === 'system'
    const own = isSystem ? STAR : principal.scopes
    // The engine has no keys: what a caller may do to keys says nothing to it.
    const scopes = own[0] === '*' ? STAR : own
    return await deps.assertions.sign({ userId: principal.userId, scopes, requestId, isSystem })
  }

  /** Only a GET may happen twice, and only when the engine went away: waiting twice would be no service. */
  async function sendOnceOrTwice(request: EngineRequest): Promise<EngineOutcome> {
    const first = await deps.transport.send(request)
    const isGone = first.outcome === 'failure' && ['unreachable', 'answer_cut_short'].includes(first.failure)
    return isGone && request.method === 'GET' ? await deps.transport.send(request) : first
  }

  /** Undefined when the outcome is the caller's own doing. */
  function afterOutcome(outcome: EngineOutcome): Circuit | undefined {
    if (outcome.outcome === 'answer') return CLOSED_CIRCUIT
    if (outcome.outcome === 'refused') return undefined
    const { breaks } = FAILURES[outcome.failure]
    if (breaks === 'counts') return afterFailure(circuit, deps.nowMs())
    return breaks === 'clears' ? CLOSED_CIRCUIT : undefined
  }
}

const UNAVAILABLE = 'Engine is temporarily unavailable'
const UNUSABLE = 'Engine gave no usable answer'

/** Each failure's fault, and what it means to the circuit: a caller's own failing says nothing about the engine. */
const FAILURES = {
  unreachable: { code: 'unavailable', detail: UNAVAILABLE, breaks: 'counts' },
  no_answer_in_time: { code: 'gateway_timeout', detail: 'Engine did not answer in time', breaks: 'counts' },
  // A caller can bring it about, by an upload that the engine does not want: it is no sign that the engine is away.
  closed_during_upload: {
    code: 'bad_gateway',
    detail: 'Engine closed the connection during the upload',
    breaks: 'ignored',
  },
  answer_cut_short: { code: 'bad_gateway', detail: UNUSABLE, breaks: 'clears' },
  answer_too_slow: { code: 'bad_gateway', detail: UNUSABLE, breaks: 'clears' },
  answer_too_large: { code: 'bad_gateway', detail: UNUSABLE, breaks: 'clears' },
  body_too_large: { code: 'payload_too_large', detail: 'Request body is too large', breaks: 'ignored' },
  body_cut_short: { code: 'bad_request', detail: 'Request body ended early', breaks: 'ignored' },
} as const satisfies Record<EngineFailure, { code: FaultCode; detail: string; breaks: string }>

function failureFault(failure: EngineFailure): Fault {
  const { code, detail } = FAILURES[failure]
  return new Fault(code, detail, {
    reason: `engine: ${failure}`,
    ...(code === 'unavailable' && { retryAfterSeconds: RETRY_AFTER_SECONDS }),
  })
}

/**
 * The engine's own envelopes pass, 4xx and 5xx too; but its 401 and 403 are about the gate and not the caller. So does a
 * 204 to a DELETE, which says all there is to say. 205 has no body to pass.
 */
function checked(method: EngineMethod, answer: EngineAnswer): CheckedAnswer {
  const { status } = answer
  if (status === 401 || status === 403) throw unusable(`refused the gate with ${status}`)
  if (status < 200 || status === 205 || (status >= 300 && status < 400) || status > 599)
    throw unusable(`answered ${status}`)
  if (status === 204 && method === 'DELETE') return { answer, envelope: { isSuccess: true, data: undefined } }
  const envelope = answer.text === undefined ? undefined : readEnvelope(answer.text)
  if (envelope === undefined) throw unusable(`answered ${status} without an envelope`)
  return { answer, envelope }
}

function unusable(what: string): Fault {
  return new Fault('bad_gateway', UNUSABLE, { reason: `engine: ${what}` })
}
