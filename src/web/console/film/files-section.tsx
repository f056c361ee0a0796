// What lies in the bucket for this film, with sizes; the original can be fetched.
import { formatBytes, formatNumber } from '../parts/format.ts'
import { Icon } from '../parts/icon.tsx'
import { useLoading } from '../parts/loading.ts'
import { Problem } from '../parts/problem.tsx'
import { useClient } from '../session.ts'
import { attempt } from '../shell/toasts.tsx'
import { texts } from '../texts/texts.ts'
import type { Video } from '../videos/video-list.ts'
import { filesOf, ownFolder, type FilmFiles, type StoredFile } from './film-files.ts'

export function FilesSection({ film }: { film: Video }) {
  const t = texts.value.film.files
  const client = useClient()
  const { loaded, reload } = useLoading(film.job_id, async (signal) => await filesOf(client, film, signal))
  const now = loaded.value
  if (now.state === 'failed') return <Problem error={now.error} onRetry={() => void reload()} />
  if (now.state === 'loading') return <p class="fine">{texts.value.loading}</p>
  const { original, thumbnail, stream, count, bytes } = now.value
  return (
    <>
      <p>
        <strong>{t.total(formatNumber(count), formatBytes(bytes))}</strong>
      </p>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{t.kind}</th>
            <th scope="col">{t.size}</th>
            <th scope="col">
              <span class="visually-hidden">{t.action}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <FileRow title={t.original} file={original} />
          <FileRow title={t.thumbnail} file={thumbnail} />
          {foldersOf(film, stream).map(({ name, files, size }) => (
            <tr key={name}>
              <th scope="row">
                {name}
                <span class="fine">{t.count(formatNumber(files))}</span>
              </th>
              <td>{formatBytes(size)}</td>
              <td />
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function FileRow({ title, file }: { title: string; file: StoredFile | undefined }) {
  const t = texts.value.film.files
  const client = useClient()
  const fetchIt = async (key: string): Promise<void> => {
    const { url } = await client.createDownloadUrl({ key })
    window.open(url, '_blank', 'noopener')
  }
  return (
    <tr>
      <th scope="row">
        {title}
        <span class="fine">{file?.key.split('/').at(-1) ?? t.missing}</span>
      </th>
      <td>{file === undefined ? '–' : formatBytes(file.size)}</td>
      <td>
        {file !== undefined && (
          <button
            type="button"
            class="plain square"
            aria-label={t.fetch(title)}
            onClick={() => void attempt(() => fetchIt(file.key))}
          >
            <Icon name="external" />
          </button>
        )}
      </td>
    </tr>
  )
}

/** The stream's folder by its sub-folders: a rendition, a language. */
function foldersOf(film: Video, stream: FilmFiles['stream']): readonly { name: string; files: number; size: number }[] {
  const prefix = `${ownFolder(film)}hls/${film.job_id}/`
  const folders = new Map<string, { files: number; size: number }>()
  for (const { key, size } of stream) {
    const path = key.slice(prefix.length)
    const name = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : texts.value.film.files.top
    const folder = folders.get(name) ?? { files: 0, size: 0 }
    folders.set(name, { files: folder.files + 1, size: folder.size + size })
  }
  return [...folders].map(([name, folder]) => ({ name, ...folder }))
}
