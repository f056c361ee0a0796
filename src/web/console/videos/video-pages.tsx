// The pages of a list, of which only those near the window are in the document: 10,000 videos are as light as 300.
import { useSignal } from '@preact/signals'
import { memo } from 'preact/compat'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { VideoCard } from './video-card.tsx'
import type { Video } from './video-list.ts'

/** How far outside of the window a page is kept. */
const NEAR = '1500px 0px'
const EAGER = 8

interface PageProps {
  readonly videos: readonly Video[]
  readonly isFirst: boolean
  readonly onPick: (jobId: string, isRange: boolean) => void
}

export const VideoPage = memo(
  function VideoPage({ videos, isFirst, onPick }: PageProps) {
    const place = useRef<HTMLUListElement>(null)
    const isNear = useSignal(true)
    const height = useSignal<number | undefined>(undefined)
    useEffect(() => {
      if (place.current === null) return undefined
      const observer = new IntersectionObserver(
        ([entry]) => {
          if (entry === undefined) return
          if (!entry.isIntersecting && entry.boundingClientRect.height > 0) {
            height.value = entry.boundingClientRect.height
          }
          isNear.value = entry.isIntersecting
        },
        { rootMargin: NEAR },
      )
      observer.observe(place.current)
      return () => observer.disconnect()
    }, [])
    useLayoutEffect(() => {
      if (place.current === null) return
      const isHeld = !isNear.value && height.value !== undefined
      place.current.style.height = isHeld ? `${height.value}px` : ''
    })
    return (
      <ul ref={place} class="video-page">
        {isNear.value &&
          videos.map((video, index) => (
            <VideoCard key={video.job_id} video={video} isEager={isFirst && index < EAGER} onPick={onPick} />
          ))}
      </ul>
    )
  },
  (before, after) =>
    before.isFirst === after.isFirst &&
    before.onPick === after.onPick &&
    before.videos.length === after.videos.length &&
    before.videos.every((video, index) => video === after.videos[index]),
)
