// The project whose videos are shown: renamed, or deleted without them.
import { useSignal } from '@preact/signals'
import { Confirm } from '../parts/confirm.tsx'
import { Icon } from '../parts/icon.tsx'
import { useClient } from '../session.ts'
import { notify } from '../shell/toasts.tsx'
import { texts } from '../texts/texts.ts'
import { ProjectName } from './project-choice.tsx'
import { deleteProject, renameProject, useProjects } from './projects.ts'

export function ProjectBar({ projectId, onGone }: { projectId: string; onGone: () => void }) {
  const t = texts.value.projects
  const client = useClient()
  const project = useProjects().find(({ id }) => id === projectId)
  const open = useSignal<'rename' | 'delete' | undefined>(undefined)
  if (project === undefined) return null
  return (
    <div class="selection" role="region" aria-label={t.project}>
      <strong>{project.name}</strong>
      <span class="fine">{t.count(project.video_count)}</span>
      <button type="button" class="button quiet" onClick={() => (open.value = 'rename')}>
        <Icon name="edit" />
        {t.rename}
      </button>
      <button type="button" class="button quiet danger" onClick={() => (open.value = 'delete')}>
        <Icon name="delete" />
        {t.delete}
      </button>
      {open.value === 'rename' && (
        <ProjectName
          title={t.rename}
          value={project.name}
          onSave={async (name) => await renameProject(client, project.id, name)}
          onClose={() => (open.value = undefined)}
        />
      )}
      {open.value === 'delete' && (
        <Confirm
          title={t.deleteTitle(project.name)}
          action={t.delete}
          onConfirm={async () => {
            await deleteProject(client, project.id)
            notify(t.deleted(project.name))
            onGone()
          }}
          onClose={() => (open.value = undefined)}
        >
          <p>{t.deleteHint}</p>
        </Confirm>
      )}
    </div>
  )
}
