// Plays: a row for each viewing, kept by what isolates report of it, and who is watching now.
import type { Principal } from '../../core/auth/principal.ts'
import { decodeSessionCursor, encodeSessionCursor, type SessionPosition } from '../../core/cursor.ts'
import { Fault } from '../../core/fault.ts'
import { isRecord } from '../../core/json.ts'
import { privateFilmsUnavailable } from './ending.ts'
import type { PlaybackSessions } from './sessions.ts'
import type { Measures } from '../../core/analytics/measures.ts'
import { readMeasures } from './play-message.ts'

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
  readonly device: string
  readonly measures: Measures
  /** Of this report and no other; '' in those of versions before: a message that comes twice counts once by it. */
  readonly mark: string
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
  /** By which live plays are listed: a stretch of time in which it was last seen. */
  readonly slot: number
}

export interface PlayStore {
  /** Adds the reports to their plays, all or none. */
  add(reports: readonly PlayReport[]): Promise<void>
  /** Of the owner: those that are running and were ended by nothing. */
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
  /** How many rows went: those begun before this moment, at most `limit`. */
  removeBefore(begunMs: number, limit: number): Promise<number>
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

/** A session is reported once in two minutes, and a report takes some seconds. */
export const LIVE_MS = 180_000
const PAGE = 100
const RETENTION_MS = 90 * 86_400_000

/** Who watches the principal's films now. */
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
  return { sessions, cursor: hasMore ? encodeSessionCursor({ at: last.slot, sid: last.sid }) : undefined }
}

/** Takes a message of the queue: what isolates of this Worker reported. */
export async function recordPlays(deps: PlayDeps, message: unknown): Promise<void> {
  const reports = isRecord(message) && Array.isArray(message['plays']) ? message['plays'].map(readReport) : []
  const known = reports.filter((report) => report !== undefined)
  if (known.length > 0) await deps.plays.add(known)
}

/** Of one statement, and so many statements of one run: 100,000 plays in five minutes. */
const REMOVED_AT_ONCE = 5000
const REMOVALS_A_RUN = 20

/** Removes plays that began 90 days ago or earlier; what is too much for one run goes in the next, minutes later. */
export async function removeOldPlays(deps: RetentionDeps): Promise<number> {
  const beforeMs = deps.nowMs() - RETENTION_MS
  let removed = 0
  for (let run = 0; run < REMOVALS_A_RUN; run += 1) {
    const count = await deps.plays.removeBefore(beforeMs, REMOVED_AT_ONCE)
    removed += count
    if (count < REMOVED_AT_ONCE) break
  }
  return removed
}

/** Undefined for what another version of this software sent and this one cannot read. */
function readReport(value: unknown): PlayReport | undefined {
  if (!isRecord(value)) return undefined
  const { sid, jobId, ownerId, viewer, viewerName, begunAtMs, endsAtMs, keyReference, seenAtMs, bytes } = value
  const { country, player, device, measures, mark } = value
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
    device: isText(device) ? device : 'other',
    measures: readMeasures(measures),
    mark: isText(mark) ? mark : '',
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
