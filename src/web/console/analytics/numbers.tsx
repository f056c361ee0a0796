// The totals of a stretch of time.
import { formatNumber } from '../parts/format.ts'
import { texts } from '../texts/texts.ts'
import type { Series } from './analytics-room.tsx'

export function Numbers({ totals }: { readonly totals: Series['totals'] }) {
  const t = texts.value.analytics
  const { startup_ms: startup, rebuffer_ratio: ratio, completion, mean_bitrate: bitrate } = totals
  const errors = Object.values(totals.errors).reduce((sum, count) => sum + count, 0)
  const shown: readonly (readonly [label: string, value: string])[] = [
    [t.plays, formatNumber(totals.plays)],
    [t.viewers, formatNumber(totals.viewers)],
    [t.hours, formatNumber(Number(totals.hours_watched.toFixed(2)))],
    [t.startup, startup.p50 === null ? '–' : t.seconds(startup.p50 / 1000)],
    [t.slowStartup, startup.p95 === null ? '–' : t.seconds(startup.p95 / 1000)],
    [t.rebuffering, percent(ratio)],
    [t.completion, percent(completion)],
    [t.exits, formatNumber(totals.exits_before_start)],
    [t.errors, formatNumber(errors)],
    [t.bitrate, bitrate === null ? '–' : `${formatNumber(Number((bitrate / 1e6).toFixed(1)))} Mbit/s`],
  ]
  return (
    <dl class="numbers">
      {shown.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function percent(share: number | null): string {
  return share === null ? '–' : `${formatNumber(Number((share * 100).toFixed(1)))} %`
}
