// Choosing films with a dialog, for those who do not drop them.
import { useRef } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { useCommands } from '../shell/commands.ts'
import { attempt } from '../shell/toasts.tsx'
import { texts } from '../texts/texts.ts'
import { uploadFilms } from './uploads-state.ts'

export function UploadButton() {
  const t = texts.value.uploads
  const field = useRef<HTMLInputElement>(null)
  useCommands('upload', '', [{ id: 'upload', title: t.upload, run: () => field.current?.click() }])
  return (
    <label class="button file">
      <Icon name="upload" />
      {t.upload}
      <input
        ref={field}
        type="file"
        class="visually-hidden"
        multiple
        accept="video/*,.mkv,.ts,.srt,.vtt"
        onChange={({ currentTarget }) => {
          const chosen = [...(currentTarget.files ?? [])]
          currentTarget.value = ''
          void attempt(() => uploadFilms(chosen))
        }}
      />
    </label>
  )
}
