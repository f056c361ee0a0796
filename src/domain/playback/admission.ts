// Whether a playback token lets a request in: its signature, by a key of the film's owner, and then its policy.
import { isCanonicalToken } from '../../core/auth/session-token.ts'
import { Fault } from '../../core/fault.ts'
import { readClaims, type Audience, type PlaybackClaims } from '../../core/playback/claims.ts'
import { PLAYBACK_REFUSALS, refusalOf, type ClientInfo, type PlaybackRefusal } from '../../core/playback/policy.ts'
import { GATE_REFERENCE, type PublicJwk, type TokenAlgorithm } from './token-keys.ts'

/** A key that tokens for an owner's films may be signed with. */
export interface AdmittingKey {
  readonly id: string
  readonly algorithm: TokenAlgorithm
  readonly publicJwk: PublicJwk
  readonly reference: string
}

export interface TokenHeader {
  readonly alg: unknown
  readonly kid: unknown
  readonly typ: unknown
  /** It brings a key, or names one elsewhere, or demands what is not known here. */
  readonly isLaden: boolean
}

export interface TokenVerifier {
  /** Undefined when it has no header that can be read. Nothing is verified. */
  peek(token: string): TokenHeader | undefined
  /** The claims; undefined when the signature does not fit. Time is not looked at. */
  verify(token: string, key: AdmittingKey): Promise<Readonly<Record<string, unknown>> | undefined>
  /** The same, of a token that the gate signed itself. */
  verifyOwn(token: string): Promise<Readonly<Record<string, unknown>> | undefined>
}

/** How many viewings a token has begun: D1 decides, so that of any number at once exactly so many begin. */
export interface TokenUses {
  /** Counts one; false when there were `count` already. */
  take(use: {
    readonly keyId: string
    readonly jti: string
    readonly count: number
    readonly expiresAtMs: number
  }): Promise<boolean>
}

export interface AdmissionRequest {
  /** Undefined: none was given. */
  readonly token: string | undefined
  readonly audience: Audience
  readonly client: ClientInfo
  readonly pageOrigin: string | undefined
}

export interface Admission {
  readonly claims: PlaybackClaims
  readonly keyId: string
  readonly keyReference: string
}

export const TOKEN_TYPE = 'lynxgate-playback+jwt'
export const GATE_KID = 'gate'
/** Of the count of uses, for tokens of the gate's own: no key has this id. */
const GATE_KEY_ID = 'gate'

/** The `kid` of a token, to look its key up together with the film; undefined without a readable one. */
export function keyIdOf(verifier: Pick<TokenVerifier, 'peek'>, token: string | undefined): string | undefined {
  if (token === undefined || !isCanonicalToken(token)) return undefined
  const kid = verifier.peek(token)?.kid
  return typeof kid === 'string' && kid.length <= 128 ? kid : undefined
}

/** What the token grants; throws 403 with the contract's text. `key`: of the film's owner, by the token's `kid`. */
export async function admit(
  verifier: TokenVerifier,
  film: { readonly jobId: string },
  key: AdmittingKey | undefined,
  request: AdmissionRequest,
  nowMs: number,
): Promise<Admission> {
  const { token } = request
  if (token === undefined) throw refusal('token_required')
  const header = isCanonicalToken(token) ? verifier.peek(token) : undefined
  if (header === undefined || header.typ !== TOKEN_TYPE || header.isLaden) throw refusal('token_invalid')
  const isOwn = header.kid === GATE_KID
  const payload = isOwn ? await verifyOwn(verifier, token, header) : await verifyForeign(verifier, token, header, key)
  const claims = payload && readClaims(payload)
  if (claims === undefined) throw refusal('token_invalid')
  const { audience, client, pageOrigin } = request
  const broken = refusalOf(claims, {
    jobId: film.jobId,
    audience,
    client,
    pageOrigin,
    nowSeconds: Math.floor(nowMs / 1000),
  })
  if (broken !== undefined) throw refusal(broken)
  return isOwn || key === undefined
    ? { claims, keyId: GATE_KEY_ID, keyReference: GATE_REFERENCE }
    : { claims, keyId: key.id, keyReference: key.reference }
}

async function verifyOwn(verifier: TokenVerifier, token: string, { alg }: TokenHeader) {
  return alg === 'HS256' ? await verifier.verifyOwn(token) : undefined
}

async function verifyForeign(
  verifier: TokenVerifier,
  token: string,
  { alg, kid }: TokenHeader,
  key: AdmittingKey | undefined,
) {
  return key !== undefined && typeof kid === 'string' && alg === key.algorithm
    ? await verifier.verify(token, key)
    : undefined
}

const TEXTS: Readonly<Record<PlaybackRefusal, string>> = {
  token_required: 'Playback token is required',
  token_invalid: 'Playback token is invalid',
  token_expired: 'Playback token has expired',
  token_not_yet_valid: 'Playback token is not valid yet',
  token_used: 'Playback token was already used',
  country: 'Playback is not allowed from this country',
  network: 'Playback is not allowed from this network',
  page: 'Playback is not allowed from this page',
  too_many_streams: 'Too many streams at once',
  session_invalid: 'Playback session is invalid',
  session_ended: 'Playback session has ended',
  quality: 'Playback is not allowed at this quality',
}

/** The rule that a 403 names; undefined for faults of other kinds. */
export function refusalIn(fault: Fault): PlaybackRefusal | undefined {
  if (fault.code !== 'forbidden') return undefined
  return PLAYBACK_REFUSALS.find((reason) => TEXTS[reason] === fault.detail)
}

/** 403 with the contract's text; the log learns which rule it was. */
export function refusal(reason: PlaybackRefusal): Fault {
  return new Fault('forbidden', TEXTS[reason], { reason: `playback: ${reason}` })
}
