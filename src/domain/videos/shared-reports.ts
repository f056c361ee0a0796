// Shared reports: a video and its analysis for everyone who has the link. Nothing here is cached, so that what was deleted
// is gone everywhere at once.
import { MAX_JSON_DEPTH, scanJson, type JsonShape } from '../../core/json.ts'
import { Fault } from '../../core/fault.ts'
import { reportKey } from '../../core/storage/media-key.ts'
import type { Principal, UserId } from '../../core/auth/principal.ts'
import { outlineJson, type Block } from '../../core/videos/report-outline.ts'
import { formatShareHash, isShareHash, SHARE_HASH_BYTES } from '../../core/videos/share-hash.ts'
import { parseUuid } from '../../core/uuid.ts'
import type { Defer } from '../defer.ts'
import type { MediaReader, StoredObject } from '../playback/playback.ts'
import type { NotOwn, Video } from './store.ts'
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

export type SharedVideo = Pick<Video, 'jobId' | 'name' | 'description' | 'status' | 'durationSeconds'>

/** Every method is one round trip, and one statement decides. */
export interface SharedReportStore {
  create(
    userId: UserId,
    report: Omit<StoredReport, 'viewCount'>,
    maxPerVideo: number,
  ): Promise<'created' | 'full' | NotOwn>
  /** Newest first. */
  listByVideo(userId: UserId, jobId: string): Promise<readonly StoredReport[] | NotOwn>
  /** What is not expired and whose owner is not deleted, with what the public view and the bucket need. */
  findLive(
    shareHash: string,
    nowMs: number,
  ): Promise<{ readonly report: StoredReport; readonly video: SharedVideo; readonly ownerId: string } | undefined>
  addView(id: string): Promise<void>
  remove(userId: UserId, id: string): Promise<'removed' | NotOwn>
}

export interface SharedReportDeps {
  readonly sharedReports: SharedReportStore
  readonly media: Pick<MediaReader, 'read'>
  readonly nowMs: () => number
  readonly newId: () => string
  readonly randomBytes: (count: number) => Uint8Array
}

export type Analysis =
  | { readonly kind: 'none' }
  /** JSON, exactly as it was uploaded. */
  | { readonly kind: 'json'; readonly text: string; readonly shape: JsonShape }
  /** There is a file, and it is too large, nested too deep or no JSON. */
  | { readonly kind: 'unreadable' }

export interface PublicReport {
  readonly shareHash: string
  readonly video: SharedVideo
  readonly analysis: Analysis
  readonly createdAtMs: number
}

/** Of one video, expired ones included. */
const MAX_REPORTS_A_VIDEO = 1000
/** Larger than any analysis, and small enough to read whole. */
const MAX_ANALYSIS_BYTES = 2 * 1024 * 1024

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
  const nowMs = deps.nowMs()
  return reports.map((report) => ({ ...report, isActive: (report.expiresAtMs ?? Infinity) > nowMs }))
}

/** What anybody with the hash sees. Every answer is one view, counted after it was given. */
export async function viewSharedReport(
  deps: Pick<SharedReportDeps, 'sharedReports' | 'media' | 'nowMs'>,
  input: { readonly shareHash: string; readonly isCounted: boolean; readonly defer: Defer },
): Promise<PublicReport> {
  const found = isShareHash(input.shareHash)
    ? await deps.sharedReports.findLive(input.shareHash, deps.nowMs())
    : undefined
  if (found === undefined) throw reportNotFound()
  const { report, video, ownerId } = found
  const object = await deps.media.read(reportKey(ownerId, video.jobId), MAX_ANALYSIS_BYTES)
  if (input.isCounted) input.defer(deps.sharedReports.addView(report.id))
  const { shareHash, createdAtMs } = report
  return { shareHash, video, analysis: readAnalysis(object), createdAtMs }
}

/** What a page can show of the analysis: nothing yet is an empty outline, undefined is what cannot be shown. */
export function outlineAnalysis(analysis: Analysis): readonly Block[] | undefined {
  if (analysis.kind === 'none') return []
  return analysis.kind === 'json' ? outlineJson(analysis.text, analysis.shape) : undefined
}

/** Ends an own shared report for good. */
export async function deleteSharedReport(
  deps: Pick<SharedReportDeps, 'sharedReports'>,
  principal: Principal,
  id: string,
): Promise<void> {
  const reportId = parseUuid(id)
  const outcome = reportId === undefined ? 'missing' : await deps.sharedReports.remove(principal.userId, reportId)
  if (outcome === 'missing') throw reportNotFound()
  if (outcome === 'foreign') throw new Fault('forbidden', 'Shared report does not belong to this user')
}

/** A customer wrote the file: it is looked at before anything is built of it, and its text is never written again. */
function readAnalysis(object: StoredObject | undefined): Analysis {
  if (object === undefined) return { kind: 'none' }
  const text = object.content?.text()
  const scan = text === undefined ? undefined : scanJson(text, MAX_JSON_DEPTH)
  return text === undefined || scan?.ok !== true ? { kind: 'unreadable' } : { kind: 'json', text, shape: scan.shape }
}

function reportNotFound(): Fault {
  return new Fault('not_found', 'Shared report not found')
}
