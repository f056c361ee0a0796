// The queue: every film on its way, with progress that does not lie, and what can be done about it.
import type { FilmUpload, Notice } from '../../packager/film-upload.ts'
import { CopyField } from '../parts/copy.tsx'
import { formatBytes, formatSeconds } from '../parts/format.ts'
import { Icon } from '../parts/icon.tsx'
import { filmPath } from '../rooms.ts'
import { texts } from '../texts/texts.ts'
import { unfinished, UnfinishedRow } from './unfinished.tsx'
import { act, films, isPanelOpen, underWay } from './uploads-state.ts'

export function UploadsPanel() {
  const t = texts.value.uploads
  if (films.value.length === 0 && unfinished.value.length === 0) return null
  return (
    <section class="uploads" aria-label={t.title}>
      <header>
        <button
          type="button"
          class="plain"
          aria-expanded={isPanelOpen.value}
          aria-controls="upload-rows"
          onClick={() => (isPanelOpen.value = !isPanelOpen.value)}
        >
          <Icon name="upload" />
          <strong aria-live="polite">{underWay.value === 0 ? t.allDone : t.underWay(underWay.value)}</strong>
          <span class="fine">{isPanelOpen.value ? t.fold : t.unfold}</span>
        </button>
      </header>
      <ul id="upload-rows" class="rows" hidden={!isPanelOpen.value}>
        {films.value.map((film) => (
          <UploadRow key={film.id} film={film} />
        ))}
        {unfinished.value.map((film) => (
          <UnfinishedRow key={film.key} film={film} />
        ))}
      </ul>
    </section>
  )
}

function UploadRow({ film }: { film: FilmUpload }) {
  const t = texts.value.uploads
  const { id, fileName, jobId, stage, isPlayable, notices, refusal, problem, sentBytes, totalBytes } = film
  const share = totalBytes === 0 ? 0 : Math.min(1, sentBytes / totalBytes)
  const isUnderWay = stage !== 'done' && stage !== 'refused'
  return (
    <li class={isUnderWay ? 'under-way' : undefined}>
      <div>
        <p class="strong name" title={fileName}>
          {fileName}
        </p>
        {isUnderWay && <progress max={1} value={share} aria-label={t.progressOf(fileName)} />}
        <p class="fine">{stage === 'failed' && problem !== undefined ? problem : stateOf(film)}</p>
        {refusal !== undefined && stage === 'refused' && (
          <>
            <p>{t.refusals[refusal]}</p>
            <CopyField label={t.command} text={film.command} />
          </>
        )}
        {notices.map((notice, i) => (
          <p key={i} class="fine">
            {sayNotice(notice)}
          </p>
        ))}
      </div>
      <div class="actions">
        {isPlayable && jobId !== undefined && (
          <a class="button quiet" href={filmPath(jobId)} aria-label={t.of(t.open, fileName)}>
            <Icon name="play" />
            {t.open}
          </a>
        )}
        {stage === 'refused' && <Deed film={film} deed="uploadOriginal" label={t.original} />}
        {isUnderWay && stage !== 'paused' && stage !== 'failed' && <Deed film={film} deed="pause" label={t.pause} />}
        {(stage === 'paused' || stage === 'failed') && <Deed film={film} deed="resume" label={t.resume} />}
        {isUnderWay && <Deed film={film} deed="cancel" label={texts.value.cancel} />}
        {!isUnderWay && (
          <button
            type="button"
            class="plain square"
            aria-label={t.of(texts.value.dismiss, fileName)}
            onClick={() => act('dismiss', id)}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
    </li>
  )
}

function sayNotice(notice: Notice): string {
  const t = texts.value.uploads.notices
  switch (notice.code) {
    case 'sparse_key_frames':
      return t.sparse_key_frames(notice)
    case 'audio_left_out':
      return t.audio_left_out(notice)
    case 'audio_encoded':
      return t.audio_encoded(notice)
    case 'rare_audio':
      return t.rare_audio(notice)
    case 'subtitles_left_out':
      return t.subtitles_left_out(notice)
    default:
      return t[notice.code]()
  }
}

interface DeedProps {
  readonly film: FilmUpload
  readonly deed: Parameters<typeof act>[0]
  readonly label: string
}

function Deed({ film, deed, label }: DeedProps) {
  return (
    <button
      type="button"
      class="button quiet"
      aria-label={texts.value.uploads.of(label, film.fileName)}
      onClick={() => act(deed, film.id)}
    >
      {label}
    </button>
  )
}

/** `Making the stream: 40 % · 12 of 30 MB · 4 MB/s · 5 s left`. */
function stateOf({
  stage,
  packaged,
  sentBytes,
  totalBytes,
  bytesPerSecond,
  secondsLeft,
  isContinued,
}: FilmUpload): string {
  const t = texts.value.uploads
  const isMaking = stage === 'packaging' || stage === 'encoding'
  const word = isMaking ? t.making(t.stages[stage], Math.floor(packaged * 100)) : t.stages[stage]
  return [
    word,
    ...(isContinued && stage !== 'done' ? [t.continued] : []),
    ...(stage === 'waiting' || stage === 'reading' ? [] : [t.bytes(formatBytes(sentBytes), formatBytes(totalBytes))]),
    ...(bytesPerSecond === undefined ? [] : [t.rate(formatBytes(bytesPerSecond))]),
    ...(secondsLeft === undefined ? [] : [t.left(formatSeconds(secondsLeft))]),
  ].join(' · ')
}
