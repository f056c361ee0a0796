// Composes the two sound tracks of the demo film. Pure: a voice in, PCM samples out.

export const sampleRate = 48_000

export interface Voice {
  /** Lowest note in hertz. */
  readonly baseHertz: number
  /** Loudness of the partials, the fundamental first. */
  readonly partials: readonly number[]
  /** Time in which a note falls to a third, in seconds. */
  readonly decaySeconds: number
}

/** A bright chime for one language and a low, round one for the other, so that they cannot be confused. */
export const voices = {
  en: { baseHertz: 523.25, partials: [1, 0, 0, 0.22], decaySeconds: 0.5 },
  de: { baseHertz: 174.61, partials: [1, 0.4, 0.16, 0.06], decaySeconds: 0.8 },
} as const satisfies Record<string, Voice>

const pentatonic = [0, 2, 4, 7, 9, 12, 14, 16, 19, 21, 24] as const

/** The scale degree of a second: climbs to noon and comes down again, with a small turn on every third note. */
function degreeAt(second: number, seconds: number): number {
  const height = Math.sin((second / seconds) * Math.PI) * 8
  return Math.min(pentatonic.length - 1, Math.round(height) + (second % 3 === 2 ? 2 : 0))
}

/** Mono 16-bit little-endian PCM at 48 kHz: one note a second, exactly on the second. */
export function composeTrack(voice: Voice, seconds: number): Uint8Array {
  const samples = new Float64Array(seconds * sampleRate)
  for (let second = 0; second < seconds; second++) {
    const semitones = pentatonic[degreeAt(second, seconds)] ?? 0
    const hertz = voice.baseHertz * 2 ** (semitones / 12)
    for (let i = 0; i < 2 * sampleRate && second * sampleRate + i < samples.length; i++) {
      const time = i / sampleRate
      const loudness = Math.min(1, time / 0.006) * Math.exp(-time / voice.decaySeconds) * 0.3
      const wave = voice.partials.reduce(
        (sum, part, n) => sum + part * Math.sin(2 * Math.PI * hertz * (n + 1) * time),
        0,
      )
      const at = second * sampleRate + i
      samples[at] = (samples[at] ?? 0) + wave * loudness
    }
  }
  const pcm = new DataView(new ArrayBuffer(samples.length * 2))
  samples.forEach((sample, i) => pcm.setInt16(i * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32_000), true))
  return new Uint8Array(pcm.buffer)
}
