// Deleting a film: says what goes with it before, by name, number and size.
import { Confirm } from '../parts/confirm.tsx'
import { formatBytes, formatNumber } from '../parts/format.ts'
import { useLoading } from '../parts/loading.ts'
import { useClient } from '../session.ts'
import { notify } from '../shell/toasts.tsx'
import { texts } from '../texts/texts.ts'
import { deleteWithFiles } from '../videos/bulk.ts'
import { noteDeletion } from '../videos/current-list.ts'
import type { Video } from '../videos/video-list.ts'
import { filesOf } from './film-files.ts'

interface DeleteFilmProps {
  readonly film: Video
  readonly onDeleted: () => void
  readonly onClose: () => void
}

export function DeleteFilm({ film, onDeleted, onClose }: DeleteFilmProps) {
  const t = texts.value.film
  const client = useClient()
  const { loaded } = useLoading(film.job_id, async (signal) => await filesOf(client, film, signal))
  const remove = async (): Promise<void> => {
    await deleteWithFiles(client, film.job_id)
    noteDeletion(film.job_id)
    notify(t.deleted(film.name))
    onDeleted()
  }
  return (
    <Confirm title={t.deleteTitle(film.name)} action={t.delete} onConfirm={remove} onClose={onClose}>
      <p>{t.deleteHint}</p>
      {loaded.value.state === 'ready' && (
        <p>
          <strong>{t.goes(formatNumber(loaded.value.value.count), formatBytes(loaded.value.value.bytes))}</strong>
        </p>
      )}
    </Confirm>
  )
}
