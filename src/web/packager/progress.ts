// How far a film is, as a page may believe it: what is made, what is stored or on its way, and how long the rest takes.
import type { FilmUpload, Stage } from './film-upload.ts'
import { createTraffic, type Traffic } from './traffic.ts'

export type ProgressChange = Pick<
  FilmUpload,
  'stage' | 'packaged' | 'sentBytes' | 'totalBytes' | 'bytesPerSecond' | 'secondsLeft'
>

export interface Progress {
  readonly traffic: Traffic
  /** `share`: of what is made in this stage, 0 to 1. */
  set(stage: Stage, share: number): void
  /** What there will be to send in all. */
  expect(totalBytes: number): void
  see(): ProgressChange
}

/** A share below this says nothing yet about how long the rest takes. */
const LEAST_SHARE = 0.02

export function createProgress(nowMs: () => number, first: Stage, firstBytes: number): Progress {
  const traffic = createTraffic(nowMs)
  let stage = first
  let share = 0
  let expectedBytes = firstBytes
  let beganMs = nowMs()
  let beganShare = 0
  return {
    traffic,
    set(next, nextShare) {
      // A film that goes on is soon where it was: that is no speed.
      if (next !== stage || beganShare === 0) [beganMs, beganShare] = [nowMs(), nextShare]
      ;[stage, share] = [next, nextShare]
    },
    expect(totalBytes) {
      expectedBytes = totalBytes
    },
    see() {
      const sentBytes = traffic.sentBytes()
      const totalBytes = Math.max(expectedBytes, sentBytes)
      const bytesPerSecond = traffic.bytesPerSecond()
      const toSend = bytesPerSecond && (totalBytes - sentBytes) / bytesPerSecond
      const made = share - beganShare
      const isMaking = stage === 'packaging' || stage === 'encoding'
      const toMake = !isMaking ? 0 : made < LEAST_SHARE ? undefined : ((nowMs() - beganMs) / 1000 / made) * (1 - share)
      const secondsLeft = toSend === undefined || toMake === undefined ? undefined : Math.max(toSend, toMake)
      return { stage, packaged: share, sentBytes, totalBytes, bytesPerSecond, secondsLeft }
    },
  }
}
