// What an isolate gathers of viewings: together, not too often, and nothing twice.
import { describe, expect, it } from 'vitest'
import type { PlayReport } from '../../../src/domain/playback/plays.ts'
import type { SessionId } from '../../../src/core/playback/session.ts'
import { watching } from '../../../src/domain/playback/watching.ts'

function isolate() {
  const clock = { nowMs: 1_000_000 }
  const sent: PlayReport[][] = []
  const waiting: (() => void)[] = []
  const gathered = watching({
    send: async (reports) => void sent.push([...reports]),
    nowMs: () => clock.nowMs,
    randomBytes: (count) => new Uint8Array(count),
    pause: async () => await new Promise<void>((resolve) => waiting.push(resolve)),
  })
  const deferred: Promise<unknown>[] = []
  return {
    clock,
    sent,
    deferred,
    note: (name: string, bytes: number) => {
      const sid = name as SessionId
      const flags = { isCounted: false, isBound: false, isLive: false, maxLines: 0 }
      const session = { sid, jobId: 'job', viewer: 'v', begunAt: 1, endsAt: 2, keyReference: 'ffff', flags }
      const client = () => ({ country: 'DE', player: 'other', device: 'other' })
      gathered.note(session, 'owner', { bytes, client }, (work) => void deferred.push(work))
    },
    /** What waited for others goes. */
    go: async () => {
      while (waiting.length > 0) {
        for (const resolve of waiting.splice(0)) resolve()
        for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
      }
      await Promise.all(deferred.splice(0))
    },
  }
}

describe('what is gathered of viewings', () => {
  it('goes together in one message, and more than it holds in several', async () => {
    const { note, go, sent, deferred } = isolate()
    for (let index = 0; index < 150; index += 1) note(`s${index}`, 1)
    expect(deferred).toHaveLength(1)
    await go()
    expect(sent.map((reports) => reports.length)).toEqual([64, 64, 22])
  })

  it('says of a session once in two minutes what came since', async () => {
    const { note, go, sent, clock } = isolate()
    note('a', 5)
    await go()
    for (let second = 10; second < 120; second += 10) {
      clock.nowMs += 10_000
      note('a', 7)
      await go()
    }
    clock.nowMs += 10_000
    note('a', 1)
    await go()
    expect(sent.map(([report]) => report?.bytes)).toEqual([5, 78])
  })

  it('is handed on by another request when the one that was to do so is gone', async () => {
    const { note, go, sent, clock, deferred } = isolate()
    note('a', 5)
    deferred.length = 0
    clock.nowMs += 14_000
    note('a', 5)
    expect(deferred).toHaveLength(0)
    clock.nowMs += 1000
    note('a', 5)
    await go()
    expect(sent.flat().reduce((sum, { bytes }) => sum + bytes, 0)).toBe(15)
  })

  it('is handed on when a session falls silent, not more often than three times before its time', async () => {
    const { note, go, sent, clock } = isolate()
    for (let minute = 0; minute < 5; minute += 1) {
      note('a', 5)
      await go()
      clock.nowMs += 25_000
      note('b', 0)
      await go()
    }
    expect(sent.flat().filter(({ sid, bytes }) => sid === 'a' && bytes > 0).length).toBe(1 + 3)
  })
})
