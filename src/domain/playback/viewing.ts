// Beginning a viewing: who may, for how long, and the entry playlist whose children lie below the session's path.
import type { UserId } from '../../core/auth/principal.ts'
import { Fault } from '../../core/fault.ts'
import type { Audience } from '../../core/playback/claims.ts'
import {
  LEEWAY_SECONDS,
  MAX_LIVE_VIEWING_SECONDS,
  viewingSeconds,
  type ClientInfo,
} from '../../core/playback/policy.ts'
import { newSessionId, type PlaybackSession } from '../../core/playback/session.ts'
import { admit, keyIdOf, refusal, type Admission, type TokenUses, type TokenVerifier } from './admission.ts'
import { privateFilmsUnavailable } from './ending.ts'
import type { Film, Films } from './films.ts'
import type { CountedStreams } from './places.ts'
import type { PlayableVideo } from './playback.ts'
import type { PlaybackSessions } from './sessions.ts'
import type { Watching } from './watching.ts'
import type { Defer } from '../defer.ts'

/** What a request for a film says of itself. */
export interface Viewer {
  readonly token: string | undefined
  readonly client: ClientInfo
  /** As `playerFamily` tells it. */
  readonly player: string
  /** As `deviceClass` tells it. */
  readonly device: string
  /** `Sec-GPC`: who it is is not kept. */
  readonly wantsPrivacy: boolean
  /** Of `Origin`, else of `Referer`; undefined when it sends neither. */
  readonly pageOrigin: string | undefined
}

export interface ViewingDeps {
  readonly films: Films
  /** Undefined without a secret to make sessions with: then there are no private films. */
  readonly playbackSessions: PlaybackSessions | undefined
  readonly playbackTokens: TokenVerifier | undefined
  readonly tokenUses: TokenUses
  /** Undefined without the binding that counts. */
  readonly countedStreams: CountedStreams | undefined
  /** Undefined without the queue that takes what is gathered. */
  readonly watching: Watching | undefined
  readonly nowMs: () => number
  readonly randomBytes: (count: number) => Uint8Array
}

/** The bound of a film that was switched off or deleted elsewhere, less the time a request takes. */
export const FILM_MAX_AGE_MS = 55_000
/** A key that was deleted elsewhere: within the bound of revocations. */
const KEY_MAX_AGE_MS = 10_000
const NO_VIEWER = '0'.repeat(16)
const NO_KEY = '0000'

/**
 * The film, to a request that may have this of it; throws 403 or 404. A public film asks for nothing; `uses` are not
 * counted here, for nothing begins yet. `publicMaxAgeMs`: how old a public film's row may be; none, where what it becomes
 * is kept for nearly a minute by itself.
 */
export async function admitToFilm(
  deps: Pick<ViewingDeps, 'films' | 'playbackTokens' | 'nowMs'>,
  jobId: string,
  audience: Audience,
  viewer: Viewer,
  publicMaxAgeMs = 0,
): Promise<{ readonly video: PlayableVideo; readonly admission: Admission | undefined }> {
  const verifier = deps.playbackTokens
  const kid = verifier && keyIdOf(verifier, viewer.token)
  const maxAgeMs = ({ playback }: PlayableVideo): number => (playback === 'private' ? KEY_MAX_AGE_MS : publicMaxAgeMs)
  const film = await deps.films.find(jobId, kid, maxAgeMs)
  if (film.video.playback !== 'private') return { video: film.video, admission: undefined }
  if (verifier === undefined) throw privateFilmsUnavailable()
  return {
    video: film.video,
    admission: await admit(verifier, film.video, film.key, { ...viewer, audience }, deps.nowMs()),
  }
}

/** The path prefix of a new viewing, `/v/<session>/`; counts a use where the token has some left, else 403. */
export async function beginViewing(
  deps: ViewingDeps,
  { video, admission }: { readonly video: PlayableVideo; readonly admission: Admission | undefined },
  { client, player, device, wantsPrivacy, defer }: Omit<Viewer, 'token' | 'pageOrigin'> & { readonly defer: Defer },
): Promise<string> {
  if (deps.playbackSessions === undefined) throw privateFilmsUnavailable()
  const claims = admission?.claims
  const begunAt = Math.floor(deps.nowMs() / 1000)
  // A live stream has no registered length; what a day would end is then a week.
  const isLive = video.durationSeconds === undefined
  const seconds = claims === undefined ? MAX_LIVE_VIEWING_SECONDS : viewingSeconds(claims, isLive)
  const viewer =
    claims?.viewer === undefined ? NO_VIEWER : deps.playbackSessions.viewerHash(video.userId, claims.viewer)
  const isCounted = claims?.streams !== undefined
  const session = {
    jobId: video.jobId,
    sid: newSessionId(deps.randomBytes),
    viewer,
    begunAt,
    endsAt: begunAt + seconds,
    keyReference: admission?.keyReference ?? NO_KEY,
    flags: { isCounted, isBound: claims?.isBoundToHome ?? false, isLive, maxLines: claims?.maxLines ?? 0 },
  }
  if (claims?.streams === undefined) await countUse(deps, admission)
  else await takePlace(deps, admission, { ...session, ...claims.streams, ownerId: video.userId })
  const served = {
    bytes: 0,
    viewerName: wantsPrivacy ? undefined : claims?.viewer,
    client: () => ({ country: client.country, player, device }),
    isBeginning: true,
  }
  deps.watching?.note(session, video.userId, served, defer)
  return `/v/${deps.playbackSessions.issue(session, client.address)}/`
}

