// What will be done with every track of a file, decided before the first frame is encoded. Pure: what was probed in, a film and
// sentences out, or the reason why there is no film.
import { chooseTracks, nameTracks, type TrackWishes } from './choice.ts'
import { readChapters, type Chapter } from '../probe/chapters.ts'
import { readClock, shownTime, type Clock } from '../probe/clock.ts'
import { findDoubts } from './doubts.ts'
import { chooseFrameRate, fraction } from '../picture/frame-rate.ts'
import type { TrackTimes } from '../probe/packets.ts'
import { choosePicture, decidePicture, type Picture } from '../picture/picture.ts'
import { readSeconds, refuse, type SourceInfo, type Probe, type ProbedStream, type Refusal } from '../probe/probed.ts'
import { decideSound, type AudioTrack } from './sound.ts'
import { findSubtitles, type SubtitleTrack } from './subtitle-track.ts'
import { describeTracks, type Decision } from './verdicts.ts'

export interface Film {
  /** As shown: turned upright, with square pixels. */
  readonly width: number
  readonly height: number
  readonly picture: Picture
  /** Constant, as a fraction: `30000/1001`. */
  readonly frameRate: string
  /** How many frames of that rate there will be. */
  readonly frames: number
  /** How many of them the picture itself lasts; its last one is shown until the sound ends. */
  readonly pictureFrames: number
  readonly clock: Clock
  /** Of all that is made. */
  readonly durationSeconds: number
  readonly audio: readonly AudioTrack[]
  readonly subtitles: readonly SubtitleTrack[]
  readonly chapters: readonly Chapter[]
  /** One for each track of the file. */
  readonly decisions: readonly Decision[]
  /** Sentences about what makes one doubt that the film is whole. */
  readonly doubts: readonly string[]
}

/** Tracks that are not wished for are as if the file had none of them. */
export function decideTracks(source: SourceInfo, wishes: TrackWishes = {}): Film | Refusal {
  const { probe, times } = source
  const streams = probe.streams ?? []
  const judged = streams.filter(isSound).map((stream) => ({ stream, verdict: decideSound(stream, source) }))
  const usable = judged.flatMap(({ verdict }) => ('refusal' in verdict ? [] : [verdict]))
  const sounds = chooseSounds(usable, wishes)
  const video = choosePicture(source, sounds.length > 0)
  if ('refusal' in video) return video
  const picture = decidePicture(video, source)
  if ('refusal' in picture) return picture
  const [lost] = judged
  if (usable.length === 0 && lost !== undefined && 'refusal' in lost.verdict) {
    return refuse(`of its sound nothing can be made: ${lost.verdict.refusal}`)
  }
  const playing = [video.index, ...sounds.map(({ index }) => index)].map((index) => times.get(index))
  const setBack = playing.find((track) => track?.setBackAt !== undefined)?.setBackAt
  if (setBack !== undefined) {
    return refuse(
      `its clock is set back ${Math.round(setBack)} s into it: write it anew with ffmpeg -fflags +genpts -i FILE -c copy NEW.mkv`,
    )
  }
  const [pictureTimes = NO_TIMES, ...soundTimes] = playing.map((track) => track ?? NO_TIMES)
  const startSeconds = startOf(probe, [video, ...streams.filter(({ index }) => sounds.some((s) => s.index === index))])
  const clock = readClock({ startSeconds, picture: pictureTimes, sounds: soundTimes })
  if (clock === undefined) return refuse('its clock jumps too often to be followed')
  const shown = (seconds: number): number => shownTime(seconds, clock)
  const frameRate = chooseFrameRate({
    starts: pictureTimes.starts.map(shown),
    declared: [video.avg_frame_rate, video.r_frame_rate],
  })
  const frames = Math.max(1, Math.round(clock.totalSeconds * fraction(frameRate)))
  const durationSeconds = frames / fraction(frameRate)
  const subtitles = nameTracks([...findSubtitles(source), ...(wishes.beside ?? [])], wishes.subtitleLanguages)
  const film = {
    width: picture.width,
    height: picture.height,
    picture,
    frameRate,
    frames,
    pictureFrames: Math.min(frames, Math.max(1, Math.round(shown(pictureTimes.end) * fraction(frameRate)))),
    clock,
    durationSeconds,
    audio: sounds.map((sound) => ({
      ...sound,
      endSeconds: shown(times.get(sound.index)?.end ?? 0),
    })),
    subtitles: chooseTracks('subtitles', subtitles, wishes.subtitles),
    chapters: readChapters(probe.chapters ?? [], { shown, durationSeconds }),
  }
  const refused = new Map(
    judged.flatMap(({ stream, verdict }) => ('refusal' in verdict ? [[stream.index, verdict.refusal]] : [])),
  )
  const unwished = [...usable, ...subtitles].map(({ index }) => index)
  return {
    ...film,
    decisions: describeTracks(streams, film, { refused, unwished }),
    doubts: findDoubts(probe, film, [pictureTimes, ...soundTimes]),
  }
}

const NO_TIMES: TrackTimes = {
  starts: [],
  durations: [],
  end: 0,
  keyFrames: 0,
  setBackAt: undefined,
  isEncrypted: false,
}

/** Before zero lies only what decoders need to begin. */
const LEAD_IN_SECONDS = 0.2

/** Where the first of picture and sound begins, on the file's own clock. */
function startOf(probe: Probe, streams: readonly ProbedStream[]): number {
  const starts = streams.map((stream) => readSeconds(stream.start_time)).filter((start) => start !== undefined)
  const first = starts.length === 0 ? (readSeconds(probe.format?.start_time) ?? 0) : Math.min(...starts)
  return first < 0 && first > -LEAD_IN_SECONDS ? 0 : first
}

function isSound(stream: ProbedStream): boolean {
  return stream.codec_type === 'audio'
}

/** The first of those that were asked for is the default. */
function chooseSounds<Sound extends Omit<AudioTrack, 'endSeconds'>>(
  sounds: readonly Sound[],
  { languages, audio }: TrackWishes,
): readonly Sound[] {
  const chosen = chooseTracks('audio', nameTracks(sounds, languages), audio)
  return audio === undefined ? chosen : chosen.map((sound, i) => ({ ...sound, isDefault: i === 0 }))
}
