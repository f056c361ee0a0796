// What everyone sees who has a share link: the film, and its analysis. Nothing here is cached, so that what was deleted is
// gone everywhere at once.
import { MAX_JSON_DEPTH, scanJson, type JsonShape } from '../../core/json.ts'
import { reportKey } from '../../core/storage/media-key.ts'
import type { Audience } from '../../core/playback/claims.ts'
import { filmStateOf, type FilmState } from '../../core/videos/film-state.ts'
import { outlineJson, type Block } from '../../core/videos/report-outline.ts'
import { isShareHash } from '../../core/videos/share-hash.ts'
import type { Defer } from '../defer.ts'
import { hasStream } from '../playback/film-links.ts'
import type { MediaReader, PlayableVideo, StoredObject } from '../playback/playback.ts'
import { shareToken } from '../playback/share-token.ts'
import type { TokenSigner } from '../playback/token-issue.ts'
import { reportNotFound, type SharedReportStore, type StoredReport } from './shared-reports.ts'

export interface SharedViewDeps {
  readonly sharedReports: Pick<SharedReportStore, 'findLive' | 'addView'>
  readonly media: Pick<MediaReader, 'read' | 'exists'>
  /** Undefined without a secret to sign with: then private films cannot be watched. */
  readonly playbackTokens: TokenSigner | undefined
  readonly nowMs: () => number
}

export interface ShareRequest {
  readonly shareHash: string
  readonly isCounted: boolean
  readonly defer: Defer
}

export type Analysis =
  | { readonly kind: 'none' }
  /** JSON, exactly as it was uploaded. */
  | { readonly kind: 'json'; readonly text: string; readonly shape: JsonShape }
  /** There is a file, and it is too large, nested too deep or no JSON. */
  | { readonly kind: 'unreadable' }

export interface PublicReport {
  readonly shareHash: string
  readonly video: PlayableVideo
  readonly analysis: Analysis
  readonly createdAtMs: number
  /** Of a private film, to watch it with. */
  readonly token: string | undefined
}

export interface SharedFilm extends PublicReport {
  /** `off`: its owner ended playback; `private`: nothing here can play private films. */
  readonly film: FilmState | 'off' | 'private'
}

/** Larger than any analysis, and small enough to read whole. */
export const MAX_ANALYSIS_BYTES = 2 * 1024 * 1024

/** What a program with the hash sees. Every answer is one view, counted after it was given. */
export async function viewSharedReport(deps: SharedViewDeps, input: ShareRequest): Promise<PublicReport> {
  const { report, ...shown } = await open(deps, input)
  return { ...shown, token: await tokenFor(deps, report, shown.video, ['stream', 'image']) }
}

/** The same with how the film can be watched, for a page. The link is its owner's word, so it opens a private film too. */
export async function viewSharedFilm(deps: SharedViewDeps, input: ShareRequest): Promise<SharedFilm> {
  const { report, ...shown } = await open(deps, input)
  const { video } = shown
  if (video.playback === 'off') return { ...shown, token: undefined, film: 'off' }
  if (video.playback === 'private' && deps.playbackTokens === undefined)
    return { ...shown, token: undefined, film: 'private' }
  const film = filmStateOf(video, { hasStream: await hasStream(deps, video), isOriginalAllowed: true })
  // The file itself only where there is nothing else to watch.
  const audiences = film === 'original' ? (['download', 'image'] as const) : (['stream', 'image'] as const)
  return { ...shown, token: await tokenFor(deps, report, video, audiences), film }
}

async function open(
  deps: SharedViewDeps,
  input: ShareRequest,
): Promise<Omit<PublicReport, 'token'> & { readonly report: StoredReport }> {
  const found = isShareHash(input.shareHash)
    ? await deps.sharedReports.findLive(input.shareHash, deps.nowMs())
    : undefined
  if (found === undefined) throw reportNotFound()
  const { report, video } = found
  const object = await deps.media.read(reportKey(video.userId, video.jobId), MAX_ANALYSIS_BYTES)
  if (input.isCounted) input.defer(deps.sharedReports.addView(report.id))
  const { shareHash, createdAtMs } = report
  return { report, shareHash, video, analysis: readAnalysis(object), createdAtMs }
}

async function tokenFor(
  { playbackTokens, nowMs }: SharedViewDeps,
  { id, expiresAtMs }: StoredReport,
  { jobId, playback }: PlayableVideo,
  audiences: readonly Audience[],
): Promise<string | undefined> {
  if (playback !== 'private' || playbackTokens === undefined) return undefined
  return await shareToken({ playbackTokens, nowMs }, { reportId: id, jobId, expiresAtMs, audiences })
}

/** What a page can show of the analysis: nothing yet is an empty outline, undefined is what cannot be shown. */
export function outlineAnalysis(analysis: Analysis): readonly Block[] | undefined {
  if (analysis.kind === 'none') return []
  return analysis.kind === 'json' ? outlineJson(analysis.text, analysis.shape) : undefined
}

/** A customer wrote the file: it is looked at before anything is built of it, and its text is never written again. */
export function readAnalysis(object: StoredObject | undefined): Analysis {
  if (object === undefined) return { kind: 'none' }
  const text = object.content?.text()
  const scan = text === undefined ? undefined : scanJson(text, MAX_JSON_DEPTH)
  return text === undefined || scan?.ok !== true ? { kind: 'unreadable' } : { kind: 'json', text, shape: scan.shape }
}
