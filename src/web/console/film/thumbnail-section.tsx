// The film's picture: the frame that the player shows now, or a file.
import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useClient } from '../session.ts'
import { Icon } from '../parts/icon.tsx'
import { Problem } from '../parts/problem.tsx'
import { notify } from '../shell/toasts.tsx'
import { texts } from '../texts/texts.ts'
import { renewThumbnail, Thumbnail } from '../videos/thumbnail.tsx'
import type { Video } from '../videos/video-list.ts'
import { ownFolder } from './film-files.ts'
import { frameOf, pictureOf } from './pictures.ts'
import type { PlayerElement } from './player-element.ts'

interface ThumbnailSectionProps {
  readonly film: Video
  readonly player: RefObject<PlayerElement | null>
}

export function ThumbnailSection({ film, player }: ThumbnailSectionProps) {
  const t = texts.value.film.thumbnail
  const client = useClient()
  const isBusy = useSignal(false)
  const version = useSignal(0)
  const problem = useSignal<unknown>(undefined)

  const replace = async (make: () => Promise<Blob>): Promise<void> => {
    isBusy.value = true
    problem.value = undefined
    try {
      const body = await make()
      const key = `${ownFolder(film)}thumbnails/${film.job_id}.jpg`
      await client.upload({ key, body, contentType: 'image/jpeg' })
      renewThumbnail(film.job_id)
      version.value++
      notify(t.saved)
    } catch (error) {
      problem.value = error
    }
    isBusy.value = false
  }
  const takeFrame = async (): Promise<Blob> => {
    if (player.current === null) throw new Error(t.noFrame)
    return await frameOf(player.current.video).catch(() => {
      throw new Error(t.noFrame)
    })
  }
  const takeFile = async (file: File): Promise<Blob> =>
    await pictureOf(file).catch(() => {
      throw new Error(t.noPicture)
    })

  return (
    <>
      <div class="now">
        <Thumbnail key={version.value} video={film} isEager />
      </div>
      <p>{t.hint}</p>
      <div class="actions">
        <button
          type="button"
          class="button"
          disabled={isBusy.value || film.playback === 'off'}
          onClick={() => void replace(takeFrame)}
        >
          <Icon name="play" />
          {t.frame}
        </button>
        <label class="button quiet file">
          <Icon name="upload" />
          {t.file}
          <input
            type="file"
            class="visually-hidden"
            accept="image/*"
            disabled={isBusy.value}
            onChange={({ currentTarget }) => {
              const file = currentTarget.files?.[0]
              currentTarget.value = ''
              if (file !== undefined) void replace(async () => await takeFile(file))
            }}
          />
        </label>
      </div>
      {problem.value !== undefined && <Problem error={problem.value} />}
    </>
  )
}
