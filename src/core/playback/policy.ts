// Whether a request fits a playback token: time, use, country, network, page. Pure: now, and what the platform says of
// the client, are given. The refusals are the contract's.
import type { Audience, PlaybackClaims } from './claims.ts'
import { isCountryAllowed } from './country.ts'
import { isInNetworks } from '../http/network.ts'
import { isPageAllowed } from './page-origin.ts'

/** What the platform knows of the client. */
export interface ClientInfo {
  readonly address: string | undefined
  readonly country: string | undefined
  readonly asn: number | undefined
}

export const PLAYBACK_REFUSALS = [
  'token_required',
  'token_invalid',
  'token_expired',
  'token_not_yet_valid',
  'token_used',
  'country',
  'network',
  'page',
  'too_many_streams',
  'session_invalid',
  'session_ended',
  'quality',
] as const

export type PlaybackRefusal = (typeof PLAYBACK_REFUSALS)[number]

/** How far the signer's clock and ours may differ. */
export const LEEWAY_SECONDS = 5
/** How far in the future a token may say it was issued. */
const MAX_AHEAD_SECONDS = 60
const DAY_SECONDS = 86_400
export const MAX_VIEWING_SECONDS = DAY_SECONDS
export const MAX_LIVE_VIEWING_SECONDS = 7 * DAY_SECONDS

/** The first rule that a request breaks; undefined when it may. */
export function refusalOf(
  claims: PlaybackClaims,
  request: {
    readonly jobId: string
    readonly audience: Audience
    readonly nowSeconds: number
    readonly client: ClientInfo
    /** Undefined: it sends neither Origin nor Referer. */
    readonly pageOrigin: string | undefined
  },
): PlaybackRefusal | undefined {
  const { jobId, audience, nowSeconds, client, pageOrigin } = request
  if (claims.jobId !== undefined && claims.jobId !== jobId) return 'token_invalid'
  if (!claims.audiences.has(audience)) return 'token_invalid'
  if (claims.issuedAt > nowSeconds + MAX_AHEAD_SECONDS) return 'token_invalid'
  if (nowSeconds >= claims.expiresAt + LEEWAY_SECONDS) return 'token_expired'
  if (claims.notBefore !== undefined && nowSeconds < claims.notBefore - LEEWAY_SECONDS) return 'token_not_yet_valid'
  if (claims.countries !== undefined && !isCountryAllowed(claims.countries, client.country)) return 'country'
  if (claims.networks !== undefined && !isInNetworks(claims.networks, client)) return 'network'
  if (claims.pages !== undefined && !fitsPages(claims.pages, pageOrigin)) return 'page'
  return undefined
}

/** How long a viewing may last: what the token asks, cut to the cap. */
export function viewingSeconds({ maxSeconds }: Pick<PlaybackClaims, 'maxSeconds'>, isLive: boolean): number {
  const cap = isLive ? MAX_LIVE_VIEWING_SECONDS : MAX_VIEWING_SECONDS
  return Math.min(maxSeconds ?? cap, cap)
}

function fitsPages(
  { origins, allowsNone }: NonNullable<PlaybackClaims['pages']>,
  pageOrigin: string | undefined,
): boolean {
  return pageOrigin === undefined ? allowsNone : isPageAllowed(origins, pageOrigin)
}
