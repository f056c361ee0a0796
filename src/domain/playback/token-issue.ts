// Tokens that the gate signs itself, for those who do not want to: the same claims, under the reserved key id.
import { Fault } from '../../core/fault.ts'
import type { Principal } from '../../core/auth/principal.ts'
import { parseUuid } from '../../core/uuid.ts'
import { readClaims } from '../../core/playback/claims.ts'
import { privateFilmsUnavailable } from './ending.ts'
import type { FilmStore } from './films.ts'

export interface TokenSigner {
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>
}

export interface TokenIssueDeps {
  readonly filmStore: FilmStore
  /** Undefined without a secret to sign with. */
  readonly playbackTokens: TokenSigner | undefined
  readonly nowMs: () => number
}

const DEFAULT_LIFE_SECONDS = 3600

/** A token for a film of the principal; `claims` are those of the contract, `exp` an hour from now when absent. */
export async function issueToken(
  deps: TokenIssueDeps,
  principal: Principal,
  input: { readonly jobId: string; readonly claims: Readonly<Record<string, unknown>> },
): Promise<{ readonly jobId: string; readonly token: string; readonly expiresAtMs: number }> {
  if (deps.playbackTokens === undefined) throw privateFilmsUnavailable()
  const jobId = parseUuid(input.jobId)
  const film = jobId === undefined ? undefined : await deps.filmStore.findFilm(jobId, undefined)
  if (jobId === undefined || film === undefined) throw new Fault('not_found', 'Video not found')
  if (film.video.userId !== principal.userId) throw new Fault('forbidden', 'Video does not belong to this user')
  const iat = Math.floor(deps.nowMs() / 1000)
  const claims = { exp: iat + DEFAULT_LIFE_SECONDS, ...input.claims, iat, sub: jobId }
  const read = readClaims(claims)
  if (read === undefined)
    throw new Fault('validation_error', 'claims: are not those of a playback token; see the documentation')
  if (read.expiresAt * 1000 <= deps.nowMs()) throw new Fault('validation_error', 'exp: must be in the future')
  return { jobId, token: await deps.playbackTokens.sign(claims), expiresAtMs: read.expiresAt * 1000 }
}
