// Links and snippets to copy. A public film has them at once; a private one for somebody, for a time.
import { CopyField } from '../parts/copy.tsx'
import { texts } from '../texts/texts.ts'
import type { Video } from '../videos/video-list.ts'
import { embedCode } from './embed-code.ts'
import { TokenForm } from './token-form.tsx'

export function ShareSection({ film }: { film: Video }) {
  const t = texts.value.film.share
  if (film.playback === 'off') return <p>{t.off}</p>
  if (film.playback === 'private') return <TokenForm film={film} />
  const { origin } = location
  const watch = `${origin}/watch/${film.job_id}`
  const original = `${origin}/api/playback/direct?job_id=${film.job_id}`
  return (
    <>
      <CopyField label={t.watch} text={watch} href={watch} hint={t.watchHint} />
      <CopyField
        label={t.embed}
        text={embedCode(`${origin}/embed/${film.job_id}`, film.name)}
        hint={t.embedHint}
        isLong
      />
      <CopyField label={t.stream} text={film.stream_url} hint={t.streamHint} />
      <CopyField label={t.original} text={original} href={`${original}&download=1`} hint={t.originalHint} />
      <CopyField label={t.curl} text={`curl -L -o film.mp4 '${original}'`} />
    </>
  )
}
