// Hears the pitch of what a media element plays. The element stays silent for the room.

export interface Listener {
  /** The strongest frequency right now; 0 in silence. */
  pitchHz(): number
  stop(): void
}

const SILENCE_DECIBELS = -70

export function listen(video: HTMLVideoElement): Listener {
  const context = new AudioContext()
  const analyser = new AnalyserNode(context, { fftSize: 2048, smoothingTimeConstant: 0 })
  const mute = new GainNode(context, { gain: 0 })
  context.createMediaElementSource(video).connect(analyser).connect(mute).connect(context.destination)
  const bins = new Float32Array(analyser.frequencyBinCount)
  return {
    pitchHz() {
      analyser.getFloatFrequencyData(bins)
      const strongest = bins.reduce((best, level, bin) => (level > (bins[best] ?? -Infinity) ? bin : best), 0)
      if ((bins[strongest] ?? -Infinity) < SILENCE_DECIBELS) return 0
      return (strongest * context.sampleRate) / analyser.fftSize
    },
    stop: () => void context.close(),
  }
}
