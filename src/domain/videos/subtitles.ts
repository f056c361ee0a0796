// Subtitle tracks of a video's stream: shown, put in place, removed, while the stream is being watched. The entry
// playlist is written last, and only over the very version that was read.
import type { Principal } from '../../core/auth/principal.ts'
import { Fault } from '../../core/fault.ts'
import {
  listSubtitleTracks,
  putSubtitleTrack,
  removeSubtitleTracks,
  type SubtitleTrack,
} from '../../core/hls/subtitle-tracks.ts'
import { writeCues } from '../../core/packaging/cues.ts'
import { languageName, languageTag } from '../../core/packaging/language.ts'
import { subtitlePlaylist } from '../../core/packaging/media-playlist.ts'
import { parseSubRip } from '../../core/packaging/subrip.ts'
import { anchorSubtitles } from '../../core/packaging/webvtt.ts'
import { repairWebVtt } from '../../core/packaging/webvtt-repair.ts'
import type { ObjectKey } from '../../core/storage/object-key.ts'
import { ENTRY_PLAYLIST, streamKey } from '../../core/storage/media-key.ts'
import type { ForgottenStreams } from '../playback/forgotten-streams.ts'
import type { MediaReader } from '../playback/playback.ts'
import type { Video } from './store.ts'
import { findVideo, type VideoDeps } from './videos.ts'

export interface StreamFiles {
  /** Whole. With a version: only over that very object; false when there is another one by now, or none. */
  write(key: ObjectKey, text: string, contentType: string, version?: string): Promise<boolean>
}

export interface SubtitleDeps extends Pick<VideoDeps, 'videoStore' | 'newId'> {
  readonly media: Pick<MediaReader, 'read'>
  readonly streamFiles: StreamFiles
  readonly forgottenStreams: Pick<ForgottenStreams, 'forget'>
}

/** An entry names some hundred renditions at most; a playlist of segments is longer, and has no subtitles. */
const MAX_ENTRY_BYTES = 256 * 1024
/** A change that somebody else's change comes before is made again so often. */
const ATTEMPTS = 3

const WEBVTT_TYPE = 'text/vtt'
const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl'

export async function listSubtitles(
  deps: Pick<SubtitleDeps, 'videoStore' | 'media'>,
  principal: Principal,
  jobId: string,
): Promise<readonly SubtitleTrack[]> {
  return (await readEntry(deps, await findVideo(deps, principal, jobId))).tracks
}

/**
 * Puts WebVTT or SubRip text in place as the track of its language; what was there is no longer in the stream. Who
 * watches already keeps what they have.
 */
export async function putSubtitles(
  deps: SubtitleDeps,
  principal: Principal,
  input: {
    readonly jobId: string
    readonly language: string
    readonly text: string
    readonly name: string | undefined
    readonly isForced: boolean
  },
): Promise<readonly SubtitleTrack[]> {
  const language = requireLanguage(input.language)
  const webVtt = readText(input.text)
  const video = await findVideo(deps, principal, input.jobId)
  const entry = await readEntry(deps, video)
  // New names each time, so that nothing that is cached is taken for it.
  const folder = `subtitles/${language}-${deps.newId().slice(0, 8)}`
  const seconds = video.durationSeconds ?? lastSecond(webVtt)
  const write = async (path: string, text: string, contentType: string): Promise<unknown> =>
    await deps.streamFiles.write(streamKey(video.userId, video.jobId, path), text, contentType)
  await write(`${folder}/words.vtt`, webVtt, WEBVTT_TYPE)
  await write(`${folder}/index.m3u8`, subtitlePlaylist('words.vtt', seconds), PLAYLIST_TYPE)
  const name = plainName(input.name ?? languageName(language)) || language
  const track = { language, name, uri: `${folder}/index.m3u8`, isForced: input.isForced }
  return await changeEntry(deps, video, entry, (text) => putSubtitleTrack(text, track))
}

/** Takes the tracks of a language out of the stream; their files stay until the video goes. */
export async function removeSubtitles(
  deps: SubtitleDeps,
  principal: Principal,
  input: { readonly jobId: string; readonly language: string },
): Promise<readonly SubtitleTrack[]> {
  const video = await findVideo(deps, principal, input.jobId)
  return await changeEntry(deps, video, await readEntry(deps, video), (text) => {
    const changed = removeSubtitleTracks(text, input.language)
    if (changed === undefined) throw new Fault('not_found', 'Subtitles not found')
    return changed
  })
}

async function changeEntry(
  deps: SubtitleDeps,
  video: Video,
  first: Entry,
  change: (entry: string) => string | undefined,
): Promise<readonly SubtitleTrack[]> {
  for (let count = 0; count < ATTEMPTS; count++) {
    const { key, text, version } = count === 0 ? first : await readEntry(deps, video)
    const changed = change(text)
    if (changed === undefined) throw noTracks()
    if (!(await deps.streamFiles.write(key, changed, PLAYLIST_TYPE, version))) continue
    deps.forgottenStreams.forget(video.jobId)
    return listSubtitleTracks(changed) ?? []
  }
  throw new Fault('conflict', 'The stream is being changed by somebody else: try again')
}

interface Entry {
  readonly key: ObjectKey
  readonly text: string
  readonly version: string
  readonly tracks: readonly SubtitleTrack[]
}

async function readEntry({ media }: Pick<SubtitleDeps, 'media'>, { userId, jobId }: Video): Promise<Entry> {
  const key = streamKey(userId, jobId, ENTRY_PLAYLIST)
  const object = await media.read(key, MAX_ENTRY_BYTES)
  if (object === undefined) throw new Fault('not_found', 'Stream not found')
  const text = object.content?.text()
  const tracks = text === undefined ? undefined : listSubtitleTracks(text)
  if (text === undefined || tracks === undefined) throw noTracks()
  return { key, text, version: object.version, tracks }
}

function noTracks(): Fault {
  return new Fault('conflict', 'The entry of this stream is no multivariant playlist: it can have no subtitles')
}

function requireLanguage(text: string): string {
  const tag = text.length > 35 ? undefined : languageTag(text)
  if (tag === undefined) throw new Fault('validation_error', 'language: must be a language tag such as en or pt-BR')
  return tag
}

/** Fit for a quoted string of a playlist (RFC 8216bis §4.2), and for a menu. */
function plainName(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\s"\u0000-\u001f\u007f]+/g, ' ').trim()
}

/** WebVTT on the stream's clock, with at least one cue. */
function readText(text: string): string {
  const isWebVtt = /^\uFEFF?WEBVTT(?:\s|$)/.test(text)
  const webVtt = isWebVtt ? repairWebVtt(text, (seconds) => seconds) : writeCues(parseSubRip(text).cues)
  if (!webVtt.includes('-->')) {
    throw new Fault('validation_error', 'text: must be WebVTT or SubRip with at least one cue')
  }
  return anchorSubtitles(webVtt, 0)
}

/** When the last cue ends. */
function lastSecond(webVtt: string): number {
  let last = 1
  for (const [, hours, minutes, seconds] of webVtt.matchAll(/--> (?:(\d+):)?(\d\d):(\d\d\.\d{3})/g)) {
    last = Math.max(last, (Number(hours ?? 0) * 60 + Number(minutes)) * 60 + Number(seconds))
  }
  return last
}