/**
 * A place among the viewer's streams, and one of the token's uses: what can be refused is asked for first, so that a
 * refusal ends no other stream and uses nothing up.
 */
async function takePlace(
  deps: ViewingDeps,
  admission: Admission | undefined,
  place: Pick<PlaybackSession, 'sid' | 'viewer' | 'endsAt'> & {
    readonly ownerId: UserId
    readonly count: number
    readonly rule: 'replace' | 'refuse'
  },
): Promise<void> {
  const { countedStreams } = deps
  if (countedStreams === undefined)
    throw new Fault('unavailable', 'Counting streams needs a binding that is not there', { retryAfterSeconds: 60 })
  const { sid, viewer, ownerId, count, rule, endsAt } = place
  if (rule === 'replace') await countUse(deps, admission)
  const outcome = await countedStreams.begin(
    { ownerId, viewer },
    { sid, streams: count, rule, endsAtMs: endsAt * 1000 },
  )
  if (outcome === 'full') throw refusal('too_many_streams')
  if (rule === 'replace') return
  await countUse(deps, admission).catch(async (refused: unknown) => {
    await countedStreams.release({ ownerId, viewer }, sid)
    throw refused
  })
}

async function countUse(
  { tokenUses }: Pick<ViewingDeps, 'tokenUses'>,
  admission: Admission | undefined,
): Promise<void> {
  const uses = admission?.claims.uses
  if (admission === undefined || uses === undefined) return
  const expiresAtMs = (admission.claims.expiresAt + LEEWAY_SECONDS) * 1000
  const isTaken = await tokenUses.take({ keyId: admission.keyId, ...uses, expiresAtMs })
  if (!isTaken) throw refusal('token_used')
}

export interface SessionDeps {
  readonly films: Films
  readonly playbackSessions: PlaybackSessions | undefined
  readonly playbackRevocations: {
    refresh(defer: Defer): Promise<void>
    endedOf(ownerId: string): Promise<(session: PlaybackSession) => boolean>
  }
  readonly countedStreams: CountedStreams | undefined
  readonly nowMs: () => number
}

/** The film of a session that is still running; throws 403 before any I/O for a text that is none of ours. */
export async function continueViewing(
  deps: SessionDeps,
  input: {
    readonly session: string
    /** The client's; asked where the session is bound to it. */
    readonly address: () => string | undefined
    readonly defer: Defer
  },
): Promise<{ readonly film: Film; readonly session: PlaybackSession }> {
  const session = deps.playbackSessions?.read(input.session, input.address)
  if (session === undefined) throw refusal('session_invalid')
  if (deps.nowMs() >= session.endsAt * 1000) throw refusal('session_ended')
  await deps.playbackRevocations.refresh(input.defer)
  const film = await deps.films.find(session.jobId, undefined, () => FILM_MAX_AGE_MS)
  const isEnded = await deps.playbackRevocations.endedOf(film.video.userId)
  if (isEnded(session)) throw refusal('session_ended')
  // A film that became private ends the viewings that began without a token.
  if (film.video.playback === 'private' && session.keyReference === NO_KEY) throw refusal('session_ended')
  if (session.flags.isCounted && (await isReplaced(deps, session, film, input.defer))) throw refusal('session_ended')
  return { film, session }
}

async function isReplaced(
  { countedStreams }: Pick<SessionDeps, 'countedStreams'>,
  session: PlaybackSession,
  { video }: Film,
  defer: Defer,
): Promise<boolean> {
  if (countedStreams === undefined)
    throw new Fault('unavailable', 'Playback is temporarily unavailable', { retryAfterSeconds: 60 })
  return await countedStreams.isEnded(session, video.userId, defer)
}
