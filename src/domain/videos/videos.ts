// A user's videos: registering what was uploaded, listing, showing and changing them.
import { Fault } from '../../core/fault.ts'
import { fileNameOf, type ObjectKey } from '../../core/storage/object-key.ts'
import type { PlaybackMode } from '../../core/playback-mode.ts'
import { makerOf, type Principal } from '../../core/auth/principal.ts'
import { parseUuid } from '../../core/uuid.ts'
import { decodeVideoPlace, encodeVideoPlace, type VideoPlace, type VideoSort } from '../../core/videos/sort.ts'
import type { VideoStatus } from '../../core/videos/status.ts'
import { giveBack, spend, type KeyLimitDeps } from '../keys/limits.ts'
import type { FileStore } from '../storage/file-store.ts'
import { privateFilmsUnavailable } from '../playback/ending.ts'
import type { ForgottenStreams } from '../playback/forgotten-streams.ts'
import type { UploadStore } from '../storage/multipart-store.ts'
import { claimFilm, notMade, type FileMakers } from '../storage/makers.ts'
import { ownKey } from '../storage/own-key.ts'
import { findProject, parseProjectIdOr404, projectNotOwn, type ProjectDeps } from './projects.ts'
import type { NotDeletable, Video, VideoChange, VideoStore } from './store.ts'

export interface VideoDeps extends Pick<ProjectDeps, 'projectStore'>, KeyLimitDeps {
  readonly videoStore: VideoStore
  readonly fileMakers: FileMakers
  readonly files: FileStore
  readonly uploadStore: Pick<UploadStore, 'list'>
  readonly forgottenStreams: Pick<ForgottenStreams, 'forget'>
  /** Undefined: there are no private films here. */
  readonly playbackSessions: object | undefined
  readonly nowMs: () => number
  readonly newId: () => string
}

/**
 * Makes a video of an object that is uploaded, or is being uploaded in parts. Of any number of requests for one path or one id at once, one makes it and all
 * get its id. Its size is the object's own, not what the client claims.
 */
export async function registerUpload(
  deps: Pick<
    VideoDeps,
    | 'videoStore'
    | 'projectStore'
    | 'fileMakers'
    | 'files'
    | 'uploadStore'
    | 'playbackSessions'
    | 'keyCounters'
    | 'nowMs'
    | 'newId'
  >,
  principal: Principal,
  input: {
    readonly filePath: string
    readonly fileName: string | undefined
    readonly durationSeconds: number | undefined
    readonly playback: PlaybackMode
    readonly jobId: string | undefined
    readonly projectId: string | undefined
  },
): Promise<{ readonly jobId: string; readonly isNew: boolean }> {
  const storagePath = ownKey(principal, input.filePath, 'file_path')
  const jobId = parseUuid(input.jobId ?? deps.newId())
  if (jobId === undefined) throw new Fault('validation_error', 'job_id: must be a UUID')
  requirePrivatePlayback(deps, input.playback)
  const project = input.projectId === undefined ? undefined : await findProject(deps, principal, input.projectId)
  const fileSizeBytes = await sizeOfUpload(deps, principal, storagePath)
  await claimFilm(deps, principal, storagePath, jobId)
  await spend(deps, principal, { bytes_per_day: fileSizeBytes })
  const registration = await deps.videoStore.register({
    jobId,
    userId: principal.userId,
    madeBy: makerOf(principal),
    name: input.fileName ?? fileNameOf(storagePath),
    durationSeconds: input.durationSeconds,
    fileSizeBytes,
    playback: input.playback,
    projectId: project?.id,
    storagePath,
    createdAtMs: deps.nowMs(),
  })
  if (registration === 'foreign' || !registration.isNew) {
    await giveBack(deps, principal, 'bytes_per_day', fileSizeBytes)
  }
  if (registration === 'foreign') throw notOwn('foreign')
  return registration
}

/** Of the object, or of what its parts will be; 404 when there is neither. */
async function sizeOfUpload(
  { files, uploadStore, nowMs }: Pick<VideoDeps, 'files' | 'uploadStore' | 'nowMs'>,
  { userId }: Principal,
  key: ObjectKey,
): Promise<number> {
  const storedBytes = await files.sizeOf(key)
  if (storedBytes !== undefined) return storedBytes
  const [upload] = await uploadStore.list(userId, { key, before: undefined, nowMs: nowMs(), limit: 1 })
  if (upload === undefined) throw new Fault('not_found', 'Uploaded file not found')
  return upload.fileBytes
}

