// Which videos are not a caller's own, or not theirs to delete, and why.
import { and, eq, type SQL } from 'drizzle-orm'
import { boundTo, type Principal } from '../../core/auth/principal.ts'
import type { NotDeletable, NotOwn } from '../../domain/videos/store.ts'
import { videos } from './schema/videos.ts'

interface Owned {
  readonly userId: string
  readonly madeBy: string | null
}

/** A member who is no admin deletes what they made. */
export function isDeletable(actor: Principal): SQL | undefined {
  const bound = boundTo(actor)
  return and(eq(videos.userId, actor.userId), bound === undefined ? undefined : eq(videos.madeBy, bound))
}

/** Undefined when it is; `video`: undefined when there is none. */
export function notDeletable(actor: Principal, video: Owned | undefined): NotDeletable | undefined {
  if (video === undefined) return 'missing'
  if (video.userId !== actor.userId) return 'foreign'
  const bound = boundTo(actor)
  return bound === undefined || video.madeBy === bound ? undefined : 'made_by_other'
}

export function notDeletableOf(
  actor: Principal,
  jobIds: readonly string[],
  owners: readonly (Owned & { readonly jobId: string })[],
): ReadonlyMap<string, NotDeletable> {
  return reasonsOf(jobIds, owners, (video) => notDeletable(actor, video))
}

export function notOwnOf(
  userId: string,
  jobIds: readonly string[],
  owners: readonly { readonly jobId: string; readonly userId: string }[],
): ReadonlyMap<string, NotOwn> {
  return reasonsOf(jobIds, owners, (video) => {
    if (video === undefined) return 'missing'
    return video.userId === userId ? undefined : 'foreign'
  })
}

function reasonsOf<Video extends { readonly jobId: string }, Reason>(
  jobIds: readonly string[],
  owners: readonly Video[],
  reasonOf: (video: Video | undefined) => Reason | undefined,
): ReadonlyMap<string, Reason> {
  const videoOf = new Map(owners.map((video) => [video.jobId, video]))
  const reasons = new Map<string, Reason>()
  for (const jobId of jobIds) {
    const reason = reasonOf(videoOf.get(jobId))
    if (reason !== undefined) reasons.set(jobId, reason)
  }
  return reasons
}
