// A link to a private film: for how long, for whom, how often. What it began can be ended here.
import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import type { Result } from '../../../client/client.ts'
import { Confirm } from '../parts/confirm.tsx'
import { CopyField } from '../parts/copy.tsx'
import { formatDateTime } from '../parts/format.ts'
import { Problem } from '../parts/problem.tsx'
import { useClient } from '../session.ts'
import { attempt, notify } from '../shell/toasts.tsx'
import { texts } from '../texts/texts.ts'
import type { Video } from '../videos/video-list.ts'
import { embedCode } from './embed-code.ts'

const HOUR = 3600
const LIVES = [HOUR, 24 * HOUR, 7 * 24 * HOUR, 30 * 24 * HOUR] as const

interface Made extends Result<'createPlaybackToken'> {
  readonly viewer: string | undefined
  readonly seconds: number
}

export function TokenForm({ film }: { film: Video }) {
  const t = texts.value.film.share
  const client = useClient()
  const viewerId = useId()
  const seconds = useSignal<number>(24 * HOUR)
  const viewer = useSignal('')
  const isOnce = useSignal(false)
  const allowsDownload = useSignal(false)
  const made = useSignal<Made | undefined>(undefined)
  const problem = useSignal<unknown>(undefined)
  const isEnding = useSignal(false)

  const make = async (event: Event): Promise<void> => {
    event.preventDefault()
    problem.value = undefined
    const name = viewer.value.trim()
    try {
      const token = await client.createPlaybackToken({
        job_id: film.job_id,
        exp: Math.floor(Date.now() / 1000) + seconds.value,
        aud: allowsDownload.value ? ['stream', 'image', 'download'] : ['stream', 'image'],
        ...(name !== '' && { viewer: name }),
        ...(isOnce.value && { uses: 1, jti: crypto.randomUUID() }),
      })
      made.value = { ...token, viewer: name === '' ? undefined : name, seconds: seconds.value }
    } catch (error) {
      problem.value = error
    }
  }
  const endViewer = async (name: string): Promise<void> => {
    await client.createPlaybackRevocation({ viewer: name })
    notify(t.viewerEnded(name))
  }
  const endAll = async (): Promise<void> => {
    await client.createPlaybackRevocation({ job_id: film.job_id })
    notify(t.allEnded)
  }

  return (
    <>
      <p>{t.private}</p>
      <form class="form" onSubmit={(event) => void make(event)}>
        <label>
          {t.life}
          <select value={seconds.value} onChange={(event) => (seconds.value = Number(event.currentTarget.value))}>
            {LIVES.map((life) => (
              <option key={life} value={life}>
                {t.lives(life / HOUR)}
              </option>
            ))}
          </select>
        </label>
        <label for={viewerId}>
          {t.viewer}
          <input
            id={viewerId}
            maxLength={64}
            placeholder={t.viewerPlaceholder}
            value={viewer.value}
            onInput={(event) => (viewer.value = event.currentTarget.value)}
          />
        </label>
        <label class="check">
          <input type="checkbox" checked={isOnce.value} onChange={() => (isOnce.value = !isOnce.value)} />
          {t.once}
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={allowsDownload.value}
            onChange={() => (allowsDownload.value = !allowsDownload.value)}
          />
          {t.download}
        </label>
        <button type="submit" class="button">
          {t.make}
        </button>
      </form>
      {problem.value !== undefined && <Problem error={problem.value} />}
      {made.value !== undefined && (
        <MadeLink film={film} made={made.value} onEnd={(name) => void attempt(() => endViewer(name))} />
      )}
      <hr />
      <button type="button" class="button quiet danger" onClick={() => (isEnding.value = true)}>
        {t.endAll}
      </button>
      {isEnding.value && (
        <Confirm
          title={t.endAllTitle(film.name)}
          action={t.endAll}
          onConfirm={endAll}
          onClose={() => (isEnding.value = false)}
        >
          <p>{t.endAllHint}</p>
        </Confirm>
      )}
    </>
  )
}

interface MadeLinkProps {
  readonly film: Video
  readonly made: Made
  readonly onEnd: (viewer: string) => void
}

function MadeLink({ film, made, onEnd }: MadeLinkProps) {
  const t = texts.value.film.share
  return (
    <div class="made" role="status">
      <p>
        <strong>{t.made(formatDateTime(made.expires_at))}</strong>
      </p>
      <CopyField label={t.watch} text={made.watch_url} href={made.watch_url} />
      <CopyField label={t.embed} text={embedCode(made.embed_url, film.name)} hint={t.embedHint} isLong />
      <CopyField label={t.stream} text={made.stream_url} hint={t.streamHint} />
      <CopyField label={t.token} text={made.token} isLong />
      <CopyField label={t.curl} text={curlOf(film, made)} hint={t.curlHint} isLong />
      {made.viewer !== undefined && (
        <button type="button" class="button quiet danger" onClick={() => onEnd(made.viewer ?? '')}>
          {t.endViewer(made.viewer)}
        </button>
      )}
    </div>
  )
}

/** The same token by the API, for a backend. */
function curlOf(film: Video, { viewer, seconds }: Made): string {
  const claims = { job_id: film.job_id, ...(viewer !== undefined && { viewer }) }
  const body = JSON.stringify(claims).replaceAll("'", "'\\''").replace(/\}$/, '')
  return [
    `curl ${location.origin}/api/playback/tokens`,
    `-H "Authorization: $LYNXGATE_KEY" -H 'Content-Type: application/json'`,
    `-d '${body},"exp":'$(($(date +%s) + ${seconds}))'}'`,
  ].join(' \\\n  ')
}
