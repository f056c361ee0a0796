// Text tracks for cues that hls.js parsed. hls.js would add `<track>` elements with `data:` addresses, which the CSP forbids.

export interface CueTracks {
  /** Makes the track that `key` names, turned off, unless it is there. */
  ensure(key: string, facts: TrackFacts): void
  /** Keeps each cue once, however often its segment is loaded. */
  add(key: string, facts: TrackFacts, cues: readonly VTTCue[]): void
  /** Turns one track on and the others off. */
  show(key: string): void
  /** The key of the track that is on. */
  shown(): string | undefined
}

interface TrackFacts {
  readonly kind: 'subtitles' | 'captions'
  readonly label: string
  readonly language: string
}

interface Entry {
  readonly track: TextTrack
  readonly seen: Set<string>
}

export function makeCueTracks(video: HTMLVideoElement): CueTracks {
  const tracks = new Map<string, Entry>()
  function ensure(key: string, { kind, label, language }: TrackFacts): Entry {
    let entry = tracks.get(key)
    if (!entry) {
      entry = { track: video.addTextTrack(kind, label, language), seen: new Set() }
      entry.track.mode = 'disabled'
      tracks.set(key, entry)
    }
    return entry
  }
  return {
    ensure,
    add(key, facts, cues) {
      const { track, seen } = ensure(key, facts)
      for (const cue of cues) {
        const identity = `${cue.startTime} ${cue.endTime} ${cue.text}`
        if (seen.has(identity)) continue
        seen.add(identity)
        track.addCue(cue)
      }
    },
    show(key) {
      for (const [candidate, { track }] of tracks) {
        const mode = candidate === key ? 'showing' : 'disabled'
        if (track.mode !== mode) track.mode = mode
      }
    },
    shown: () => [...tracks].find(([, { track }]) => track.mode === 'showing')?.[0],
  }
}
