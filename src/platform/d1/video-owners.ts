// Which of many videos are not a user's own, and why.
import type { NotOwn } from '../../domain/videos/store.ts'

export function notOwnOf(
  userId: string,
  jobIds: readonly string[],
  owners: readonly { readonly jobId: string; readonly userId: string }[],
): ReadonlyMap<string, NotOwn> {
  const ownerOf = new Map(owners.map((row) => [row.jobId, row.userId]))
  const reasons = new Map<string, NotOwn>()
  for (const jobId of jobIds) {
    const owner = ownerOf.get(jobId)
    if (owner !== userId) reasons.set(jobId, owner === undefined ? 'missing' : 'foreign')
  }
  return reasons
}
