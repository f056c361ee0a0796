// How long a video plays, as far as it is known. Pure.

/** Seconds; 0 is what clients write who do not know, so it stands for unknown, as null does. */
export function knownDuration(seconds: number | null): number | undefined {
  return seconds !== null && seconds > 0 ? seconds : undefined
}
