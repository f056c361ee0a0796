// Which project a video is in, one or many; a new one can be made on the way.
import { useSignal } from '@preact/signals'
import { Dialog } from '../parts/dialog.tsx'
import { Problem } from '../parts/problem.tsx'
import { useClient } from '../session.ts'
import { attempt } from '../shell/toasts.tsx'
import { texts } from '../texts/texts.ts'
import { makeProject, useProjects } from './projects.ts'

const NONE = 'none'
const NEW = 'new'

interface ProjectChoiceProps {
  /** Undefined of videos in several: then nothing is chosen. */
  readonly value: string | null | undefined
  readonly isBusy?: boolean
  readonly onChoose: (projectId: string | null) => Promise<void>
}

export function ProjectChoice({ value, isBusy = false, onChoose }: ProjectChoiceProps) {
  const t = texts.value.projects
  const client = useClient()
  const projects = useProjects()
  const isMaking = useSignal(false)
  const shown = value === undefined ? '' : (value ?? NONE)
  return (
    <>
      <label class="select">
        <span class="visually-hidden">{t.project}</span>
        <select
          value={shown}
          disabled={isBusy}
          onChange={({ currentTarget }) => {
            const chosen = currentTarget.value
            currentTarget.value = shown
            if (chosen === NEW) isMaking.value = true
            else if (chosen !== '') void attempt(() => onChoose(chosen === NONE ? null : chosen))
          }}
        >
          {value === undefined && <option value="">{t.move}</option>}
          <option value={NONE}>{t.none}</option>
          {projects.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
          <option value={NEW}>{t.make}</option>
        </select>
      </label>
      {isMaking.value && (
        <ProjectName
          title={t.makeTitle}
          value=""
          onSave={async (name) => await onChoose((await makeProject(client, name)).id)}
          onClose={() => (isMaking.value = false)}
        />
      )}
    </>
  )
}

interface ProjectNameProps {
  readonly title: string
  readonly value: string
  readonly onSave: (name: string) => Promise<void>
  readonly onClose: () => void
}

export function ProjectName({ title, value, onSave, onClose }: ProjectNameProps) {
  const t = texts.value.projects
  const name = useSignal(value)
  const isBusy = useSignal(false)
  const problem = useSignal<unknown>(undefined)
  const save = async (event: Event): Promise<void> => {
    event.preventDefault()
    isBusy.value = true
    try {
      await onSave(name.value.trim())
      onClose()
    } catch (error) {
      problem.value = error
      isBusy.value = false
    }
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="form" onSubmit={(event) => void save(event)}>
        <label>
          {t.name}
          <input
            required
            autofocus
            maxLength={255}
            value={name.value}
            onInput={(event) => (name.value = event.currentTarget.value)}
          />
        </label>
        {problem.value !== undefined && <Problem error={problem.value} />}
        <footer class="dialog-foot">
          <button type="button" class="button quiet" onClick={onClose}>
            {texts.value.cancel}
          </button>
          <button type="submit" class="button" disabled={isBusy.value || name.value.trim() === ''}>
            {t.save}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
