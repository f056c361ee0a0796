// The shared reports of all films, newest first: who was given a link, how often it was opened, and when it ends.
import { useSignal } from '@preact/signals'
import type { Result } from '../../../client/client.ts'
import { useLoading } from '../parts/loading.ts'
import { Problem } from '../parts/problem.tsx'
import { useClient } from '../session.ts'
import { useTitle } from '../shell/title.ts'
import { texts } from '../texts/texts.ts'
import { EndReport, ReportRow, type Report } from './report-row.tsx'

type Page = Result<'listOwnSharedReports'>

const PAGE = 50

export function ReportsRoom() {
  const t = texts.value
  useTitle(t.reports.title)
  const client = useClient()
  const isBusy = useSignal(false)
  const problem = useSignal<unknown>(undefined)
  const ending = useSignal<Report | undefined>(undefined)
  const ask = async (cursor: string | undefined, signal?: AbortSignal): Promise<Page> =>
    await client.listOwnSharedReports(
      { limit: PAGE, ...(cursor !== undefined && { cursor }) },
      { ...(signal && { signal }) },
    )
  const { loaded, reload, set } = useLoading('reports', async (signal) => await ask(undefined, signal))
  const now = loaded.value
  const more = async (before: Page): Promise<void> => {
    isBusy.value = true
    problem.value = undefined
    try {
      const next = await ask(before.cursor ?? undefined)
      set({ shared_reports: [...before.shared_reports, ...next.shared_reports], cursor: next.cursor })
    } catch (error) {
      problem.value = error
    }
    isBusy.value = false
  }
  /** Takes it from what is shown: loading anew would lose the pages below. */
  const leaveOut = async (gone: Report): Promise<void> => {
    if (now.state !== 'ready') return await reload()
    set({ ...now.value, shared_reports: now.value.shared_reports.filter(({ id }) => id !== gone.id) })
  }
  return (
    <div class="room">
      <h1>{t.reports.title}</h1>
      <p class="fine">{t.reports.roomHint}</p>
      {now.state === 'failed' && <Problem error={now.error} onRetry={() => void reload()} />}
      {now.state === 'ready' && now.value.shared_reports.length === 0 && <p class="empty">{t.reports.noneAtAll}</p>}
      {now.state === 'ready' && now.value.shared_reports.length > 0 && (
        <ul class="rows">
          {now.value.shared_reports.map((report) => (
            <ReportRow key={report.id} report={report} film={report.video_name} onEnd={() => (ending.value = report)} />
          ))}
        </ul>
      )}
      {problem.value !== undefined && <Problem error={problem.value} />}
      {now.state === 'ready' && now.value.cursor !== null && (
        <button type="button" class="button" disabled={isBusy.value} onClick={() => void more(now.value)}>
          {t.reports.older}
        </button>
      )}
      {ending.value !== undefined && (
        <EndReport report={ending.value} onEnded={leaveOut} onClose={() => (ending.value = undefined)} />
      )}
    </div>
  )
}
