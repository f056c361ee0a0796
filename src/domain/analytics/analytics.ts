// What was watched: series, groups, heat, single plays and who watches now, of the caller's films.
import type { Principal } from '../../core/auth/principal.ts'
import { addHeatOf, addHeatSums, newHeatSums, type HeatSums } from '../../core/analytics/heat-sums.ts'
import type { Play } from '../../core/analytics/play.ts'
import { addSums, metricsOf, newSums, type Metrics, type Sums } from '../../core/analytics/sums.ts'
import { decodeSessionCursor, encodeSessionCursor, type SessionPosition } from '../../core/cursor.ts'
import { Fault } from '../../core/fault.ts'
import { LIVE_MS } from '../playback/plays.ts'
import { findVideo, type VideoDeps } from '../videos/videos.ts'
import { eachFact, HOUR_MS, stretches } from './facts.ts'
import type { HourSums, Hours, LiveViewer, LiveViewers, PlayHistory } from './store.ts'

export interface AnalyticsDeps {
  readonly playHistory: PlayHistory
  readonly liveViewers: LiveViewers
  readonly videoStore: VideoDeps['videoStore']
  readonly nowMs: () => number
}

export type Interval = 'hour' | 'day'
export type GroupBy = 'video' | 'country' | 'device' | 'player' | 'project'

export interface Range {
  /** Epoch milliseconds; taken to whole hours, outwards. */
  readonly fromMs: number | undefined
  readonly toMs: number | undefined
}

const HOURS_A_DAY = 24
const DEFAULT_HOURS = 7 * HOURS_A_DAY
const MAX_HOURS = { hour: 31 * HOURS_A_DAY, day: 400 * HOURS_A_DAY }
const MAX_GROUPS = 1000
const MAX_LIVE = 10_000
const MAX_FILMS = 1000
const NOBODY = '0'.repeat(16)

export interface Series {
  readonly interval: Interval
  readonly fromMs: number
  readonly toMs: number
  readonly totals: Metrics & { readonly liveNow: number }
  /** Those with something in them, oldest first. */
  readonly series: readonly (Metrics & { readonly atMs: number })[]
}

/** Of one film, or of all; 403, 404 for a film that is not the caller's. */
export async function readSeries(
  deps: AnalyticsDeps,
  principal: Principal,
  input: Range & { readonly jobId: string | undefined; readonly interval: Interval },
): Promise<Series> {
  const { interval } = input
  const hours = hoursOf(deps, input, MAX_HOURS[interval])
  const jobId = input.jobId === undefined ? undefined : (await findVideo(deps, principal, input.jobId)).jobId
  const totals = newSums()
  const steps = new Map<number, Sums>()
  const width = interval === 'hour' ? 1 : HOURS_A_DAY
  await eachFact(deps.playHistory, principal.userId, { hours, jobId }, ({ hour, sums }) => {
    addSums(totals, sums)
    addSums(sumsOf(steps, Math.floor(hour / width) * width), sums)
  })
  const live = await findLive(deps, principal, jobId)
  return {
    interval,
    fromMs: hours.from * HOUR_MS,
    toMs: hours.to * HOUR_MS,
    totals: { ...metricsOf(totals), liveNow: countViewers(live) },
    series: [...steps]
      .filter(([, { plays, exits, errors }]) => plays + exits + errors.size > 0)
      .toSorted(([one], [other]) => one - other)
      .map(([hour, sums]) => ({ atMs: hour * HOUR_MS, ...metricsOf(sums) })),
  }
}

export interface Group extends Metrics {
  /** Undefined: not known, or in no project. */
  readonly key: string | undefined
}

/** The thousand with the most plays, those first. */
export async function readGroups(
  deps: AnalyticsDeps,
  principal: Principal,
  input: Range & { readonly groupBy: GroupBy },
): Promise<readonly Group[]> {
  const { groupBy } = input
  const hours = hoursOf(deps, input, MAX_HOURS.day)
  const found = new Map<string | undefined, Sums>()
  await eachFact(deps.playHistory, principal.userId, { hours, jobId: undefined }, (fact) => {
    addSums(sumsOf(found, keyOf(fact, groupBy)), fact.sums)
  })
  const groups = groupBy === 'project' ? await byProject(deps, principal, found) : found
  return [...groups]
    .map(([key, sums]) => ({ key, ...metricsOf(sums) }))
    .toSorted((one, other) => other.plays - one.plays || ((one.key ?? '') < (other.key ?? '') ? -1 : 1))
    .slice(0, MAX_GROUPS)
}

