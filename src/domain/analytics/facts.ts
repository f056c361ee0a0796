// Everything there is of an owner's viewings in a range of hours: sums where an hour was summed up, single plays where not.
import type { UserId } from '../../core/auth/principal.ts'
import { addPlay, newSums } from '../../core/analytics/sums.ts'
import type { SessionPosition } from '../../core/cursor.ts'
import { Fault } from '../../core/fault.ts'
import type { HourKey, HourSums, Hours, PlayHistory } from './store.ts'

export const HOUR_MS = 3_600_000
const PAGE = 2000
/** Rows of one answer. A film's share of them is all that counts where one film is asked for. */
const MAX_ROWS = 100_000

/** Calls back with each; 422 where there are more than one answer may take. */
export async function eachFact(
  history: PlayHistory,
  ownerId: UserId,
  { hours, jobId }: { readonly hours: Hours; readonly jobId: string | undefined },
  take: (fact: HourSums) => void,
): Promise<void> {
  const due = await history.dueHours(hours)
  let rows = 0
  const count = (length: number): void => {
    rows += length
    if (rows > MAX_ROWS)
      throw new Fault('validation_error', 'from: there is more than one answer can sum up; ask for a shorter range')
  }
  const isDue = new Set(due)
  let after: HourKey | undefined
  for (;;) {
    const page: readonly HourSums[] = await history.readHours(ownerId, { hours, jobId, after, limit: PAGE })
    count(page.length)
    for (const row of page) if (!isDue.has(row.hour)) take(row)
    after = page.at(-1)
    if (page.length < PAGE) break
  }
  for (const { from, to } of stretches(due)) {
    let last: SessionPosition | undefined
    for (;;) {
      const page = await history.readPlays(ownerId, {
        fromMs: from * HOUR_MS,
        toMs: to * HOUR_MS,
        jobId,
        after: last,
        limit: PAGE,
      })
      count(page.length)
      for (const play of page) {
        const sums = newSums()
        addPlay(sums, play)
        const { begunAtMs, country, device, player } = play
        take({ hour: Math.floor(begunAtMs / HOUR_MS), jobId: play.jobId, country, device, player, sums })
      }
      const end = page.at(-1)
      if (end === undefined || page.length < PAGE) break
      last = { at: end.begunAtMs, sid: end.sid }
    }
  }
}

/** Neighbouring hours together. */
export function stretches(hours: readonly number[]): readonly Hours[] {
  const found: { from: number; to: number }[] = []
  for (const hour of hours) {
    const last = found.at(-1)
    if (last?.to === hour) last.to = hour + 1
    else found.push({ from: hour, to: hour + 1 })
  }
  return found
}
