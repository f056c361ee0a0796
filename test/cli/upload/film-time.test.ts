// The times of a film's frames → its rate, its beginning, its end, and the jumps between.
import { describe, expect, it } from 'vitest'
import { clockFilter, readClock, shownTime } from '../../../src/cli/upload/probe/clock.ts'
import { chooseFrameRate } from '../../../src/cli/upload/picture/frame-rate.ts'
import { createPacketReader, typicalGap, type TrackTimes } from '../../../src/cli/upload/probe/packets.ts'
import { evenly } from '../../support/probed-film.ts'

const steps = (gaps: readonly number[]): number[] =>
  gaps.reduce<number[]>((starts, gap) => [...starts, (starts.at(-1) ?? 0) + gap], [0])
const repeat = (count: number, ...gaps: number[]): number[] => Array.from({ length: count }, () => gaps).flat()

describe('createPacketReader', () => {
  it('reads starts in order, lengths, key frames and where a clock is set back', () => {
    const reader = createPacketReader()
    const lines = [
      '0|0.08|0.00|0.04|K_',
      '0|0.16|0.04|0.04|__',
      '0|0.12|0.08|0.04|__',
      '1|-0.02|-0.02|0.02|KD|Skip Samples',
    ]
    for (const line of [...lines, '', '0|N/A|0.12|N/A|__', '2|9|9|1|K_', '2|5|5|1|K_|Encryption info']) reader.add(line)
    const tracks = reader.tracks()
    expect(tracks.get(0)).toMatchObject({ starts: [0.08, 0.12, 0.12, 0.16], keyFrames: 1, setBackAt: undefined })
    expect(tracks.get(0)?.end).toBeCloseTo(0.2)
    expect(tracks.has(1)).toBe(false)
    expect(tracks.get(2)).toMatchObject({ setBackAt: 9, isEncrypted: true })
  })

  it('knows the median of what lies between', () => {
    expect(typicalGap(steps([0.04, 0.04, 0.04, 7]))).toBeCloseTo(0.04)
    expect(typicalGap([3])).toBe(0)
  })
})

describe('chooseFrameRate', () => {
  const rate = (gaps: readonly number[], ...declared: string[]) => chooseFrameRate({ starts: steps(gaps), declared })

  it.each<[string, readonly number[], readonly string[], string]>([
    ['25, as it says', repeat(50, 0.04), ['25/1'], '25/1'],
    ['29.97 in whole milliseconds', repeat(100, 0.033, 0.033, 0.034), ['30000/1001', '30/1'], '30000/1001'],
    ['23.976 that says nothing', repeat(240, 1001 / 24_000), ['0/0'], '24000/1001'],
    ['18, as old films have', repeat(90, 1 / 18), ['18/1'], '18/1'],
    ['120, halved', repeat(240, 1 / 120), ['120/1'], '60'],
    ['100, halved', repeat(200, 0.01), ['100/1'], '50'],
    ['240, a quarter', repeat(480, 1 / 240), [], '60'],
    ['one frame a second', repeat(5, 1), ['1/1'], '1/1'],
    ['film spread over a broadcast: three fields and two', repeat(60, 1 / 30, 1 / 20), ['24/1'], '24/1'],
  ])('F42: %s', (_, gaps, declared, chosen) => expect(rate(gaps, ...declared)).toBe(chosen))

  it('F42: a screen recording with bursts of 60 is made at 60, not at its average of 15', () => {
    const gaps = repeat(5, ...repeat(14, 1 / 60), 0.75)
    expect(gaps.length / gaps.reduce((a, b) => a + b)).toBeCloseTo(15, 0)
    expect(rate(gaps, '15/1', '60/1')).toBe('60/1')
  })

  it('F42: a phone film whose gaps are mostly below 40 ms is made at 30, not at its average of 7', () => {
    const gaps = repeat(10, 0.033, 0.034, 0.033, 0.031, 0.036, 0.033, 0.79)
    expect(gaps.length / gaps.reduce((a, b) => a + b)).toBeCloseTo(7, 0)
    expect(rate(gaps, '7/1', '90000/1')).toBe('30')
  })

  it('F34: is fine enough for sound to stay within 20 ms where frames lie at odd times', () => {
    const starts = steps(repeat(6, 0.5)).map((start) => start + 0.31)
    const chosen = chooseFrameRate({ starts, declared: ['2/1'] })
    const [top = 0, bottom = 1] = chosen.split('/').map(Number)
    for (const start of starts) {
      expect(Math.abs(start - Math.round((start * top) / bottom) / (top / bottom))).toBeLessThan(0.0211)
    }
  })

  it('shows a single frame at 5', () => expect(rate([])).toBe('5'))
})

describe('readClock', () => {
  const from = (start: number, track: TrackTimes): TrackTimes => ({
    ...track,
    starts: track.starts.map((at) => (at >= start ? at + 600 : at)),
    end: track.end + 600,
  })
  const film = evenly(4, 0.04)
  const tone = evenly(4, 0.02)

  it('F36: closes a stretch in which nothing is seen or heard', () => {
    const clock = readClock({ startSeconds: 0, picture: from(2, film), sounds: [from(2, tone)] })
    expect(clock?.jumps).toHaveLength(1)
    expect(clock?.jumps[0]?.seconds).toBeCloseTo(600, 1)
    expect(clock?.totalSeconds).toBeCloseTo(4, 1)
    expect(clock && shownTime(602.5, clock)).toBeCloseTo(2.5, 1)
    expect(clock && clockFilter(clock)).toMatch(/^setpts='PTS-\(0\.000000\+gt\(T,2\.0+\)\*599\.98\d+\)\/TB'$/)
  })

  it('F36: leaves a still picture alone while sound goes on', () => {
    const still = { ...film, starts: [0, 0.04, 0.08, 3.9], durations: [0.04, 0.04, 0.04, 0.04] }
    expect(readClock({ startSeconds: 0, picture: still, sounds: [tone] })?.jumps).toEqual([])
  })

  it('F36: leaves slides and a silent recording of a screen alone', () => {
    const slides = evenly(60, 15)
    expect(readClock({ startSeconds: 0, picture: slides, sounds: [] })?.jumps).toEqual([])
    const screen = { ...film, starts: [0, 0.04, 0.08, 30], durations: [0.04, 0.04, 29.92, 0.04], end: 30.04 }
    expect(readClock({ startSeconds: 0, picture: screen, sounds: [] })?.jumps).toEqual([])
    const unsaid = { ...screen, durations: [0.04, 0.04, 0.04, 0.04] }
    expect(readClock({ startSeconds: 0, picture: unsaid, sounds: [] })?.jumps).toHaveLength(1)
  })

  it('gives up on a clock that jumps all the time', () => {
    const starts = Array.from({ length: 300 }, (_, i) => Math.floor(i / 2) * 30 + (i % 2) * 0.04)
    expect(readClock({ startSeconds: 0, picture: { ...film, starts, durations: [] }, sounds: [] })).toBeUndefined()
  })
})
