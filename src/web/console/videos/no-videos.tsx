// Nothing to show: because nothing matches, or because nothing was uploaded yet.
import { CopyField } from '../parts/copy.tsx'
import { Icon } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'

export function NoVideos({ isSearch, onReset }: { isSearch: boolean; onReset: () => void }) {
  const t = texts.value.videos
  return (
    <div class="empty">
      <Icon name={isSearch ? 'search' : 'film'} />
      <h2>{isSearch ? t.noMatch : t.none}</h2>
      {isSearch ? (
        <button type="button" class="button" onClick={onReset}>
          {t.showAll}
        </button>
      ) : (
        <>
          <p>{t.dropHint}</p>
          <p class="fine">{t.noneHint}</p>
          <CopyField label={t.command} text="npm run upload -- film.mp4" />
        </>
      )}
    </div>
  )
}
