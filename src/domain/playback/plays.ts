// Plays: a row for each viewing, kept by what isolates report of it, and who is watching now.
import type { Principal } from '../../core/auth/principal.ts'
import { decodeSessionCursor, encodeSessionCursor, type SessionPosition } from '../../core/cursor.ts'
import { Fault } from '../../core/fault.ts'
import { isRecord } from '../../core/json.ts'
import { privateFilmsUnavailable } from './ending.ts'
import type { PlaybackSessions } from './sessions.ts'

/** What one isolate served of a viewing since its last report. */
export interface PlayReport {
  /** 16 hex digits. */
  readonly sid: string
  readonly jobId: string
  readonly ownerId: string
  /** The hash that sessions carry; zeros without a viewer. */
  readonly viewer: string
  /** As the token names the viewer; undefined in reports of isolates that did not see the beginning. */
  readonly viewerName: string | undefined
  readonly begunAtMs: number
  readonly endsAtMs: number
  readonly keyReference: string
  readonly seenAtMs: number
  readonly bytes: number
  /** ISO 3166-1, as Cloudflare says it. */
  readonly country: string | undefined
  readonly player: string
}

export interface LivePlay {
  readonly sid: string
  readonly jobId: string
  readonly viewer: string | undefined
  readonly begunAtMs: number
  readonly lastSeenAtMs: number
  readonly country: string | undefined
  readonly player: string
  readonly bytes: number
}

export interface PlayStore {
  /** Adds the reports to their plays, all or none. */
  add(reports: readonly PlayReport[]): Promise<void>
  /** Of the owner, last seen first: those that are running and were ended by nothing. */
  listLive(
    ownerId: string,
    page: {
      readonly jobId: string | undefined
      /** Any of these hashes; undefined: whoever. */
      readonly viewers: readonly string[] | undefined
      readonly seenSinceMs: number
      readonly nowMs: number
      readonly after: SessionPosition | undefined
      readonly limit: number
    },
  ): Promise<readonly LivePlay[]>
  /** How many rows went: those last seen before this moment. */
  removeBefore(seenMs: number): Promise<number>
}

export interface PlayDeps {
  readonly plays: PlayStore
}

export interface RetentionDeps extends PlayDeps {
  readonly nowMs: () => number
}

export interface LiveDeps extends PlayDeps {
  readonly playbackSessions: Pick<PlaybackSessions, 'viewerHashes'> | undefined
  /** Undefined without the queue by which isolates report. */
  readonly watching: unknown
  readonly nowMs: () => number
}

/** A session is reported once a minute, and a report takes some seconds. */
const LIVE_MS = 120_000
const PAGE = 100
const RETENTION_MS = 90 * 86_400_000

/** Who watches the principal's films now, last seen first. */
export async function listLiveSessions(
  deps: LiveDeps,
  principal: Principal,
  input: {
    readonly jobId: string | undefined
    readonly viewer: string | undefined
    readonly cursor: string | undefined
  },
): Promise<{ readonly sessions: readonly LivePlay[]; readonly cursor: string | undefined }> {
  if (deps.playbackSessions === undefined) throw privateFilmsUnavailable()
  if (deps.watching === undefined)
    throw new Fault('unavailable', 'Live sessions need a binding that is not there', { retryAfterSeconds: 60 })
  const after = input.cursor === undefined ? undefined : decodeSessionCursor(input.cursor)
  if (input.cursor !== undefined && after === undefined)
    throw new Fault('validation_error', 'cursor: is not a cursor of this list')
  const nowMs = deps.nowMs()
  const found = await deps.plays.listLive(principal.userId, {
    jobId: input.jobId,
    viewers:
      input.viewer === undefined ? undefined : deps.playbackSessions.viewerHashes(principal.userId, input.viewer),
    seenSinceMs: nowMs - LIVE_MS,
    nowMs,
    after,
    limit: PAGE + 1,
  })
  const sessions = found.slice(0, PAGE)
  const last = sessions.at(-1)
  const hasMore = found.length > PAGE && last !== undefined
  return { sessions, cursor: hasMore ? encodeSessionCursor(last) : undefined }
}

/** Takes a message of the queue: what isolates of this Worker reported. */
export async function recordPlays(deps: PlayDeps, message: unknown): Promise<void> {
  const reports = isRecord(message) && Array.isArray(message['plays']) ? message['plays'].map(readReport) : []
  const known = reports.filter((report) => report !== undefined)
  if (known.length > 0) await deps.plays.add(known)
}

/** Removes plays that were last seen 90 days ago or earlier. */
export async function removeOldPlays(deps: RetentionDeps): Promise<number> {
  return await deps.plays.removeBefore(deps.nowMs() - RETENTION_MS)
}

/** Undefined for what another version of this software sent and this one cannot read. */
function readReport(value: unknown): PlayReport | undefined {
  if (!isRecord(value)) return undefined
  const { sid, jobId, ownerId, viewer, viewerName, begunAtMs, endsAtMs, keyReference, seenAtMs, bytes } = value
  const { country, player } = value
  if (!isText(sid) || !isText(jobId) || !isText(ownerId) || !isText(viewer) || !isText(keyReference)) return undefined
  if (!isCount(begunAtMs) || !isCount(endsAtMs) || !isCount(seenAtMs) || !isCount(bytes) || !isText(player))
    return undefined
  return {
    sid,
    jobId,
    ownerId,
    viewer,
    viewerName: isText(viewerName) ? viewerName : undefined,
    begunAtMs,
    endsAtMs,
    keyReference,
    seenAtMs,
    bytes,
    country: isText(country) ? country : undefined,
    player,
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
