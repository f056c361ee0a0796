// Keys that sign playback tokens: registered by the owner of films, who keeps the private half.
import { hex } from '../../core/bytes.ts'
import { Fault } from '../../core/fault.ts'
import type { Principal, UserId } from '../../core/auth/principal.ts'
import type { PlaybackRevocations } from './revocations.ts'
import { parseUuid } from '../../core/uuid.ts'

/** How tokens may be signed; the service verifies and must not be able to sign, so there is no HMAC. */
export type TokenAlgorithm = 'EdDSA' | 'ES256' | 'RS256'

/** A public key as a JWK (RFC 7517), nothing of the private half in it. */
export type PublicJwk = Readonly<Record<string, unknown>>

export interface TokenKey {
  readonly id: string
  readonly name: string
  /** What tokens name it by. */
  readonly kid: string
  readonly algorithm: TokenAlgorithm
  readonly publicJwk: PublicJwk
  readonly createdAtMs: number
}

export interface NewTokenKey extends TokenKey {
  /** Four hex digits, not `0000`; unique among all keys that the owner ever had. */
  readonly reference: string
}

/** Each method is one round trip. */
export interface TokenKeyStore {
  create(
    actor: Principal,
    key: NewTokenKey,
    maxLive: number,
  ): Promise<'created' | 'full' | 'kid_taken' | 'reference_taken'>
  /** Newest first. */
  list(userId: UserId): Promise<readonly TokenKey[]>
  /** Ends every viewing that the key began, in the same transaction. */
  remove(
    actor: Principal,
    id: string,
    revocation: { readonly id: string; readonly nowMs: number },
  ): Promise<{ readonly reference: string } | 'missing' | 'foreign'>
}

export interface KeyPairs {
  /** The public half of a JWK and its algorithm; undefined when it is not a public key that may sign tokens. */
  readPublic(
    jwk: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly publicJwk: PublicJwk; readonly algorithm: TokenAlgorithm } | undefined>
  /** Ed25519. */
  generate(): Promise<{ readonly publicJwk: PublicJwk; readonly privateJwk: PublicJwk }>
}

export interface TokenKeyDeps {
  readonly tokenKeys: TokenKeyStore
  readonly keyPairs: KeyPairs
  readonly playbackRevocations: Pick<PlaybackRevocations, 'learn'>
  readonly nowMs: () => number
  readonly newId: () => string
  readonly randomBytes: (count: number) => Uint8Array
}

export interface IssuedTokenKey {
  readonly key: TokenKey
  /** Of a pair made here: this once. */
  readonly privateJwk: PublicJwk | undefined
}

const MAX_LIVE_KEYS = 20
/** References are short, so one may be taken; with 20 live keys four tries fail once in 10^13. */
const MAX_TRIES = 4
const MAX_KID_CHARACTERS = 128
const GATE_KID = 'gate'

/** Registers a public key, or makes a pair and gives the private half this once. */
export async function createTokenKey(
  deps: TokenKeyDeps,
  principal: Principal,
  input: { readonly name: string; readonly publicJwk: PublicJwk | undefined },
): Promise<IssuedTokenKey> {
  const id = deps.newId()
  const given = input.publicJwk
  const kid = given?.['kid'] === undefined ? id : readKid(given['kid'])
  const pair = given === undefined ? await deps.keyPairs.generate() : undefined
  const read = given === undefined ? undefined : await deps.keyPairs.readPublic(given)
  if (given !== undefined && read === undefined) {
    throw new Fault(
      'validation_error',
      'public_jwk: must be a public Ed25519, P-256 or RSA key (2048 bits or more) as JWK',
    )
  }
  const key = {
    id,
    kid,
    name: input.name,
    algorithm: read?.algorithm ?? 'EdDSA',
    publicJwk: read?.publicJwk ?? pair?.publicJwk ?? {},
    createdAtMs: deps.nowMs(),
  } as const
  for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
    const reference = newReference(deps.randomBytes)
    const outcome = await deps.tokenKeys.create(principal, { ...key, reference }, MAX_LIVE_KEYS)
    if (outcome === 'created') return { key, privateJwk: pair && { ...pair.privateJwk, kid } }
    if (outcome === 'full') throw new Fault('conflict', `A user can have at most ${MAX_LIVE_KEYS} live signing keys`)
    if (outcome === 'kid_taken') throw new Fault('conflict', 'A signing key with this kid is or was registered already')
  }
  throw new Fault('unavailable', 'Signing keys are temporarily unavailable', { retryAfterSeconds: 1 })
}

/** The principal's live keys, newest first. */
export async function listTokenKeys(
  deps: Pick<TokenKeyDeps, 'tokenKeys'>,
  principal: Principal,
): Promise<readonly TokenKey[]> {
  return await deps.tokenKeys.list(principal.userId)
}

/** Deletes a key and ends every viewing that it began. */
export async function deleteTokenKey(
  deps: Pick<TokenKeyDeps, 'tokenKeys' | 'playbackRevocations' | 'nowMs' | 'newId'>,
  principal: Principal,
  keyId: string,
): Promise<void> {
  const id = parseUuid(keyId)
  const revocation = { id: deps.newId(), nowMs: deps.nowMs() }
  const outcome = id === undefined ? 'missing' : await deps.tokenKeys.remove(principal, id, revocation)
  if (outcome === 'foreign') throw new Fault('forbidden', 'Signing key does not belong to this user')
  if (outcome === 'missing') throw new Fault('not_found', 'Signing key not found')
  const begunBefore = Math.floor(revocation.nowMs / 1000)
  deps.playbackRevocations.learn({ ownerId: principal.userId, kind: 'key', value: outcome.reference, begunBefore })
}

function readKid(kid: unknown): string {
  const isFine = typeof kid === 'string' && kid !== '' && kid.length <= MAX_KID_CHARACTERS && kid.isWellFormed()
  if (!isFine || kid === GATE_KID) {
    throw new Fault('validation_error', `public_jwk.kid: must be 1 to ${MAX_KID_CHARACTERS} characters, and not gate`)
  }
  return kid
}

function newReference(randomBytes: (count: number) => Uint8Array): string {
  const reference = hex(randomBytes(2))
  return reference === '0000' || reference === GATE_REFERENCE ? newReference(randomBytes) : reference
}

/** Of viewings begun by tokens that the gate itself signed. */
export const GATE_REFERENCE = 'ffff'