/** One page in some order; videos that are added meanwhile shift nothing. */
export async function listVideos(
  deps: Pick<VideoDeps, 'videoStore'>,
  principal: Principal,
  input: {
    readonly status: VideoStatus | undefined
    readonly projectId: string | undefined
    /** In the name or the description. */
    readonly text: string | undefined
    readonly sort: VideoSort
    readonly cursor: string | undefined
    readonly limit: number
  },
): Promise<{ readonly videos: readonly Video[]; readonly cursor: string | undefined }> {
  const { status, text, sort, limit } = input
  const projectId = input.projectId === undefined ? undefined : parseUuid(input.projectId)
  const after = input.cursor === undefined ? undefined : decodeVideoPlace(sort, input.cursor)
  if (input.cursor !== undefined && after === undefined) {
    throw new Fault('validation_error', 'cursor: is not a cursor of this list')
  }
  // One more than asked for tells whether there is a next page.
  const rows = await deps.videoStore.list(principal.userId, { status, projectId, text, sort, after, limit: limit + 1 })
  const videos = rows.slice(0, limit)
  const last = videos.at(-1)
  const hasMore = rows.length > limit && last !== undefined
  return { videos, cursor: hasMore ? encodeVideoPlace(sort, placeOf(last, sort)) : undefined }
}

function placeOf({ jobId, createdAtMs, name, durationSeconds }: Video, sort: VideoSort): VideoPlace {
  if (sort === 'name' || sort === '-name') return { jobId, value: name }
  return { jobId, value: sort.endsWith('duration') ? (durationSeconds ?? 0) : createdAtMs }
}

export async function findVideo(
  deps: Pick<VideoDeps, 'videoStore'>,
  principal: Principal,
  jobId: string,
): Promise<Video> {
  const video = await deps.videoStore.find(parseJobIdOr404(jobId))
  if (video === undefined) throw notOwn('missing')
  if (video.userId !== principal.userId) throw notOwn('foreign')
  return video
}

/**
 * Changes what is given. A status that is no step from the present one is a 409 and nothing is changed. Playback that is
 * switched off ends here at once, in other isolates within a minute.
 */
export async function changeVideo(
  deps: Pick<VideoDeps, 'videoStore' | 'forgottenStreams' | 'playbackSessions' | 'nowMs'>,
  principal: Principal,
  input: { readonly jobId: string; readonly change: VideoChange },
): Promise<Video> {
  const { change } = input
  if (Object.values(change).every((value) => value === undefined)) {
    throw new Fault('validation_error', 'body: must name something to change')
  }
  requirePrivatePlayback(deps, change.playback)
  const projectId = typeof change.projectId === 'string' ? parseProjectIdOr404(change.projectId) : change.projectId
  const jobId = parseJobIdOr404(input.jobId)
  const changed = await deps.videoStore.change(principal, jobId, { ...change, projectId }, deps.nowMs())
  if (changed === 'refused') {
    throw new Fault('conflict', `Video cannot become ${change.status ?? ''} from the status it has`)
  }
  if (changed === 'missing_project') throw projectNotOwn('missing')
  if (changed === 'foreign_project') throw projectNotOwn('foreign')
  if (typeof changed === 'string') return refuse(changed)
  // What everyone got is no longer for everyone, at once here.
  if (change.playback === 'off' || change.playback === 'private') deps.forgottenStreams.forget(changed.jobId)
  return changed
}

/**
 * Puts another film under the same id and links: an own object, stored or on its way in parts. The stream's files are
 * its owner's to send; what is cached of them ends here at once, in other isolates within a minute.
 */
export async function replaceSource(
  deps: Pick<
    VideoDeps,
    'videoStore' | 'files' | 'uploadStore' | 'fileMakers' | 'forgottenStreams' | 'keyCounters' | 'nowMs'
  >,
  principal: Principal,
  input: { readonly jobId: string; readonly filePath: string; readonly durationSeconds: number | undefined },
): Promise<Video> {
  const jobId = parseJobIdOr404(input.jobId)
  const storagePath = ownKey(principal, input.filePath, 'file_path')
  const fileSizeBytes = await sizeOfUpload(deps, principal, storagePath)
  // What is left of another member's film would be without a maker.
  await claimFilm(deps, principal, storagePath, jobId)
  const source = { storagePath, fileSizeBytes, durationSeconds: input.durationSeconds }
  await spend(deps, principal, { bytes_per_day: fileSizeBytes })
  const changed = await deps.videoStore.replaceSource(principal.userId, jobId, source, deps.nowMs())
  if (typeof changed === 'string') await giveBack(deps, principal, 'bytes_per_day', fileSizeBytes)
  if (changed === 'taken') throw new Fault('conflict', 'Another video has this file_path')
  if (typeof changed === 'string') return refuse(changed)
  deps.forgottenStreams.forget(jobId)
  return changed
}

/** The id in the database's spelling; an invalid id costs no I/O. */
export function parseJobIdOr404(jobId: string): string {
  return parseUuid(jobId) ?? refuse('missing')
}

export function notOwn(reason: NotDeletable): Fault {
  if (reason === 'made_by_other') return notMade()
  return reason === 'missing'
    ? new Fault('not_found', 'Video not found')
    : new Fault('forbidden', 'Video does not belong to this user')
}

function refuse(reason: NotDeletable): never {
  throw notOwn(reason)
}

/** 503 for a film that could not be watched by anyone. */
export function requirePrivatePlayback(
  { playbackSessions }: Pick<VideoDeps, 'playbackSessions'>,
  playback: PlaybackMode | undefined,
): void {
  if (playback === 'private' && playbackSessions === undefined) throw privateFilmsUnavailable()
}
