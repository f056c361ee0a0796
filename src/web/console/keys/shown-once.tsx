// A secret that is shown this once: to copy, with how it is used.
import { CopyField } from '../parts/copy.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { texts } from '../texts/texts.ts'

interface ShownOnceProps {
  readonly title: string
  readonly label: string
  readonly secret: string
  /** A command that uses it. */
  readonly use?: string
  readonly isLong?: boolean
  readonly onClose: () => void
}

export function ShownOnce({ title, label, secret, use, isLong = false, onClose }: ShownOnceProps) {
  const t = texts.value.keys
  return (
    <Dialog title={title} onClose={onClose} size="large">
      <p>{t.once}</p>
      <CopyField label={label} text={secret} isLong={isLong} />
      {use !== undefined && <CopyField label={t.use} text={use} isLong />}
      <footer class="dialog-foot">
        <button type="button" class="button" onClick={onClose}>
          {t.kept}
        </button>
      </footer>
    </Dialog>
  )
}
