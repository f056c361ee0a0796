// Shared reports: secret links to the film and its report, each with an end and a count of views.
import { useSignal } from '@preact/signals'
import { useLoading } from '../parts/loading.ts'
import { Problem } from '../parts/problem.tsx'
import { EndReport, ReportRow, type Report } from '../reports/report-row.tsx'
import { useClient } from '../session.ts'
import { attempt, notify } from '../shell/toasts.tsx'
import { texts } from '../texts/texts.ts'
import type { Video } from '../videos/video-list.ts'

const DAYS = [0, 1, 7, 30, 365] as const
const DAY_MS = 86_400_000

export function ReportsSection({ film }: { film: Video }) {
  const t = texts.value.reports
  const client = useClient()
  const days = useSignal<number>(30)
  const ending = useSignal<Report | undefined>(undefined)
  const { loaded, reload } = useLoading(
    film.job_id,
    async (signal) => await client.listSharedReports({ job_id: film.job_id }, { signal }),
  )
  const make = async (event: Event): Promise<void> => {
    event.preventDefault()
    const expires = days.value === 0 ? null : new Date(Date.now() + days.value * DAY_MS).toISOString()
    await client.createSharedReport({ video_id: film.job_id, expires_at: expires })
    await reload()
    notify(t.made)
  }
  const now = loaded.value
  return (
    <>
      <p>{t.hint}</p>
      <form class="form inline" onSubmit={(event) => void attempt(() => make(event))}>
        <label>
          {t.life}
          <select value={days.value} onChange={(event) => (days.value = Number(event.currentTarget.value))}>
            {DAYS.map((count) => (
              <option key={count} value={count}>
                {t.lives(count)}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="button">
          {t.make}
        </button>
      </form>
      {now.state === 'failed' && <Problem error={now.error} onRetry={() => void reload()} />}
      {now.state === 'ready' && now.value.length === 0 && <p class="fine">{t.none}</p>}
      {now.state === 'ready' && (
        <ul class="rows">
          {now.value.map((report) => (
            <ReportRow key={report.id} report={report} onEnd={() => (ending.value = report)} />
          ))}
        </ul>
      )}
      {ending.value !== undefined && (
        <EndReport report={ending.value} onEnded={reload} onClose={() => (ending.value = undefined)} />
      )}
    </>
  )
}
