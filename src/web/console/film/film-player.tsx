// The film itself. A private one is played with a token that the console makes for its own viewing.
import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { explain } from '../parts/problem.tsx'
import { useClient } from '../session.ts'
import { texts } from '../texts/texts.ts'
import type { Video } from '../videos/video-list.ts'

/** Twelve hours: a console may stay open for a day's work. */
const LIFE_SECONDS = 12 * 3600

interface FilmPlayerProps {
  readonly film: Video
  readonly picture: RefObject<HTMLVideoElement | null>
}

export function FilmPlayer({ film, picture }: FilmPlayerProps) {
  const t = texts.value.film
  const client = useClient()
  const problem = useSignal<string | undefined>(undefined)
  const { job_id: jobId, playback } = film
  useEffect(() => {
    problem.value = undefined
    if (playback === 'off') return undefined
    let isGone = false
    let stop = (): void => undefined
    const begin = async (): Promise<void> => {
      const token = playback === 'private' ? await ownToken() : undefined
      const { playFilm } = await import('./play-film.ts')
      if (isGone || picture.current === null) return
      stop = await playFilm(picture.current, { jobId, token }, () => (problem.value = t.cannotPlay))
      if (isGone) stop()
    }
    const ownToken = async (): Promise<string> => {
      const exp = Math.floor(Date.now() / 1000) + LIFE_SECONDS
      return (await client.createPlaybackToken({ job_id: jobId, exp, viewer: 'console' })).token
    }
    begin().catch((error: unknown) => (problem.value = explain(error)))
    return () => {
      isGone = true
      stop()
    }
  }, [jobId, playback])
  if (playback === 'off') {
    return (
      <div class="screen">
        <Icon name="off" />
        <p>{t.isOff}</p>
      </div>
    )
  }
  return (
    <div class="screen">
      <video ref={picture} controls playsInline crossOrigin="anonymous" aria-label={film.name} />
      {problem.value !== undefined && <p class="screen-problem">{problem.value}</p>}
    </div>
  )
}
