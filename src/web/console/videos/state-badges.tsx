// A video's status and who may play it, as badges.
import { Badge, type Tone } from '../parts/badge.tsx'
import type { IconName } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'
import type { Video } from './video-list.ts'

const TONES: Readonly<Record<Video['status'], Tone>> = {
  uploaded: 'plain',
  queued: 'busy',
  processing: 'busy',
  completed: 'good',
  failed: 'bad',
}

export const PLAYBACK_ICONS: Readonly<Record<Video['playback'], IconName>> = {
  public: 'open',
  private: 'lock',
  off: 'off',
}

export function StatusBadge({ status }: { status: Video['status'] }) {
  return <Badge tone={TONES[status]}>{texts.value.statuses[status]}</Badge>
}

export function PlaybackBadge({ playback }: { playback: Video['playback'] }) {
  return (
    <Badge tone="plain" icon={PLAYBACK_ICONS[playback]}>
      {texts.value.playback[playback]}
    </Badge>
  )
}
