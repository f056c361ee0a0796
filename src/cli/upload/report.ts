// What the command says in the end, for people and for programs. Pure: values in, text out; no key, no presigned URL.
import { SEGMENT_SECONDS } from './film/encode.ts'
import type { Film } from './film/film.ts'
import type { Rung } from '../../core/packaging/ladder.ts'
import { formatBytes, formatTime } from './progress.ts'
import { placeAudio, placeSubtitles } from './film/tracks.ts'
import { sayDecision } from './film/verdicts.ts'

export interface Links {
  readonly watch: string
  readonly stream: string
  readonly share: string | undefined
}

export function linksOf(origin: string, jobId: string, shareHash: string | undefined): Links {
  return {
    watch: `${origin}/watch/${jobId}`,
    stream: `${origin}/api/playback/stream/${jobId}/index.m3u8`,
    share: shareHash === undefined ? undefined : `${origin}/r/${shareHash}`,
  }
}

export interface Outcome {
  readonly jobId: string
  readonly name: string
  readonly durationSeconds: number
  readonly links: Links
  readonly sent: Amount
  /** Was there before this run. */
  readonly present: Amount
}

export interface Amount {
  readonly files: number
  readonly bytes: number
}

export function outcomeText({ name, links, sent, present }: Outcome): string {
  const again = present.files === 0 ? '' : `; ${present.files} (${formatBytes(present.bytes)}) were there before`
  return [
    `${name} is online: ${files(sent.files)} sent (${formatBytes(sent.bytes)})${again}.`,
    '',
    `  Watch   ${links.watch}`,
    `  Stream  ${links.stream}`,
    ...(links.share === undefined ? [] : [`  Share   ${links.share}`]),
  ].join('\n')
}

export function outcomeJson({ jobId, name, durationSeconds, links, sent, present }: Outcome): string {
  return JSON.stringify({
    ok: true,
    job_id: jobId,
    name,
    duration: durationSeconds,
    watch_url: links.watch,
    stream_url: links.stream,
    share_url: links.share ?? null,
    sent,
    present,
  })
}

export interface Intent {
  readonly name: string
  readonly film: Film
  readonly sizeBytes: number
  readonly ladder: readonly Rung[]
  readonly isOriginalKept: boolean
  /** Why the file itself is not what is sent as the original. */
  readonly notOriginal: string | undefined
  /** Undefined: not known yet. */
  readonly origin: string | undefined
}

export function intentText(intent: Intent): string {
  const { name, film, ladder, origin } = intent
  const sizes = estimate(intent)
  return [
    `${name}: ${film.width}x${film.height}, ${formatTime(film.durationSeconds)}. Nothing was made or sent. It would be:`,
    ...ladder.map(
      (rung) =>
        `  Video      ${rung.name}, ${rung.width}x${rung.height}, at most ${(rung.maxKilobits / 1000).toFixed(1)} Mbit/s`,
    ),
    ...placeAudio(film).map(({ name: track }) => `  Sound      ${track}`),
    ...placeSubtitles(film).map(({ name: track }) => `  Subtitles  ${track}`),
    ...(film.chapters.length === 0 ? [] : [`  Chapters   ${film.chapters.length}`]),
    '  Stills     thumbnail and storyboard',
    ...film.decisions.map((decision) => `  Track      ${sayDecision(decision)}`),
    ...film.doubts.map((doubt) => `  Doubt      ${doubt}`),
    `  Original   ${originalText(intent)}`,
    `About ${sizes.files} files and ${formatBytes(sizes.bytes)}, to ${origin ?? 'the service'}.`,
  ].join('\n')
}

function originalText({ isOriginalKept, notOriginal, sizeBytes }: Intent): string {
  if (!isOriginalKept) return 'none'
  if (notOriginal === undefined) return `the file itself, ${formatBytes(sizeBytes)}`
  return `the best size as one file: ${notOriginal}`
}

export function intentJson(intent: Intent): string {
  const { name, film, ladder, notOriginal, isOriginalKept, origin } = intent
  return JSON.stringify({
    ok: true,
    dry_run: true,
    name,
    duration: film.durationSeconds,
    rungs: ladder.map((rung) => ({
      name: rung.name,
      width: rung.width,
      height: rung.height,
      kilobits: rung.maxKilobits,
    })),
    audio: placeAudio(film).map(({ track, name: title }) => ({ name: title, language: track.language ?? null })),
    subtitles: placeSubtitles(film).map(({ track, name: title }) => ({
      name: title,
      language: track.language ?? null,
    })),
    chapters: film.chapters.length,
    tracks: film.decisions.map(({ index, track, becomes, why }) => ({
      index,
      track,
      becomes: becomes ?? null,
      why: why ?? null,
    })),
    doubts: film.doubts,
    sends_original: isOriginalKept && notOriginal === undefined,
    url: origin ?? null,
    about: estimate(intent),
  })
}

/** As if every rendition needed all the bits it may have, which few films do. */
function estimate({ film, sizeBytes, ladder, notOriginal, isOriginalKept }: Intent): Amount {
  const segments = Math.ceil(film.durationSeconds / SEGMENT_SECONDS)
  const renditions = ladder.length + film.audio.length
  const kilobits = ladder.reduce((sum, rung) => sum + rung.maxKilobits, 0) + film.audio.length * 128
  const stream = (kilobits * 1000 * film.durationSeconds) / 8
  const joined = ((ladder[0]?.maxKilobits ?? 0) * 1000 * film.durationSeconds) / 8
  const original = !isOriginalKept ? 0 : notOriginal === undefined ? sizeBytes : joined
  return {
    // Each rendition has an init segment and a playlist; then the entry, I-frames, three stills and the original.
    files:
      renditions * (segments + 2) +
      film.subtitles.length * 2 +
      (film.chapters.length > 0 ? 1 : 0) +
      (isOriginalKept ? 6 : 5),
    bytes: Math.round(stream + original),
  }
}

function files(count: number): string {
  return count === 1 ? '1 file' : `${count} files`
}
