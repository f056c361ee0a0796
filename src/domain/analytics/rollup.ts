// Plays become sums by the hour, a day after they began. An hour is summed up whole and put in the place of what was there,
// so that doing it twice does no harm; a report that comes later makes its hour due again.
import { addHeatOf, newHeatSums, type HeatSums } from '../../core/analytics/heat-sums.ts'
import { addPlay, newSums, type Sums } from '../../core/analytics/sums.ts'
import type { SessionPosition } from '../../core/cursor.ts'
import { HOUR_MS } from './facts.ts'
import type { HourKey, OwnedPlay, PlayRollup, RolledHour } from './store.ts'

export interface RollupDeps {
  readonly playRollup: PlayRollup
  readonly nowMs: () => number
}

/** By then nearly every viewing of the hour has ended. */
const DELAY_HOURS = 26
const HOURS_A_RUN = 6
const PAGE = 2000

/** Sums up some of the hours that are due; says how many. */
export async function rollUpHours(deps: RollupDeps): Promise<number> {
  const beforeHour = Math.floor(deps.nowMs() / HOUR_MS) - DELAY_HOURS + 1
  for (let run = 0; run < HOURS_A_RUN; run += 1) {
    const hour = await deps.playRollup.take(beforeHour)
    if (hour === undefined) return run
    await deps.playRollup.finish(hour, await sumUp(deps, hour))
  }
  return HOURS_A_RUN
}

async function sumUp({ playRollup }: RollupDeps, hour: number): Promise<RolledHour> {
  const groups = new Map<string, HourKey & { readonly ownerId: OwnedPlay['ownerId']; readonly sums: Sums }>()
  const films = new Map<
    string,
    { readonly ownerId: OwnedPlay['ownerId']; readonly jobId: string; readonly heat: HeatSums }
  >()
  let after: SessionPosition | undefined
  for (;;) {
    const page = await playRollup.playsOf(hour, { after, limit: PAGE })
    for (const play of page) {
      const { ownerId, jobId, country, device, player } = play
      const name = JSON.stringify([ownerId, jobId, country, device, player])
      const group = groups.get(name) ?? { ownerId, hour, jobId, country, device, player, sums: newSums() }
      groups.set(name, group)
      addPlay(group.sums, play)
      const film = films.get(`${ownerId} ${jobId}`) ?? { ownerId, jobId, heat: newHeatSums() }
      films.set(`${ownerId} ${jobId}`, film)
      addHeatOf(film.heat, play)
    }
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) break
    after = { at: last.begunAtMs, sid: last.sid }
  }
  return {
    sums: [...groups.values()].filter(({ sums }) => sums.plays + sums.exits + sums.errors.size > 0),
    heat: [...films.values()].filter(({ heat }) => heat.watched.some((count) => count > 0)),
  }
}
