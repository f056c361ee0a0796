// How long a video plays, as far as it is known, and how that is written. Pure.

/** Seconds; 0 is what clients write who do not know, so it stands for unknown, as null does. */
export function knownDuration(seconds: number | null): number | undefined {
  return seconds !== null && seconds > 0 ? seconds : undefined
}

/** `0:07`, `12:30`, `1:02:03`; `seconds` is whole and not negative. */
export function formatPlayingTime(seconds: number): string {
  const tail = `${Math.floor(seconds / 60) % 60}:${String(seconds % 60).padStart(2, '0')}`
  return seconds < 3600 ? tail : `${Math.floor(seconds / 3600)}:${tail.padStart(5, '0')}`
}
