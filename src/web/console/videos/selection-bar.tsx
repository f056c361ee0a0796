// What can be done with the videos that are selected.
import { useSignal } from '@preact/signals'
import { Confirm } from '../parts/confirm.tsx'
import { formatBytes, formatNumber } from '../parts/format.ts'
import { Icon } from '../parts/icon.tsx'
import { useClient } from '../session.ts'
import { notify, notifyProblem } from '../shell/toasts.tsx'
import { texts } from '../texts/texts.ts'
import { deleteWithFiles, forEach } from './bulk.ts'
import { noteDeletion, selected } from './current-list.ts'
import { ProjectChoice } from './project-choice.tsx'
import { loadProjects } from './projects.ts'
import type { Video, VideoList } from './video-list.ts'

const MODES = ['public', 'private', 'off'] as const
const NAMED = 5

export function SelectionBar({ list }: { list: VideoList }) {
  const t = texts.value
  const client = useClient()
  const isAsking = useSignal(false)
  const done = useSignal<number | undefined>(undefined)
  const videos = list.videos.value.filter(({ job_id: jobId }) => selected.value.has(jobId))

  const setPlayback = async (targets: readonly Video[], modeOf: (video: Video) => Video['playback']): Promise<void> => {
    done.value = 0
    const error = await forEach(
      targets,
      async (video) => list.replace(await client.updateVideo({ job_id: video.job_id, playback: modeOf(video) })),
      (count) => (done.value = count),
    )
    done.value = undefined
    if (error !== undefined) notifyProblem(error)
  }
  const changePlayback = async (mode: Video['playback']): Promise<void> => {
    const before = videos.filter(({ playback }) => playback !== mode)
    await setPlayback(before, () => mode)
    notify(t.videos.playbackChanged(before.length, t.playback[mode]), async () => {
      await setPlayback(before, (video) => video.playback)
    })
  }
  const moveTo = async (projectId: string | null): Promise<void> => {
    const moved = videos.filter((video) => video.project_id !== projectId)
    const put = async (targetOf: (video: Video) => string | null): Promise<void> => {
      done.value = 0
      const error = await forEach(
        moved,
        async (video) => {
          const changed = await client.updateVideo({ job_id: video.job_id, project_id: targetOf(video) })
          const { projectId: shown } = list.query
          if (shown === undefined || shown === changed.project_id) list.replace(changed)
          else noteDeletion(video.job_id)
        },
        (count) => (done.value = count),
      )
      done.value = undefined
      await loadProjects(client)
      if (error !== undefined) throw error
    }
    await put(() => projectId)
    notify(t.projects.moved(moved.length), async () => await put((video) => video.project_id))
  }
  const deleteAll = async (): Promise<void> => {
    done.value = 0
    const error = await forEach(
      videos,
      async ({ job_id: jobId }) => {
        await deleteWithFiles(client, jobId)
        noteDeletion(jobId)
      },
      (count) => (done.value = count),
    )
    done.value = undefined
    if (error !== undefined) throw error
    notify(t.videos.deleted(videos.length))
  }

  return (
    <div class="selection" role="region" aria-label={t.videos.selection}>
      <strong aria-live="polite">
        {done.value === undefined ? t.videos.selected(videos.length) : t.videos.progress(done.value, videos.length)}
      </strong>
      <label class="select">
        <span class="visually-hidden">{t.videos.changePlayback}</span>
        <select
          value=""
          disabled={done.value !== undefined}
          onChange={({ currentTarget }) => {
            const mode = MODES.find((one) => one === currentTarget.value)
            currentTarget.value = ''
            if (mode !== undefined) void changePlayback(mode)
          }}
        >
          <option value="">{t.videos.changePlayback}</option>
          {MODES.map((mode) => (
            <option key={mode} value={mode}>
              {t.playback[mode]}
            </option>
          ))}
        </select>
      </label>
      <ProjectChoice value={undefined} isBusy={done.value !== undefined} onChoose={moveTo} />
      <button
        type="button"
        class="button danger"
        disabled={done.value !== undefined}
        onClick={() => (isAsking.value = true)}
      >
        <Icon name="delete" />
        {t.delete}
      </button>
      <button type="button" class="button quiet" onClick={() => (selected.value = new Set())}>
        {t.videos.deselect}
      </button>
      {isAsking.value && (
        <Confirm
          title={t.videos.deleteTitle(videos.length)}
          action={t.videos.deleteAction(videos.length)}
          onConfirm={deleteAll}
          onClose={() => (isAsking.value = false)}
        >
          <ul class="names">
            {videos.slice(0, NAMED).map(({ job_id: jobId, name }) => (
              <li key={jobId}>{name}</li>
            ))}
            {videos.length > NAMED && <li>{t.videos.andMore(formatNumber(videos.length - NAMED))}</li>}
          </ul>
          <p>{t.videos.deleteHint(formatBytes(videos.reduce((sum, one) => sum + (one.file_size ?? 0), 0)))}</p>
        </Confirm>
      )}
    </div>
  )
}