/** All that is kept: of hours that were summed up for ever, of single plays 90 days. */
export async function readHeat(deps: AnalyticsDeps, principal: Principal, id: string): Promise<HeatSums> {
  const { jobId } = await findVideo(deps, principal, id)
  const to = Math.floor(deps.nowMs() / HOUR_MS) + 1
  const hours = { from: to - MAX_HOURS.day, to }
  const due = await deps.playHistory.dueHours(hours)
  const isDue = new Set(due)
  const sums = newHeatSums()
  for (const { hour, heat } of await deps.playHistory.readHeat(principal.userId, jobId, hours)) {
    if (!isDue.has(hour)) addHeatSums(sums, heat)
  }
  for (const { from, to: end } of stretches(due)) {
    let after: SessionPosition | undefined
    for (;;) {
      const terms = { fromMs: from * HOUR_MS, toMs: end * HOUR_MS, jobId, after, limit: PLAYS_AT_ONCE }
      const page = await deps.playHistory.readPlays(principal.userId, terms)
      for (const play of page) addHeatOf(sums, play)
      const last = page.at(-1)
      if (last === undefined || page.length < PLAYS_AT_ONCE) break
      after = { at: last.begunAtMs, sid: last.sid }
    }
  }
  return sums
}

const PLAYS_AT_ONCE = 2000

export interface Live {
  readonly viewers: number
  /** With the most viewers first. */
  readonly films: readonly { readonly jobId: string; readonly name: string; readonly viewers: number }[]
}

export async function readLive(deps: AnalyticsDeps, principal: Principal): Promise<Live> {
  const live = await findLive(deps, principal, undefined)
  const films = new Map<string, LiveViewer[]>()
  for (const viewer of live) {
    const others = films.get(viewer.jobId)
    if (others === undefined) films.set(viewer.jobId, [viewer])
    else others.push(viewer)
  }
  return {
    viewers: countViewers(live),
    films: [...films]
      .map(([jobId, viewers]) => ({ jobId, name: viewers[0]?.name ?? '', viewers: countViewers(viewers) }))
      .toSorted((one, other) => other.viewers - one.viewers || (one.jobId < other.jobId ? -1 : 1))
      .slice(0, MAX_FILMS),
  }
}

/** Single plays, newest first. */
export async function listPlays(
  deps: AnalyticsDeps,
  principal: Principal,
  { cursor, limit }: { readonly cursor: string | undefined; readonly limit: number },
): Promise<{ readonly plays: readonly Play[]; readonly cursor: string | undefined }> {
  const before = cursor === undefined ? undefined : decodeSessionCursor(cursor)
  if (cursor !== undefined && before === undefined)
    throw new Fault('validation_error', 'cursor: is not a cursor of this list')
  const found = await deps.playHistory.newestPlays(principal.userId, { before, limit: limit + 1 })
  const plays = found.slice(0, limit)
  const last = plays.at(-1)
  const hasMore = found.length > limit && last !== undefined
  return { plays, cursor: hasMore ? encodeSessionCursor({ at: last.begunAtMs, sid: last.sid }) : undefined }
}

function hoursOf({ nowMs }: AnalyticsDeps, { fromMs, toMs }: Range, maxHours: number): Hours {
  const to = Math.ceil((toMs ?? nowMs()) / HOUR_MS)
  const from = fromMs === undefined ? to - DEFAULT_HOURS : Math.floor(fromMs / HOUR_MS)
  if (from >= to) throw new Fault('validation_error', 'from: must be before to')
  if (to - from > maxHours) throw new Fault('validation_error', `from: must be at most ${maxHours / 24} days before to`)
  return { from, to }
}

async function findLive(
  deps: AnalyticsDeps,
  { userId }: Principal,
  jobId: string | undefined,
): Promise<readonly LiveViewer[]> {
  const nowMs = deps.nowMs()
  return await deps.liveViewers.liveViewers(userId, { jobId, seenSinceMs: nowMs - LIVE_MS, nowMs, limit: MAX_LIVE })
}

/** A person who watches twice is one; those whom no token names are as many as their viewings. */
function countViewers(live: readonly LiveViewer[]): number {
  return new Set(live.map(({ sid, viewerHash }) => (viewerHash === NOBODY ? sid : viewerHash))).size
}

function keyOf(fact: HourSums, groupBy: GroupBy): string | undefined {
  return groupBy === 'video' || groupBy === 'project' ? fact.jobId : fact[groupBy]
}

async function byProject(
  deps: AnalyticsDeps,
  { userId }: Principal,
  films: ReadonlyMap<string | undefined, Sums>,
): Promise<ReadonlyMap<string | undefined, Sums>> {
  const jobIds = [...films.keys()].filter((jobId) => jobId !== undefined)
  const projects = await deps.playHistory.projectsOf(userId, jobIds)
  const found = new Map<string | undefined, Sums>()
  for (const [jobId, sums] of films) addSums(sumsOf(found, projects.get(jobId ?? '')), sums)
  return found
}

function sumsOf<Key>(groups: Map<Key, Sums>, key: Key): Sums {
  const known = groups.get(key)
  if (known !== undefined) return known
  const sums = newSums()
  groups.set(key, sums)
  return sums
}
