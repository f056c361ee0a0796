// One film: the player, what it is called, who may play it; and beside it what one does with it, each under an address.
import { useSignal } from '@preact/signals'
import { useRoute } from 'preact-iso/router'
import { useRef } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { useLoading } from '../parts/loading.ts'
import { Problem } from '../parts/problem.tsx'
import { filmPath, rooms } from '../rooms.ts'
import { useClient } from '../session.ts'
import { useTitle } from '../shell/title.ts'
import { texts } from '../texts/texts.ts'
import { noteChange } from '../videos/current-list.ts'
import type { Video } from '../videos/video-list.ts'
import { FilesSection } from './files-section.tsx'
import { FilmFacts } from './film-facts.tsx'
import { FilmPlayer } from './film-player.tsx'
import type { PlayerElement } from './player-element.ts'
import { ReportsSection } from './reports-section.tsx'
import { ShareSection } from './share-section.tsx'
import { SubtitlesSection } from './subtitles-section.tsx'
import { ThumbnailSection } from './thumbnail-section.tsx'

const SECTIONS = ['share', 'thumbnail', 'subtitles', 'reports', 'files'] as const
type Section = (typeof SECTIONS)[number]

export function FilmRoom() {
  const t = texts.value
  const client = useClient()
  const { params } = useRoute()
  const jobId = params['jobId'] ?? ''
  const section = SECTIONS.find((one) => one === params['section']) ?? SECTIONS[0]
  const { loaded, reload, set } = useLoading(
    jobId,
    async (signal) => await client.getVideo({ job_id: jobId }, { signal }),
  )
  const film = loaded.value.state === 'ready' ? loaded.value.value : undefined
  useTitle(film?.name ?? t.rooms.videos)
  const onChange = (video: Video): void => {
    set(video)
    noteChange(video)
  }
  return (
    <div class="room">
      <a class="back" href={rooms[0].path}>
        <Icon name="back" />
        {t.rooms.videos}
      </a>
      {loaded.value.state === 'failed' && <Problem error={loaded.value.error} onRetry={() => void reload()} />}
      {loaded.value.state === 'loading' && <Waiting />}
      {film !== undefined && <Film key={film.job_id} film={film} section={section} onChange={onChange} />}
    </div>
  )
}

interface FilmProps {
  readonly film: Video
  readonly section: Section
  readonly onChange: (video: Video) => void
}

function Film({ film, section, onChange }: FilmProps) {
  const t = texts.value.film
  const player = useRef<PlayerElement | null>(null)
  /** Another one is begun when the stream has changed. */
  const turn = useSignal(0)
  return (
    <div class="film">
      <div class="film-main">
        <FilmPlayer key={turn.value} film={film} player={player} />
        <FilmFacts film={film} onChange={onChange} />
      </div>
      <div class="film-side">
        <nav class="tabs" aria-label={t.sections}>
          {SECTIONS.map((one) => (
            <a key={one} href={filmPath(film.job_id, one)} aria-current={one === section ? 'page' : undefined}>
              {t.section[one]}
            </a>
          ))}
        </nav>
        <section class="panel" aria-label={t.section[section]}>
          {section === 'share' && <ShareSection key={film.playback} film={film} />}
          {section === 'thumbnail' && <ThumbnailSection film={film} player={player} />}
          {section === 'subtitles' && <SubtitlesSection film={film} onApplied={() => turn.value++} />}
          {section === 'reports' && <ReportsSection film={film} />}
          {section === 'files' && <FilesSection film={film} />}
        </section>
      </div>
    </div>
  )
}

/** As tall as what comes, so that nothing moves when it is there. */
function Waiting() {
  return (
    <div class="film" aria-hidden="true">
      <div class="film-main">
        <div class="screen" />
      </div>
    </div>
  )
}
