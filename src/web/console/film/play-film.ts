// Plays a film in a video element: its stream, or where there is none the file that was uploaded.
import HlsJs, { ErrorTypes, Events } from 'hls.js'

export interface FilmSource {
  readonly jobId: string
  /** Of a private film. */
  readonly token: string | undefined
}

const HLS_TYPE = 'application/vnd.apple.mpegurl'

/** Resolves with what ends it. `onProblem` is told when nothing can be played. */
export async function playFilm(
  video: HTMLVideoElement,
  { jobId, token }: FilmSource,
  onProblem: () => void,
): Promise<() => void> {
  const query = token === undefined ? '' : `?token=${encodeURIComponent(token)}`
  const stream = `/api/playback/stream/${jobId}/index.m3u8${query}`
  video.poster = `/api/playback/thumbnail/${jobId}${query}`
  const hasStream = (await fetch(stream, { method: 'HEAD' })).ok
  if (hasStream && ('MediaSource' in globalThis || 'ManagedMediaSource' in globalThis)) {
    const hls = new HlsJs({ capLevelToPlayerSize: true })
    hls.on(Events.ERROR, (_, { fatal, type }) => {
      if (!fatal) return
      if (type === ErrorTypes.MEDIA_ERROR) hls.recoverMediaError()
      else onProblem()
    })
    hls.loadSource(stream)
    hls.attachMedia(video)
    return () => hls.destroy()
  }
  const isNative = hasStream && video.canPlayType(HLS_TYPE) !== ''
  video.src = isNative ? stream : `/api/playback/direct?job_id=${jobId}${query.replace('?', '&')}`
  video.addEventListener('error', onProblem, { once: true })
  return () => {
    video.removeEventListener('error', onProblem)
    video.removeAttribute('src')
    video.load()
  }
}
