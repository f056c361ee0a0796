// What a user has, at one glance and in one round trip: how much of each kind, and the newest.
import type { Principal, UserId } from '../../core/auth/principal.ts'
import type { OwnedJob } from '../engine/owners.ts'
import type { Project } from '../videos/projects.ts'
import type { Video } from '../videos/store.ts'

export interface Dashboard {
  readonly counts: {
    readonly videos: number
    /** Live ones: not deleted, deactivated or expired. */
    readonly keys: number
    readonly sharedReports: number
    /** The engine's, as last seen: not yet completed, failed or cancelled. */
    readonly runningJobs: number
  }
  readonly usage: {
    readonly jobs: number
    /** Of the originals of registered videos. */
    readonly storedBytes: number
    /** Of the first video or job, epoch milliseconds; undefined before. */
    readonly firstUseMs: number | undefined
  }
  /** The newest of each, newest first. */
  readonly videos: readonly Video[]
  readonly jobs: readonly OwnedJob[]
  readonly projects: readonly Project[]
}

export interface DashboardStore {
  /** One round trip. `newest`: how many of each kind. */
  read(userId: UserId, terms: { readonly newest: number; readonly nowMs: number }): Promise<Dashboard>
}

const NEWEST = 5

export async function readDashboard(
  deps: { readonly dashboardStore: DashboardStore; readonly nowMs: () => number },
  principal: Principal,
): Promise<Dashboard> {
  return await deps.dashboardStore.read(principal.userId, { newest: NEWEST, nowMs: deps.nowMs() })
}
