// One link to a film and what was found out about it: copied, or ended for good.
import type { Result } from '../../../client/client.ts'
import { Badge } from '../parts/badge.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { CopyButton } from '../parts/copy.tsx'
import { formatDateTime, formatNumber } from '../parts/format.ts'
import { Icon } from '../parts/icon.tsx'
import { Time } from '../parts/time.tsx'
import { filmPath } from '../rooms.ts'
import { useClient } from '../session.ts'
import { notify } from '../shell/toasts.tsx'
import { texts } from '../texts/texts.ts'

export type Report = Result<'listSharedReports'>[number]

/** With the film's name where the list is of many films. */
export function ReportRow({ report, film, onEnd }: { report: Report; film?: string; onEnd: () => void }) {
  const t = texts.value.reports
  const link = linkOf(report)
  return (
    <li>
      <div>
        {film !== undefined && (
          <a class="strong name" href={filmPath(report.video_id, 'reports')}>
            {film}
          </a>
        )}
        <p>
          <a href={link} target="_blank" rel="noreferrer">
            /r/{report.share_hash.slice(0, 8)}…
          </a>
        </p>
        <p class="fine">
          {t.views(report.view_count, formatNumber(report.view_count))} · {t.madeAt} <Time at={report.created_at} /> ·{' '}
          {report.expires_at === null ? t.forEver : t.until(formatDateTime(report.expires_at))}
        </p>
      </div>
      {!report.is_active && <Badge tone="bad">{t.isOver}</Badge>}
      <CopyButton text={link} {...(film !== undefined && { label: t.of(texts.value.copy, film) })} />
      <button
        type="button"
        class="plain square"
        aria-label={film === undefined ? t.end : t.of(t.end, film)}
        onClick={onEnd}
      >
        <Icon name="delete" />
      </button>
    </li>
  )
}

interface EndReportProps {
  readonly report: Report
  readonly onEnded: (report: Report) => Promise<void>
  readonly onClose: () => void
}

/** Asks, as it cannot be undone. */
export function EndReport({ report, onEnded, onClose }: EndReportProps) {
  const t = texts.value.reports
  const client = useClient()
  return (
    <Confirm
      title={t.endTitle}
      action={t.end}
      onConfirm={async () => {
        await client.deleteSharedReport({ report: report.id })
        await onEnded(report)
        notify(t.ended)
      }}
      onClose={onClose}
    >
      <p>{t.endHint(linkOf(report))}</p>
    </Confirm>
  )
}

function linkOf({ share_hash: hash }: Report): string {
  return `${location.origin}/r/${hash}`
}
