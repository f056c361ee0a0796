// hls.js behind the engine interface. Loaded only where it is needed: this file is a chunk of its own.
import HlsJs, { ErrorDetails, ErrorTypes, Events, type ErrorData, type MediaPlaylist } from 'hls.js'
import { makeCueTracks } from './cue-tracks.ts'
import type { OpenHlsEngine, Problem } from './player-engine.ts'
import type { Texts } from './texts/en.ts'
import { fill } from './texts/texts.ts'
import { viewingEvents } from './viewing-events.ts'

/** What a viewer chose, kept over a reload. */
interface Session {
  readonly seconds: number
  readonly isPlaying: boolean
  readonly rendition: number
  readonly sound: number
}

const CHAPTERS = 'com.apple.hls.chapters'
const WORKER = new URL('./hls.worker.js', import.meta.url)

export { INTERFACE } from './interface-version.ts'

export const openHlsEngine: OpenHlsEngine = (video, stream, events, texts) => {
  // oxlint-disable-next-line import/no-named-as-default-member -- its types have it as a member only
  if (!HlsJs.isSupported()) return undefined
  const cueTracks = makeCueTracks(video)
  let said = viewingEvents(video)
  let hls = load(undefined)

  /** Lets hls.js load the subtitles that are on. */
  function follow(): void {
    const shown = cueTracks.shown()
    const id = hls.subtitleTracks.findIndex((track) => keyOf(track) === shown)
    if (hls.subtitleTrack !== id) hls.subtitleTrack = id
  }
  video.textTracks.addEventListener('change', follow)

  function load(session: Session | undefined): HlsJs {
    const next = new HlsJs({
      cmcd: said.cmcd,
      workerPath: workerAddress(),
      startPosition: session?.seconds ?? -1,
      renderTextTracksNatively: false,
    })
    let hasTriedMediaRecovery = false
    let isRestored = session === undefined
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
    ] as const) {
      next.on(event, () => events.changed())
    }
    next.on(Events.MANIFEST_LOADED, (_event, { url, levels, sessionData }) => {
      const entry = new URL(url, location.href)
      const chapters = sessionData?.[CHAPTERS]?.['URI']
      const viewing = viewingOf(levels[0]?.url) ?? viewingOf(url)
      said.begin(viewing === undefined ? undefined : new URL(viewing, entry).href)
      events.loaded({
        folder: new URL(viewing ?? '.', entry).href,
        chapters: chapters === undefined ? undefined : new URL(chapters, entry).href,
      })
    })
    next.on(Events.SUBTITLE_TRACKS_UPDATED, (_event, { subtitleTracks }) => {
      for (const [index, track] of subtitleTracks.entries())
        cueTracks.ensure(keyOf(track), factsOf(track, index, texts))
    })
    next.on(Events.SUBTITLE_TRACK_SWITCH, (_event, { id }) => {
      const track = next.subtitleTracks[id]
      if (track && isRestored) cueTracks.show(keyOf(track))
    })
    next.on(Events.CUES_PARSED, (_event, { type, track, cues, subtitleTrack }) => {
      if (subtitleTrack) cueTracks.add(keyOf(subtitleTrack), factsOf(subtitleTrack, 0, texts), cues)
      // Inside the video itself (CEA-608): no playlist names them, they turn up while the film plays.
      else if (type === 'captions') {
        cueTracks.add(track, { kind: 'captions', label: texts.captions, language: '' }, cues)
      }
    })
    if (session) {
      next.once(Events.LEVEL_LOADED, () => {
        isRestored = true
        next.nextLevel = session.rendition
        if (session.sound >= 0) next.audioTrack = session.sound
        follow()
      })
    }
    next.loadSource(stream())
    next.attachMedia(video)
    if (session?.isPlaying === true) video.play().catch(() => undefined)
    return next
  }

  return {
    renditions: () => ({
      list: hls.levels.map(({ width, height, bitrate, frameRate }, index) => ({
        id: String(index),
        width,
        height,
        bitrate,
        frameRate,
      })),
      selected: hls.autoLevelEnabled ? -1 : hls.loadLevel,
    }),
    sounds: () => ({
      list: hls.audioTracks.map(({ name, lang }, index) => ({
        label: name || lang || fill(texts.track, { number: index + 1 }),
        language: lang ?? '',
      })),
      selected: hls.audioTrack,
    }),
    selectRendition(index) {
      hls.nextLevel = index
      events.changed()
    },
    selectSound(index) {
      hls.audioTrack = index
    },
    reload() {
      const session = {
        seconds: video.currentTime,
        isPlaying: !video.paused && !video.ended,
        rendition: hls.autoLevelEnabled ? -1 : hls.loadLevel,
        sound: hls.audioTrack,
      }
      hls.destroy()
      said.close()
      said = viewingEvents(video)
      hls = load(session)
    },
    close() {
      video.textTracks.removeEventListener('change', follow)
      hls.destroy()
      said.close()
    },
  }
}

/** A page of another origin cannot start our worker, only one of its own that imports ours. */
function workerAddress(): string {
  if (WORKER.origin === location.origin) return WORKER.href
  return URL.createObjectURL(new Blob([`importScripts(${JSON.stringify(WORKER.href)})`], { type: 'text/javascript' }))
}

/** Of a private film: `/v/<session>/`, below which everything of the stream lies. */
function viewingOf(address: string | undefined): string | undefined {
  return /^[^?#]*?\/v\/[^/?#]+\//.exec(address ?? '')?.[0]
}

function factsOf(track: MediaPlaylist, index: number, texts: Texts) {
  const label = track.name || track.lang || fill(texts.track, { number: index + 1 })
  return { kind: 'subtitles', label, language: track.lang ?? '' } as const
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
