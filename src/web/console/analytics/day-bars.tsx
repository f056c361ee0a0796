// Hours watched, a bar a day.
import { formatDate, formatNumber } from '../parts/format.ts'
import { texts } from '../texts/texts.ts'
import type { Series } from './analytics-room.tsx'

const DAY_MS = 86_400_000
const HEIGHT = 120

export function DayBars({ series, days }: { readonly series: Series; readonly days: number }) {
  const t = texts.value.analytics
  const known = new Map(series.series.map((step) => [Date.parse(step.at), step]))
  const first = Date.parse(series.from)
  const steps = Array.from({ length: days }, (_, day) => {
    const at = first + day * DAY_MS
    return { at, hours: known.get(at)?.hours_watched ?? 0, plays: known.get(at)?.plays ?? 0 }
  })
  const most = Math.max(...steps.map(({ hours }) => hours), 1e-9)
  return (
    <section class="panel" aria-label={t.overTime}>
      <h2>{t.overTime}</h2>
      <svg
        class="bars"
        viewBox={`0 0 ${days * 10} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t.overTime}
      >
        {steps.map(({ at, hours, plays }, day) => (
          <rect
            key={at}
            x={day * 10 + 1}
            width={8}
            y={HEIGHT - Math.max(1, (hours / most) * HEIGHT)}
            height={Math.max(1, (hours / most) * HEIGHT)}
          >
            <title>
              {t.day(
                formatDate(new Date(at).toISOString()),
                formatNumber(Number(hours.toFixed(2))),
                formatNumber(plays),
              )}
            </title>
          </rect>
        ))}
      </svg>
      <p class="fine bars-ends">
        <span>{formatDate(new Date(first).toISOString())}</span>
        <span>{t.most(formatNumber(Number(most.toFixed(2))))}</span>
        <span>{formatDate(new Date(first + (days - 1) * DAY_MS).toISOString())}</span>
      </p>
    </section>
  )
}
