// Subtitles of the stream: added, replaced and removed while it is there to be watched.
import { useSignal } from '@preact/signals'
import { Badge } from '../parts/badge.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { Icon } from '../parts/icon.tsx'
import { useLoading } from '../parts/loading.ts'
import { Problem } from '../parts/problem.tsx'
import { useClient } from '../session.ts'
import { attempt, notify } from '../shell/toasts.tsx'
import { language, texts } from '../texts/texts.ts'
import type { Video } from '../videos/video-list.ts'

/** What the field offers; any other tag can be typed. */
const OFFERED = ['de', 'en', 'es', 'fr', 'it', 'ja', 'nl', 'pl', 'pt-BR', 'tr', 'uk', 'zh-Hans'] as const

/** `onApplied`: the stream is another one now. */
export function SubtitlesSection({ film, onApplied }: { film: Video; onApplied: () => void }) {
  const t = texts.value.film.subtitles
  const client = useClient()
  const tag = useSignal('')
  const removing = useSignal<string | undefined>(undefined)
  const { loaded, reload, set } = useLoading(
    film.job_id,
    async (signal) => await client.listSubtitles({ job_id: film.job_id }, { signal }),
  )
  const names = new Intl.DisplayNames(language.value, { type: 'language', fallback: 'code' })
  const put = async (wanted: string, file: File, isForced: boolean): Promise<void> => {
    const text = await file.text()
    set(await client.putSubtitles({ job_id: film.job_id, language: wanted, text, forced: isForced }))
    tag.value = ''
    notify(t.saved)
    onApplied()
  }
  const now = loaded.value
  return (
    <>
      <p>{t.hint}</p>
      {now.state === 'failed' && <Problem error={now.error} onRetry={() => void reload()} />}
      {now.state === 'ready' && (
        <>
          <div class="form inline">
            <label>
              {t.language}
              <input
                list="languages"
                placeholder="en"
                maxLength={35}
                spellcheck={false}
                value={tag.value}
                onInput={(event) => (tag.value = event.currentTarget.value.trim())}
              />
            </label>
            <datalist id="languages">
              {OFFERED.map((one) => (
                <option key={one} value={one}>
                  {names.of(one)}
                </option>
              ))}
            </datalist>
            <FileButton
              label={t.add}
              isDisabled={tag.value === ''}
              onFile={async (file) => put(tag.value, file, false)}
            />
          </div>
          {now.value.tracks.length === 0 && <p class="fine">{t.none}</p>}
          <ul class="rows tracks">
            {now.value.tracks.map((track) => (
              <li key={track.uri}>
                <div>
                  <p class="strong">{track.name}</p>
                  <p class="fine">{track.language ?? t.noLanguage}</p>
                </div>
                {track.forced && <Badge tone="plain">{t.forced}</Badge>}
                {track.language !== null && (
                  <>
                    <FileButton
                      label={t.replace}
                      name={track.name}
                      onFile={async (file) => put(track.language ?? '', file, track.forced)}
                    />
                    <button
                      type="button"
                      class="plain square"
                      aria-label={t.of(t.remove, track.name)}
                      onClick={() => (removing.value = track.language ?? undefined)}
                    >
                      <Icon name="delete" />
                    </button>
                  </>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {removing.value !== undefined && (
        <Confirm
          title={t.removeTitle(names.of(removing.value) ?? removing.value)}
          action={t.remove}
          onConfirm={async () => {
            set(await client.deleteSubtitles({ job_id: film.job_id, language: removing.value ?? '' }))
            notify(t.removed)
            onApplied()
          }}
          onClose={() => (removing.value = undefined)}
        >
          <p>{t.removeHint}</p>
        </Confirm>
      )}
    </>
  )
}

interface FileButtonProps {
  readonly label: string
  readonly name?: string
  readonly isDisabled?: boolean
  readonly onFile: (file: File) => Promise<void>
}

function FileButton({ label, name, isDisabled = false, onFile }: FileButtonProps) {
  return (
    <label class="button quiet file" aria-disabled={isDisabled}>
      <Icon name="upload" />
      {label}
      <input
        type="file"
        class="visually-hidden"
        aria-label={name === undefined ? label : texts.value.film.subtitles.of(label, name)}
        accept=".vtt,.srt,text/vtt,application/x-subrip"
        disabled={isDisabled}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0]
          currentTarget.value = ''
          if (file !== undefined) void attempt(async () => await onFile(file))
        }}
      />
    </label>
  )
}
