// A moment: how long ago, and exactly when one points at it.
import { formatDate, formatDateTime, formatDistance } from './format.ts'

/** `date` shows the day itself. */
export function Time({ at, as = 'distance' }: { at: string; as?: 'distance' | 'date' }) {
  return (
    <time dateTime={at} title={formatDateTime(at)}>
      {as === 'date' ? formatDate(at) : formatDistance(at)}
    </time>
  )
}
