// One video in the grid or in the list; the markup is the same, so that a change of view moves no focus.
import { useComputed } from '@preact/signals'
import { memo } from 'preact/compat'
import { formatLength } from '../parts/format.ts'
import { Time } from '../parts/time.tsx'
import { filmPath } from '../rooms.ts'
import { texts } from '../texts/texts.ts'
import { selected } from './current-list.ts'
import { PlaybackBadge, StatusBadge } from './state-badges.tsx'
import { Thumbnail } from './thumbnail.tsx'
import type { Video } from './video-list.ts'

interface VideoCardProps {
  readonly video: Video
  readonly isEager: boolean
  /** `isRange`: everything from the last one that was picked. */
  readonly onPick: (jobId: string, isRange: boolean) => void
}

export const VideoCard = memo(function VideoCard({ video, isEager, onPick }: VideoCardProps) {
  const t = texts.value
  const { job_id: jobId, name } = video
  const isSelected = useComputed(() => selected.value.has(jobId))
  return (
    <li class={isSelected.value ? 'video selected' : 'video'}>
      <a class="cover" href={filmPath(jobId)} tabIndex={-1} aria-hidden="true">
        <Thumbnail video={video} isEager={isEager} />
        {video.duration !== null && <span class="length">{formatLength(video.duration)}</span>}
      </a>
      <label class="pick">
        <input
          type="checkbox"
          checked={isSelected.value}
          aria-label={t.videos.select(name)}
          onClick={(event) => onPick(jobId, event.shiftKey)}
        />
      </label>
      <a class="name" href={filmPath(jobId)} title={name}>
        {name}
      </a>
      <span class="states">
        <StatusBadge status={video.status} />
        <PlaybackBadge playback={video.playback} />
      </span>
      <span class="date">
        <Time at={video.created_at} as="date" />
      </span>
    </li>
  )
})
