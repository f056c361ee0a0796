// Files can be dropped anywhere on the page.
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { attempt } from '../shell/toasts.tsx'
import { texts } from '../texts/texts.ts'
import { uploadFilms } from './uploads-state.ts'

export function DropPlace() {
  const isOver = useSignal(false)
  useEffect(() => {
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true
    const onDragOver = (event: DragEvent): void => {
      if (!hasFiles(event)) return
      event.preventDefault()
      isOver.value = true
    }
    const onDragLeave = (event: DragEvent): void => {
      // Out of the window, and not from one element to the next.
      if (event.relatedTarget === null) isOver.value = false
    }
    const onDrop = (event: DragEvent): void => {
      isOver.value = false
      if (!hasFiles(event)) return
      event.preventDefault()
      const files = [...(event.dataTransfer?.files ?? [])]
      void attempt(() => uploadFilms(files))
    }
    document.addEventListener('dragover', onDragOver)
    document.addEventListener('dragleave', onDragLeave)
    document.addEventListener('drop', onDrop)
    return () => {
      document.removeEventListener('dragover', onDragOver)
      document.removeEventListener('dragleave', onDragLeave)
      document.removeEventListener('drop', onDrop)
    }
  }, [])
  if (!isOver.value) return null
  return (
    <div class="drop" aria-hidden="true">
      <Icon name="upload" />
      <p>{texts.value.uploads.drop}</p>
    </div>
  )
}
