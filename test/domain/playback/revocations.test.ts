// What an isolate knows of ended viewings, over the real database: nothing is hidden by how much there is.
import { parseSessionId, type SessionId } from '../../../src/core/playback/session.ts'
import { drizzle } from 'drizzle-orm/d1'
import { describe, expect, it } from 'vitest'
import { playbackRevocations, type PlaybackRevocationReader } from '../../../src/domain/playback/revocations.ts'
import { d1PlaybackRevocations } from '../../../src/platform/d1/playback-revocations.ts'
import { env } from '../../support/env.ts'
import { quietOutbox } from '../../support/outbox.ts'
import { seedRevocations } from '../../support/revocations.ts'
import { makeVideo } from '../../support/videos.ts'

const START_MS = Date.parse('2026-11-21T12:00:00Z')
const BEGUN = START_MS / 1000 - 5
const store = d1PlaybackRevocations(drizzle(env.DB), quietOutbox(drizzle(env.DB)))

function isolate(reader: PlaybackRevocationReader = store, maxRevocations?: number) {
  const clock = { nowMs: START_MS }
  const deps = { reader, nowMs: () => clock.nowMs, pause: async () => undefined }
  const known = playbackRevocations(deps, 10_000, maxRevocations)
  return {
    clock,
    known,
    isEnded: async (ownerId: string, sid: string, begunAt = BEGUN): Promise<boolean> => {
      await known.refresh((work) => void work.catch(() => undefined))
      const isEnded = await known.endedOf(ownerId)
      const flags = { isCounted: false, isBound: false, isLive: false, maxLines: 0 }
      return isEnded({
        sid: sessionIdOf(sid),
        jobId: 'a',
        viewer: 'b',
        begunAt,
        endsAt: begunAt + 60,
        keyReference: '0000',
        flags,
      })
    },
  }
}

async function newOwner(): Promise<string> {
  return (await makeVideo()).userId
}

async function end(ownerId: string, sid: string, createdAtMs: number): Promise<void> {
  await store.add({
    ownerId,
    kind: 'session',
    values: [{ id: crypto.randomUUID(), value: sid }],
    begunBefore: Math.floor(createdAtMs / 1000),
    createdAtMs,
    expiresAtMs: createdAtMs + 700_000_000,
    maxLive: 20_000,
  })
}

describe('what an isolate knows of ended viewings', () => {
  it('holds an end behind more rows of the owner than one page has', async () => {
    const owner = await newOwner()
    await seedRevocations(owner, 12_000, START_MS - 1000)
    await end(owner, 'f'.repeat(16), START_MS)
    const { isEnded } = isolate()
    expect(await isEnded(owner, 'f'.repeat(16))).toBe(true)
    expect(await isEnded(owner, (11_999).toString(16).padStart(16, '0'))).toBe(true)
    expect(await isEnded(owner, (12_000).toString(16).padStart(16, '0'))).toBe(false)
  })

  it('learns a new end within the bound, behind however many of other owners', async () => {
    const [owner, busy] = [await newOwner(), await newOwner()]
    const { isEnded, clock } = isolate()
    expect(await isEnded(owner, 'a'.repeat(16))).toBe(false)
    await seedRevocations(busy, 12_000, START_MS + 100)
    await end(owner, 'a'.repeat(16), START_MS + 2000)
    clock.nowMs = START_MS + 9999
    expect(await isEnded(owner, 'a'.repeat(16))).toBe(false)
    clock.nowMs = START_MS + 10_000
    expect(await isEnded(owner, 'a'.repeat(16))).toBe(true)
  })

  it('forgets whole owners when it is full, and reads them again', async () => {
    const [first, second] = [await newOwner(), await newOwner()]
    await end(first, 'a'.repeat(16), START_MS)
    await seedRevocations(second, 50, START_MS)
    let reads = 0
    const counting: PlaybackRevocationReader = {
      since: (at) => store.since(at),
      of(ownerId, nowMs) {
        reads += 1
        return store.of(ownerId, nowMs)
      },
    }
    const { isEnded } = isolate(counting, 20)
    expect(await isEnded(first, 'a'.repeat(16))).toBe(true)
    expect(await isEnded(first, 'a'.repeat(16))).toBe(true)
    expect(reads).toBe(1)
    expect(await isEnded(second, (49).toString(16).padStart(16, '0'))).toBe(true)
    expect(await isEnded(first, 'a'.repeat(16))).toBe(true)
    expect(reads).toBe(3)
  })

  it('adds to an owner who is being read what another read finds meanwhile', async () => {
    const owner = await newOwner()
    const late = Promise.withResolvers<void>()
    const { isEnded, known, clock } = isolate({
      since: (at) => store.since(at),
      async *of(ownerId, nowMs) {
        yield* store.of(ownerId, nowMs)
        await late.promise
      },
    })
    const first = isEnded(owner, 'a'.repeat(16))
    await end(owner, 'a'.repeat(16), START_MS)
    clock.nowMs += 10_000
    await known.refresh(() => undefined)
    late.resolve()
    expect(await first).toBe(true)
  })

  it('holds at once what was ended here, to requests in the midst of a read and to those while the database is away', async () => {
    const owner = await newOwner()
    const late = Promise.withResolvers<void>()
    const { isEnded, known, clock } = isolate({
      async *since(at) {
        await late.promise
        yield* store.since(at)
      },
      of: (...of) => store.of(...of),
    })
    expect(await isEnded(owner, 'a'.repeat(16))).toBe(false)
    known.learn({ ownerId: owner, kind: 'session', value: 'a'.repeat(16), begunBefore: START_MS / 1000 })
    expect(await isEnded(owner, 'a'.repeat(16))).toBe(true)
    clock.nowMs += 6000
    const reading: Promise<unknown>[] = []
    await known.refresh((work) => void reading.push(work))
    expect(await isEnded(owner, 'a'.repeat(16))).toBe(true)
    late.reject(new Error('the database is away'))
    await Promise.allSettled(reading)
    expect(reading).toHaveLength(1)
    expect(await isEnded(owner, 'a'.repeat(16))).toBe(true)
  })

  it('takes a newer end of the same for the older one, and refuses one too many without losing any', async () => {
    const owner = await newOwner()
    await seedRevocations(owner, 10, START_MS)
    const add = async (values: readonly [string, ...string[]]) => {
      const [first, ...more] = values.map((value) => ({ id: crypto.randomUUID(), value }))
      return await store.add({
        ownerId: owner,
        kind: 'session',
        values: [first ?? { id: '', value: '' }, ...more],
        begunBefore: START_MS / 1000 + 60,
        createdAtMs: START_MS,
        expiresAtMs: START_MS + 700_000_000,
        maxLive: 10,
      })
    }
    const known = '0'.repeat(16)
    expect(await add(['e'.repeat(16)])).toBe(false)
    expect(await add([known, 'e'.repeat(16)])).toBe(false)
    expect(await add([known])).toBe(true)
    const rows = await env.DB.prepare('SELECT value, begun_before FROM playback_revocations WHERE user_id = ?')
      .bind(owner)
      .all<{ value: string; begun_before: number }>()
    expect(rows.results).toHaveLength(10)
    expect(rows.results.find(({ value }) => value === known)?.begun_before).toBe(START_MS / 1000 + 60)
  })
})

function sessionIdOf(text: string): SessionId {
  const id = parseSessionId(text)
  if (id === undefined) throw new TypeError(`${text} is not a session id`)
  return id
}
