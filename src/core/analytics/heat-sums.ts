// The hundredths of a film, over many viewings. Pure.
import { bucketAt, BUCKETS, hasBucket } from './heat.ts'
import { factsOf, type Play } from './play.ts'

export interface HeatSums {
  readonly watched: number[]
  readonly again: number[]
  /** Where viewings ended before the end. */
  readonly left: number[]
}

export function newHeatSums(): HeatSums {
  const zeros = (): number[] => Array.from({ length: BUCKETS }, () => 0)
  return { watched: zeros(), again: zeros(), left: zeros() }
}

export function addHeatOf(sums: HeatSums, play: Play): void {
  const { heat, again, filmMs, leftMs, isEnd, said } = play.measures
  if (filmMs === 0 || !factsOf(play).isPlay) return
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    if (hasBucket(heat, bucket)) increase(sums.watched, bucket, 1)
    if (hasBucket(again, bucket)) increase(sums.again, bucket, 1)
  }
  if (!isEnd && !said.isEnded) increase(sums.left, bucketAt(leftMs, filmMs), 1)
}

export function addHeatSums(sums: HeatSums, more: HeatSums): void {
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    increase(sums.watched, bucket, more.watched[bucket] ?? 0)
    increase(sums.again, bucket, more.again[bucket] ?? 0)
    increase(sums.left, bucket, more.left[bucket] ?? 0)
  }
}

function increase(counts: number[], bucket: number, by: number): void {
  counts[bucket] = (counts[bucket] ?? 0) + by
}
