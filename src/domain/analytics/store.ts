// The ports of analytics: viewings, their sums by the hour, and who watches now.
import type { UserId } from '../../core/auth/principal.ts'
import type { HeatSums } from '../../core/analytics/heat-sums.ts'
import type { Play } from '../../core/analytics/play.ts'
import type { Sums } from '../../core/analytics/sums.ts'
import type { SessionPosition } from '../../core/cursor.ts'

/** What the sums of an hour are kept apart by. */
export interface HourKey {
  /** Hours since 1970 in which the viewings began. */
  readonly hour: number
  readonly jobId: string
  readonly country: string | undefined
  readonly device: string
  readonly player: string
}

export interface HourSums extends HourKey {
  readonly sums: Sums
}

/** From the first hour to before the last. */
export interface Hours {
  readonly from: number
  readonly to: number
}

export interface PlayHistory {
  /** Hours of the range that `readHours` does not tell of, in order: their plays do. */
  dueHours(hours: Hours): Promise<readonly number[]>
  /** In order of the key. */
  readHours(
    ownerId: UserId,
    terms: {
      readonly hours: Hours
      readonly jobId: string | undefined
      readonly after: HourKey | undefined
      readonly limit: number
    },
  ): Promise<readonly HourSums[]>
  /** Those that began from `fromMs` to before `toMs`, oldest first. */
  readPlays(
    ownerId: UserId,
    terms: {
      readonly fromMs: number
      readonly toMs: number
      readonly jobId: string | undefined
      readonly after: SessionPosition | undefined
      readonly limit: number
    },
  ): Promise<readonly Play[]>
  /** Newest first, strictly older than `before`. */
  newestPlays(
    ownerId: UserId,
    page: { readonly before: SessionPosition | undefined; readonly limit: number },
  ): Promise<readonly Play[]>
  readHeat(
    ownerId: UserId,
    jobId: string,
    hours: Hours,
  ): Promise<readonly { readonly hour: number; readonly heat: HeatSums }[]>
  /** Of these films of the owner. */
  projectsOf(ownerId: UserId, jobIds: readonly string[]): Promise<ReadonlyMap<string, string>>
}

export interface OwnedPlay extends Play {
  readonly ownerId: UserId
}

/** What the sums of an hour hold, of every owner. */
export interface RolledHour {
  readonly sums: readonly (HourSums & { readonly ownerId: UserId })[]
  readonly heat: readonly { readonly ownerId: UserId; readonly jobId: string; readonly heat: HeatSums }[]
}

export interface PlayRollup {
  /** The oldest hour that is due, before `hour`; from now on a report of it makes it due again. */
  take(beforeHour: number): Promise<number | undefined>
  /** Of all owners, that began in the hour, in a fixed order. */
  playsOf(
    hour: number,
    page: { readonly after: SessionPosition | undefined; readonly limit: number },
  ): Promise<readonly OwnedPlay[]>
  /** Puts the sums in the place of those that were there. The hour is no longer due, unless a report came meanwhile. */
  finish(hour: number, rolled: RolledHour): Promise<void>
}

export interface LiveViewer {
  readonly sid: string
  readonly jobId: string
  readonly name: string
  /** 16 hex digits; zeros: the token named none. */
  readonly viewerHash: string
}

export interface LiveViewers {
  /** Of the owner, in the order of nothing. */
  liveViewers(
    ownerId: UserId,
    terms: {
      readonly jobId: string | undefined
      readonly seenSinceMs: number
      readonly nowMs: number
      readonly limit: number
    },
  ): Promise<readonly LiveViewer[]>
}
