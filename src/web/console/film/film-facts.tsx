// What the film is called, what is said about it and who may play it, edited where it stands. Each change can be undone.
import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso/router'
import { Choice } from '../parts/choice.tsx'
import { EditText } from '../parts/edit-text.tsx'
import { formatBytes, formatLength } from '../parts/format.ts'
import { Icon } from '../parts/icon.tsx'
import { Time } from '../parts/time.tsx'
import { rooms } from '../rooms.ts'
import { useClient } from '../session.ts'
import { useCommands } from '../shell/commands.ts'
import { attempt, notify } from '../shell/toasts.tsx'
import { texts } from '../texts/texts.ts'
import { ProjectChoice } from '../videos/project-choice.tsx'
import { loadProjects } from '../videos/projects.ts'
import { PLAYBACK_ICONS, StatusBadge } from '../videos/state-badges.tsx'
import type { Video } from '../videos/video-list.ts'
import { DeleteFilm } from './delete-film.tsx'

const MODES = ['public', 'private', 'off'] as const

type Changes = Partial<Pick<Video, 'name' | 'description' | 'playback' | 'project_id'>>

export function FilmFacts({ film, onChange }: { film: Video; onChange: (video: Video) => void }) {
  const t = texts.value
  const client = useClient()
  const { route } = useLocation()
  const isDeleting = useSignal(false)

  const save = async (changes: Changes): Promise<void> => {
    onChange(await client.updateVideo({ job_id: film.job_id, ...changes }))
  }
  const change = (changes: Changes, before: Changes, said: string): void => {
    void attempt(async () => {
      await save(changes)
      notify(said, () => save(before))
    })
  }
  const setPlayback = (playback: Video['playback']): void =>
    change({ playback }, { playback: film.playback }, t.film.playbackSaved[playback])

  useCommands('film', film.job_id + film.playback, [
    ...MODES.filter((mode) => mode !== film.playback).map((mode) => ({
      id: `playback ${mode}`,
      title: t.film.setPlayback[mode],
      run: () => setPlayback(mode),
    })),
    { id: 'delete', title: t.film.deleteTitle(film.name), run: () => (isDeleting.value = true) },
  ])

  return (
    <div class="facts">
      <h1>
        <EditText
          class="title"
          value={film.name}
          label={t.film.name}
          placeholder={t.film.name}
          maxLength={255}
          onSave={(name) => change({ name }, { name: film.name }, t.film.nameSaved)}
        />
      </h1>
      <EditText
        isLong
        value={film.description}
        label={t.film.description}
        placeholder={t.film.noDescription}
        maxLength={5000}
        onSave={(description) => change({ description }, { description: film.description }, t.film.descriptionSaved)}
      />
      <div class="facts-row">
        <Choice
          label={t.film.whoMayPlay}
          value={film.playback}
          options={MODES.map((mode) => ({ value: mode, label: t.playback[mode], icon: PLAYBACK_ICONS[mode] }))}
          onChange={setPlayback}
        />
        <p class="fine">{t.film.playbackHint[film.playback]}</p>
      </div>
      <dl class="properties">
        <div>
          <dt>{t.film.status}</dt>
          <dd>
            <StatusBadge status={film.status} />
          </dd>
        </div>
        {film.duration !== null && (
          <div>
            <dt>{t.film.length}</dt>
            <dd>{formatLength(film.duration)}</dd>
          </div>
        )}
        {film.file_size !== null && (
          <div>
            <dt>{t.film.original}</dt>
            <dd>{formatBytes(film.file_size)}</dd>
          </div>
        )}
        <div>
          <dt>{t.projects.project}</dt>
          <dd>
            <ProjectChoice
              value={film.project_id}
              onChoose={async (projectId) => {
                await save({ project_id: projectId })
                await loadProjects(client)
                notify(t.projects.moved(1), () => save({ project_id: film.project_id }))
              }}
            />
          </dd>
        </div>
        <div>
          <dt>{t.film.uploaded}</dt>
          <dd>
            <Time at={film.created_at} />
          </dd>
        </div>
      </dl>
      <button type="button" class="button quiet danger" onClick={() => (isDeleting.value = true)}>
        <Icon name="delete" />
        {t.film.delete}
      </button>
      {isDeleting.value && (
        <DeleteFilm film={film} onDeleted={() => route(rooms[0].path)} onClose={() => (isDeleting.value = false)} />
      )}
    </div>
  )
}
