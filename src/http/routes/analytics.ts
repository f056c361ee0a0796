// /api/analytics and /api/videos/{job_id}/analytics
import type * as v from 'valibot'
import { analyticsApi, type analyticsSeriesSchema } from '../../api/analytics.ts'
import { reply } from '../../api/operation.ts'
import { factsOf, type Play } from '../../core/analytics/play.ts'
import type { Metrics } from '../../core/analytics/sums.ts'
import { formatTimestamp } from '../../core/timestamp.ts'
import {
  listPlays,
  readGroups,
  readHeat,
  readLive,
  readSeries,
  type AnalyticsDeps,
  type Series,
} from '../../domain/analytics/analytics.ts'
import type { Router } from '../router.ts'
import { playsAsCsv, type ShownPlay } from '../plays-csv.ts'

const JSON_PAGE = 100
const CSV_PAGE = 1000

export function analyticsRoutes(router: Router, deps: AnalyticsDeps): void {
  router.secured(analyticsApi.getVideoAnalytics, async ({ principal, param, query }) => {
    const { from: fromMs, to: toMs, interval = 'day' } = query
    return reply(200, showSeries(await readSeries(deps, principal, { jobId: param('job_id'), fromMs, toMs, interval })))
  })

  router.secured(analyticsApi.getVideoHeat, async ({ principal, param }) => {
    const { watched, again, left } = await readHeat(deps, principal, param('job_id'))
    const buckets = watched.map((count, at) => ({
      watched: count,
      watched_again: again[at] ?? 0,
      left: left[at] ?? 0,
    }))
    return reply(200, { buckets })
  })

  router.secured(analyticsApi.getAnalytics, async ({ principal, query }) => {
    const { from: fromMs, to: toMs, interval = 'day', group_by: groupBy } = query
    if (groupBy === undefined) {
      return reply(200, showSeries(await readSeries(deps, principal, { jobId: undefined, fromMs, toMs, interval })))
    }
    const groups = await readGroups(deps, principal, { fromMs, toMs, groupBy })
    return reply(200, { groups: groups.map(({ key, ...metrics }) => ({ key: key ?? null, ...showMetrics(metrics) })) })
  })

  router.secured(analyticsApi.getLiveAnalytics, async ({ principal }) => {
    const { viewers, films } = await readLive(deps, principal)
    return reply(200, {
      viewers,
      films: films.map(({ jobId, name, viewers: count }) => ({ job_id: jobId, name, viewers: count })),
    })
  })

  router.secured(analyticsApi.listPlays, async ({ c, principal, query }) => {
    const isCsv = query.format === 'csv'
    const page = await listPlays(deps, principal, { cursor: query.cursor, limit: isCsv ? CSV_PAGE : JSON_PAGE })
    const plays = page.plays.map(showPlay)
    if (!isCsv) return reply(200, { plays, cursor: page.cursor ?? null })
    const next = page.cursor === undefined ? {} : { 'X-Next-Cursor': page.cursor }
    const headers = {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="plays.csv"',
    }
    return c.body(playsAsCsv(plays), 200, { ...headers, ...next })
  })
}

function showPlay(play: Play): ShownPlay {
  const { watchedMs, startupMs, stalls } = factsOf(play)
  return {
    sid: play.sid,
    job_id: play.jobId,
    viewer: play.viewer ?? null,
    begun_at: formatTimestamp(play.begunAtMs),
    seconds: Math.round(watchedMs) / 1000,
    country: play.country ?? null,
    device: deviceOf(play.device),
    player: play.player,
    startup_ms: startupMs ?? null,
    rebuffer_count: stalls,
    errors: play.measures.errors,
  }
}

const DEVICES = ['desktop', 'phone', 'tablet', 'tv'] as const

function deviceOf(device: string): ShownPlay['device'] {
  return DEVICES.find((known) => known === device) ?? 'other'
}

function showSeries({ interval, fromMs, toMs, totals, series }: Series): v.InferOutput<typeof analyticsSeriesSchema> {
  return {
    interval,
    from: formatTimestamp(fromMs),
    to: formatTimestamp(toMs),
    totals: { ...showMetrics(totals), live_now: totals.liveNow },
    series: series.map(({ atMs, ...metrics }) => ({ at: formatTimestamp(atMs), ...showMetrics(metrics) })),
  }
}

function showMetrics(metrics: Metrics) {
  const { startupMs } = metrics
  return {
    plays: metrics.plays,
    viewers: metrics.viewers,
    hours_watched: metrics.hoursWatched,
    startup_ms: { p50: startupMs.p50 ?? null, p95: startupMs.p95 ?? null },
    rebuffer_ratio: metrics.rebufferRatio ?? null,
    rebuffer_count: metrics.rebufferCount,
    exits_before_start: metrics.exitsBeforeStart,
    errors: metrics.errors,
    mean_bitrate: metrics.meanBitrate ?? null,
    switches: metrics.switches,
    completion: metrics.completion ?? null,
  }
}
