// Shared reports as the owner of a video makes, lists and deletes them.
import { Fault } from '../../core/fault.ts'
import type { Principal, UserId } from '../../core/auth/principal.ts'
import { decodeReportCursor, encodeReportCursor, type ReportPosition } from '../../core/cursor.ts'
import type { PlaybackMode } from '../../core/playback-mode.ts'
import { formatShareHash, SHARE_HASH_BYTES } from '../../core/videos/share-hash.ts'
import { parseUuid } from '../../core/uuid.ts'
import { endViewings, type EndingDeps } from '../playback/ending.ts'
import type { PlayableVideo } from '../playback/playback.ts'
import { shareViewer } from '../playback/share-token.ts'
import type { NotOwn } from './store.ts'
import { parseJobIdOr404, notOwn } from './videos.ts'

export interface StoredReport {
  readonly id: string
  readonly videoId: string
  readonly shareHash: string
  /** Undefined: never. */
  readonly expiresAtMs: number | undefined
  readonly viewCount: number
  readonly createdAtMs: number
}

export interface SharedReport extends StoredReport {
  /** False once it has expired; what was deleted is in no list. */
  readonly isActive: boolean
}

/** In a list across videos. */
export interface NamedReport extends SharedReport {
  readonly videoName: string
}

/** Every method is one round trip, and one statement decides. */
export interface SharedReportStore {
  create(
    userId: UserId,
    report: Omit<StoredReport, 'viewCount'>,
    maxPerVideo: number,
  ): Promise<'created' | 'full' | NotOwn>
  /** Newest first. */
  listByVideo(userId: UserId, jobId: string): Promise<readonly StoredReport[] | NotOwn>
  /** Of all videos, newest first. */
  listByUser(
    userId: UserId,
    page: { readonly after: ReportPosition | undefined; readonly limit: number },
  ): Promise<readonly (StoredReport & Pick<NamedReport, 'videoName'>)[]>
  /** What is not expired and whose owner is not deleted, with what the public view and the bucket need. */
  findLive(
    shareHash: string,
    nowMs: number,
  ): Promise<{ readonly report: StoredReport; readonly video: PlayableVideo } | undefined>
  addView(id: string): Promise<void>
  /** How the video is played whose report is gone. */
  remove(userId: UserId, id: string, nowMs: number): Promise<{ readonly playback: PlaybackMode } | NotOwn>
}

export interface SharedReportDeps {
  readonly sharedReports: SharedReportStore
  readonly nowMs: () => number
  readonly newId: () => string
  readonly randomBytes: (count: number) => Uint8Array
}

/** Of one video, expired ones included. */
const MAX_REPORTS_A_VIDEO = 1000

/** Shares an own video under a new secret hash. */
export async function shareReport(
  deps: Pick<SharedReportDeps, 'sharedReports' | 'nowMs' | 'newId' | 'randomBytes'>,
  principal: Principal,
  input: { readonly videoId: string; readonly expiresAtMs: number | undefined },
): Promise<SharedReport> {
  const nowMs = deps.nowMs()
  if (input.expiresAtMs !== undefined && input.expiresAtMs <= nowMs) {
    throw new Fault('validation_error', 'expires_at: must be in the future')
  }
  const report = {
    id: deps.newId(),
    videoId: parseJobIdOr404(input.videoId),
    shareHash: formatShareHash(deps.randomBytes(SHARE_HASH_BYTES)),
    expiresAtMs: input.expiresAtMs,
    createdAtMs: nowMs,
  }
  const outcome = await deps.sharedReports.create(principal.userId, report, MAX_REPORTS_A_VIDEO)
  if (outcome === 'full') {
    throw new Fault('conflict', `A video can have at most ${MAX_REPORTS_A_VIDEO} shared reports`)
  }
  if (outcome !== 'created') throw notOwn(outcome)
  return { ...report, viewCount: 0, isActive: true }
}

/** The owner's list of one video, newest first. */
export async function listSharedReports(
  deps: Pick<SharedReportDeps, 'sharedReports' | 'nowMs'>,
  principal: Principal,
  jobId: string,
): Promise<readonly SharedReport[]> {
  const reports = await deps.sharedReports.listByVideo(principal.userId, parseJobIdOr404(jobId))
  if (typeof reports === 'string') throw notOwn(reports)
  return reports.map(withState(deps.nowMs()))
}

/** All of the owner's, newest first, page by page. */
export async function listOwnReports(
  deps: Pick<SharedReportDeps, 'sharedReports' | 'nowMs'>,
  principal: Principal,
  input: { readonly cursor: string | undefined; readonly limit: number },
): Promise<{ readonly reports: readonly NamedReport[]; readonly cursor: string | undefined }> {
  const { limit } = input
  const after = input.cursor === undefined ? undefined : decodeReportCursor(input.cursor)
  if (input.cursor !== undefined && after === undefined) {
    throw new Fault('validation_error', 'cursor: is not a cursor of this list')
  }
  // One more than asked for tells whether there is a next page.
  const rows = await deps.sharedReports.listByUser(principal.userId, { after, limit: limit + 1 })
  const reports = rows.slice(0, limit).map(withState(deps.nowMs()))
  const last = reports.at(-1)
  return { reports, cursor: rows.length > limit && last !== undefined ? encodeReportCursor(last) : undefined }
}

function withState(nowMs: number) {
  return <Report extends StoredReport>(report: Report): Report & SharedReport => ({
    ...report,
    isActive: (report.expiresAtMs ?? Infinity) > nowMs,
  })
}

/** Ends an own shared report for good; of a private film the viewings too that began with it. */
export async function deleteSharedReport(
  deps: Pick<SharedReportDeps, 'sharedReports'> & EndingDeps,
  principal: Principal,
  id: string,
): Promise<void> {
  const reportId = parseUuid(id)
  const outcome =
    reportId === undefined ? 'missing' : await deps.sharedReports.remove(principal.userId, reportId, deps.nowMs())
  if (outcome === 'missing') throw reportNotFound()
  if (outcome === 'foreign') throw new Fault('forbidden', 'Shared report does not belong to this user')
  if (outcome.playback !== 'private' || deps.playbackSessions === undefined || reportId === undefined) return
  await endViewings(deps, principal, { ended: { viewer: shareViewer(reportId) }, begunBeforeMs: undefined })
}

export function reportNotFound(): Fault {
  return new Fault('not_found', 'Shared report not found')
}
