// hls.js behind the engine interface. Loaded only where it is needed: this file is a chunk of its own.
import HlsJs, { ErrorDetails, ErrorTypes, Events, type ErrorData, type Level, type MediaPlaylist } from 'hls.js'
import { makeCueTracks } from './cue-tracks.ts'
import type { Choice, EngineEvents, PlayerEngine, Problem } from './player-engine.ts'

/** What a viewer chose, kept over a reload. */
interface Session {
  readonly seconds: number
  readonly isPlaying: boolean
  readonly quality: number
  readonly audio: number
  readonly subtitles: number
}

/** `undefined` when hls.js cannot work here. */
export function openHlsEngine(video: HTMLVideoElement, stream: string, events: EngineEvents): PlayerEngine | undefined {
  // oxlint-disable-next-line import/no-named-as-default-member -- its types have it as a member only
  if (!HlsJs.isSupported()) return undefined
  const cueTracks = makeCueTracks(video)
  // Captions inside the video itself (CEA-608): no playlist names them, they turn up while the film plays.
  const inBand: string[] = []
  let captions: string | undefined
  let hls = load(undefined)

  function load(session: Session | undefined): HlsJs {
    const next = new HlsJs({
      workerPath: '/assets/hls.worker.js',
      startPosition: session?.seconds ?? -1,
      renderTextTracksNatively: false,
    })
    let hasTriedMediaRecovery = false
    next.on(Events.ERROR, (_event, error) => {
      // Every rendition was signed at the same time: when one address is refused, trying the others is of no use.
      if (!error.fatal && !isRefused(error)) return
      if (error.fatal && error.type === ErrorTypes.MEDIA_ERROR && !hasTriedMediaRecovery) {
        hasTriedMediaRecovery = true
        next.recoverMediaError()
        return
      }
      events.failed(problemOf(error))
    })
    for (const event of [
      Events.MANIFEST_PARSED,
      Events.LEVEL_SWITCHED,
      Events.AUDIO_TRACKS_UPDATED,
      Events.AUDIO_TRACK_SWITCHED,
      Events.SUBTITLE_TRACKS_UPDATED,
    ] as const) {
      next.on(event, () => events.changed())
    }
    next.on(Events.SUBTITLE_TRACK_SWITCH, (_event, { id }) => {
      const track = next.subtitleTracks[id]
      if (track) captions = undefined
      cueTracks.choose(track ? keyOf(track) : captions)
      events.changed()
    })
    next.on(Events.CUES_PARSED, (_event, { type, track, cues, subtitleTrack }) => {
      if (subtitleTrack) {
        cueTracks.add(keyOf(subtitleTrack), { label: subtitleTrack.name, language: subtitleTrack.lang ?? '' }, cues)
      } else if (type === 'captions') {
        cueTracks.add(track, { label: 'Captions', language: '' }, cues)
        if (!inBand.includes(track)) inBand.push(track)
        events.changed()
      }
    })
    if (session) {
      next.once(Events.LEVEL_LOADED, () => {
        next.nextLevel = session.quality
        if (session.audio >= 0) next.audioTrack = session.audio
        next.subtitleTrack = session.subtitles
      })
    }
    next.loadSource(stream)
    next.attachMedia(video)
    if (session?.isPlaying === true) video.play().catch(() => undefined)
    return next
  }

  return {
    qualities: () => qualityChoices(hls),
    audioTracks: () => ({ list: hls.audioTracks.map(trackChoice), selectedId: hls.audioTrack }),
    subtitles() {
      const listed = hls.subtitleTracks.map(trackChoice)
      const found = inBand.map((_key, index) => ({
        id: listed.length + index,
        label: inBand.length > 1 ? `Captions ${index + 1}` : 'Captions',
      }))
      const selectedId = captions === undefined ? hls.subtitleTrack : listed.length + inBand.indexOf(captions)
      return { list: [...listed, ...found], selectedId }
    },
    selectQuality(id) {
      hls.nextLevel = id
      events.changed()
    },
    selectAudioTrack(id) {
      hls.audioTrack = id
    },
    selectSubtitles(id) {
      const listed = hls.subtitleTracks.length
      captions = id >= listed ? inBand[id - listed] : undefined
      hls.subtitleTrack = id < listed ? id : -1
      if (hls.subtitleTrack < 0) cueTracks.choose(captions)
      events.changed()
    },
    reload() {
      const session = {
        seconds: video.currentTime,
        isPlaying: !video.paused && !video.ended,
        quality: hls.autoLevelEnabled ? -1 : hls.loadLevel,
        audio: hls.audioTrack,
        subtitles: hls.subtitleTrack,
      }
      hls.destroy()
      hls = load(session)
    },
  }
}

function qualityChoices(hls: HlsJs): { list: readonly Choice[]; selectedId: number } {
  if (hls.levels.length < 2) return { list: [], selectedId: -1 }
  const heights = hls.levels.map((level) => level.height)
  const rungs = hls.levels
    .map((level, id) => ({ id, label: levelLabel(level, heights), bitrate: level.bitrate }))
    .sort((a, b) => b.bitrate - a.bitrate)
  const current = hls.levels[hls.currentLevel]
  const auto = hls.autoLevelEnabled && current ? `Auto (${levelLabel(current, heights)})` : 'Auto'
  return { list: [{ id: -1, label: auto }, ...rungs], selectedId: hls.autoLevelEnabled ? -1 : hls.loadLevel }
}

/** `1080p`, `1080p60`, and with the bit rate where that alone would name two rungs the same. */
function levelLabel(level: Level, heights: readonly number[]): string {
  const kilobits = `${Math.round(level.bitrate / 1000)} kbit/s`
  if (level.height === 0) return kilobits
  const size = `${level.height}p${level.frameRate > 31 ? Math.round(level.frameRate) : ''}`
  return heights.filter((height) => height === level.height).length > 1 ? `${size} · ${kilobits}` : size
}

function trackChoice(track: MediaPlaylist, id: number): Choice {
  return { id, label: track.name || track.lang || `Track ${id + 1}`, language: track.lang }
}

/** The same track in every rendition group. */
function keyOf(track: MediaPlaylist): string {
  return `${track.lang ?? ''} ${track.name}`
}

function isRefused(error: ErrorData): boolean {
  return error.type === ErrorTypes.NETWORK_ERROR && problemOf(error) === 'expired'
}

function problemOf(error: ErrorData): Problem {
  if (error.type !== ErrorTypes.NETWORK_ERROR) {
    return error.details === ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR ? 'unsupported' : 'media'
  }
  const status = error.response?.code ?? 0
  const isOurs = error.details === ErrorDetails.MANIFEST_LOAD_ERROR
  if (isOurs && (status === 404 || status === 410)) return 'gone'
  if (error.details === ErrorDetails.MANIFEST_PARSING_ERROR || (isOurs && status === 422)) return 'unsupported'
  return status === 400 || status === 401 || status === 403 ? 'expired' : 'network'
}
