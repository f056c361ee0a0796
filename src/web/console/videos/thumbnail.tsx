// A film's picture. Of a private film it needs a token of its own, asked for once when the picture comes into view.
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Client } from '../../../client/client.ts'
import { Icon } from '../parts/icon.tsx'
import { useClient } from '../session.ts'
import type { Video } from './video-list.ts'

const LIFE_SECONDS = 6 * 3600
const MOST = 5000

/** Addresses of private pictures by job id, for as long as this page lives. */
const known = new Map<string, Promise<string>>()

/** Pictures that were replaced here: a number makes the browser ask again. */
const versions = new Map<string, number>()

export function renewThumbnail(jobId: string): void {
  versions.set(jobId, Date.now())
}

export function Thumbnail({ video, isEager = false }: { video: Video; isEager?: boolean }) {
  const client = useClient()
  const place = useRef<HTMLSpanElement>(null)
  const address = useSignal<string | undefined>(video.playback === 'public' ? publicAddress(video.job_id) : undefined)
  const isMissing = useSignal(false)
  useEffect(() => {
    isMissing.value = false
    if (video.playback === 'public') {
      address.value = publicAddress(video.job_id)
      return undefined
    }
    if (video.playback === 'off' || place.current === null) {
      address.value = undefined
      return undefined
    }
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting !== true) return
        observer.disconnect()
        privateAddress(client, video.job_id).then(
          (url) => (address.value = url),
          () => (isMissing.value = true),
        )
      },
      { rootMargin: '300px' },
    )
    observer.observe(place.current)
    return () => observer.disconnect()
  }, [video.job_id, video.playback, versions.get(video.job_id)])
  return (
    <span ref={place} class="thumbnail">
      {address.value === undefined || isMissing.value ? (
        <Icon name={video.playback === 'off' ? 'off' : 'film'} />
      ) : (
        <img
          src={address.value}
          alt=""
          width="320"
          height="180"
          loading={isEager ? 'eager' : 'lazy'}
          decoding="async"
          onError={() => (isMissing.value = true)}
        />
      )}
    </span>
  )
}

function publicAddress(jobId: string): string {
  const version = versions.get(jobId)
  return `/api/playback/thumbnail/${jobId}${version === undefined ? '' : `?v=${version}`}`
}

async function privateAddress(client: Client, jobId: string): Promise<string> {
  const key = `${jobId} ${versions.get(jobId) ?? ''}`
  const present = known.get(key)
  if (present !== undefined) return await present
  if (known.size >= MOST) known.clear()
  const asked = client
    .createPlaybackToken({ job_id: jobId, aud: ['image'], exp: Math.floor(Date.now() / 1000) + LIFE_SECONDS })
    .then(({ thumbnail_url: url }) => url)
  known.set(key, asked)
  asked.catch(() => known.delete(key))
  return await asked
}
