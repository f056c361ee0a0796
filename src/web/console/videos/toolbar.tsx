// Search, filter, order and view of the videos.
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Choice } from '../parts/choice.tsx'
import { Icon } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'
import { UploadButton } from '../uploads/upload-button.tsx'
import { useProjects } from './projects.ts'
import { SORTS, STATUSES, type VideoQuery } from './video-list.ts'

/** Between the last letter and the question. */
const WAIT_MS = 200

interface ToolbarProps {
  readonly query: VideoQuery
  readonly view: 'grid' | 'list'
  /** Fields of the address; an empty one goes. */
  readonly onChange: (fields: Readonly<Record<string, string>>) => void
  readonly onReload: () => void
}

export function Toolbar({ query, view, onChange }: ToolbarProps) {
  const t = texts.value.videos
  const projects = useProjects()
  return (
    <div class="toolbar" role="search">
      <Search value={query.q} onChange={(q) => onChange({ q })} />
      <label class="select">
        <span class="visually-hidden">{t.status}</span>
        <select value={query.status ?? ''} onChange={(event) => onChange({ status: event.currentTarget.value })}>
          <option value="">{t.anyStatus}</option>
          {STATUSES.map((status) => (
            <option key={status} value={status}>
              {texts.value.statuses[status]}
            </option>
          ))}
        </select>
      </label>
      {projects.length > 0 && (
        <label class="select">
          <span class="visually-hidden">{texts.value.projects.project}</span>
          <select value={query.projectId ?? ''} onChange={(event) => onChange({ project: event.currentTarget.value })}>
            <option value="">{texts.value.projects.all}</option>
            {projects.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="select">
        <span class="visually-hidden">{t.order}</span>
        <select
          value={query.sort}
          onChange={({ currentTarget: { value } }) => onChange({ sort: value === SORTS[0] ? '' : value })}
        >
          {SORTS.map((sort) => (
            <option key={sort} value={sort}>
              {t.sorts[sort]}
            </option>
          ))}
        </select>
      </label>
      <Choice
        label={t.view}
        value={view}
        options={[
          { value: 'grid', label: t.grid, icon: 'grid' },
          { value: 'list', label: t.list, icon: 'list' },
        ]}
        onChange={(next) => onChange({ view: next === 'grid' ? '' : next })}
      />
      <UploadButton />
    </div>
  )
}

function Search({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const t = texts.value.videos
  const draft = useSignal(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    // The address may have changed by itself: back and forward.
    if (draft.value.trim() !== value) draft.value = value
  }, [value])
  return (
    <label class="search">
      <Icon name="search" />
      <input
        type="search"
        data-search
        aria-label={t.search}
        aria-keyshortcuts="/"
        placeholder={t.search}
        maxLength={255}
        value={draft.value}
        onInput={(event) => {
          draft.value = event.currentTarget.value
          clearTimeout(timer.current)
          timer.current = setTimeout(() => onChange(draft.value.trim()), WAIT_MS)
        }}
      />
    </label>
  )
}
