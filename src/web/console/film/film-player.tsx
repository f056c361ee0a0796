// The film itself, in the player of every page. A private one is played with a token that the console makes for itself.
import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { explain } from '../parts/problem.tsx'
import { useClient } from '../session.ts'
import { language, texts } from '../texts/texts.ts'
import type { Video } from '../videos/video-list.ts'
import { makePlayer, type PlayerElement } from './player-element.ts'

/** Twelve hours: a console may stay open for a day's work. */
const LIFE_SECONDS = 12 * 3600

interface FilmPlayerProps {
  readonly film: Video
  readonly player: RefObject<PlayerElement | null>
}

export function FilmPlayer({ film, player }: FilmPlayerProps) {
  const t = texts.value.film
  const client = useClient()
  const place = useRef<HTMLDivElement>(null)
  const problem = useSignal<string | undefined>(undefined)
  const { job_id: jobId, playback, name } = film
  useEffect(() => {
    problem.value = undefined
    if (playback === 'off') return undefined
    const stop = new AbortController()
    const begin = async (): Promise<void> => {
      const token = playback === 'private' ? await ownToken() : undefined
      const made = await makePlayer({ 'job-id': jobId, title: name, lang: language.value, token })
      if (stop.signal.aborted) return
      player.current = made
      place.current?.replaceChildren(made)
    }
    const ownToken = async (): Promise<string> => {
      const exp = Math.floor(Date.now() / 1000) + LIFE_SECONDS
      return (await client.createPlaybackToken({ job_id: jobId, exp, viewer: 'console' })).token
    }
    begin().catch((error: unknown) => (problem.value = explain(error)))
    return () => {
      stop.abort()
      player.current?.remove()
      player.current = null
    }
  }, [jobId, playback, language.value])
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
      <div ref={place} class="screen-player" />
      {problem.value !== undefined && <p class="screen-problem">{problem.value}</p>}
    </div>
  )
}
