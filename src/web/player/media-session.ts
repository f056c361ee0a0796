// The film on the lock screen, in the system's media controls and on the keys of headsets (Media Session).

export function offerMediaSession(
  video: HTMLVideoElement,
  film: { readonly title: string; readonly poster: string | undefined },
  seekBy: (seconds: number) => void,
): void {
  if (!('mediaSession' in navigator)) return
  const { mediaSession } = navigator
  // A page may show several films: the one that plays has the session.
  video.addEventListener('play', () => {
    const artwork = film.poster === undefined ? [] : [{ src: new URL(film.poster, location.href).href }]
    mediaSession.metadata = new MediaMetadata({ title: film.title, artwork })
    const actions: Readonly<Partial<Record<MediaSessionAction, MediaSessionActionHandler>>> = {
      play: () => void video.play().catch(() => undefined),
      pause: () => video.pause(),
      seekbackward: ({ seekOffset }) => seekBy(-(seekOffset ?? 10)),
      seekforward: ({ seekOffset }) => seekBy(seekOffset ?? 10),
      seekto: ({ seekTime }) => {
        if (seekTime !== undefined) video.currentTime = seekTime
      },
    }
    for (const [action, handler] of Object.entries(actions)) set(action as MediaSessionAction, handler)
  })
  function set(action: MediaSessionAction, handler: MediaSessionActionHandler): void {
    try {
      mediaSession.setActionHandler(action, handler)
    } catch {
      // An action that this browser does not know.
    }
  }
  for (const type of ['durationchange', 'ratechange', 'seeked', 'play'] as const) {
    video.addEventListener(type, () => {
      const { duration, playbackRate, currentTime } = video
      if (!Number.isFinite(duration) || currentTime > duration || playbackRate <= 0) return
      mediaSession.setPositionState({ duration, playbackRate, position: currentTime })
    })
  }
}
