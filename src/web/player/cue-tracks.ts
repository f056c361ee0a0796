// Text tracks for cues that hls.js parsed. hls.js would add `<track>` elements with `data:` addresses, which the CSP forbids.

export interface CueTracks {
  /** Keeps each cue once, however often its segment is loaded. `key` tells the tracks apart. */
  add(key: string, facts: { label: string; language: string }, cues: readonly VTTCue[]): void
  /** Turns one track on, for the page to draw, and the others off. */
  choose(key: string | undefined): void
}

export function makeCueTracks(video: HTMLVideoElement): CueTracks {
  const tracks = new Map<string, { readonly track: TextTrack; readonly seen: Set<string> }>()
  let chosen: string | undefined
  return {
    add(key, { label, language }, cues) {
      let entry = tracks.get(key)
      if (!entry) {
        entry = { track: video.addTextTrack('subtitles', label, language), seen: new Set() }
        entry.track.mode = key === chosen ? 'hidden' : 'disabled'
        tracks.set(key, entry)
      }
      for (const cue of cues) {
        const identity = `${cue.startTime} ${cue.endTime} ${cue.text}`
        if (entry.seen.has(identity)) continue
        entry.seen.add(identity)
        entry.track.addCue(cue)
      }
    },
    choose(key) {
      chosen = key
      for (const [candidate, { track }] of tracks) {
        const mode = candidate !== key ? 'disabled' : document.pictureInPictureElement === video ? 'showing' : 'hidden'
        if (track.mode !== mode) track.mode = mode
      }
    },
  }
}
