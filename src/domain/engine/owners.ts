// Who owns what of the engine's. The engine knows no users, so only the gate does.
import type { JobSnapshot } from '../../core/engine/envelope.ts'
import type { EngineId } from '../../core/engine/ids.ts'
import type { UserId } from '../../core/auth/principal.ts'

export interface OwnedJob {
  readonly jobId: EngineId
  readonly userId: UserId
  /** As last seen. */
  readonly snapshot: JobSnapshot
  /** When the gate first saw it, epoch milliseconds. */
  readonly createdAtMs: number
  /** The engine said that there is no such job any more: not listed, and free to be given to another user. */
  readonly isGone: boolean
}

export interface JobPage {
  readonly jobs: readonly OwnedJob[]
  /** Of all pages. */
  readonly total: number
}

export interface EngineOwners {
  /** The owners of those of the videos that have one. */
  findVideoOwners(videoIds: readonly EngineId[]): Promise<readonly UserId[]>
  /** Makes the user the owner if there is no owner yet; gives the owner, who may be another user. Safe to repeat. */
  claimVideo(videoId: EngineId, userId: UserId, nowMs: number): Promise<UserId>
  findJob(jobId: EngineId): Promise<OwnedJob | undefined>
  /** As claimVideo, and keeps what was seen; a job that is gone has no owner. */
  claimJob(jobId: EngineId, userId: UserId, snapshot: JobSnapshot, nowMs: number): Promise<UserId>
  /** Keeps what was seen of a job now: its snapshot, or that it is gone. */
  saveSnapshot(jobId: EngineId, snapshot: JobSnapshot | 'gone'): Promise<void>
  /** Newest first, without those that are gone. `page` counts from 1. */
  listJobs(userId: UserId, page: number, pageSize: number): Promise<JobPage>
}
