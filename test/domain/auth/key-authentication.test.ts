// Keys whose row is on its way from D1 while the key is switched off and on: the reads are real, and held on their way.
import { drizzle } from 'drizzle-orm/d1'
import { describe, expect, it } from 'vitest'
import type { KeyHash } from '../../../src/core/auth/api-key.ts'
import { keyAuthentication, type KeyLookup } from '../../../src/domain/auth/key-authentication.ts'
import { revocations } from '../../../src/domain/auth/revocations.ts'
import { d1KeyLookup } from '../../../src/platform/d1/keys.ts'
import { makeKey } from '../../support/callers.ts'
import { env } from '../../support/env.ts'
import { holdable } from '../../support/holdable.ts'

const NOW_MS = Date.parse('2026-11-21T12:07:00Z')
const CACHE_MS = 30_000

/** One isolate's view of the keys; its clock stands still unless moved. */
function isolate() {
  const clock = { nowMs: NOW_MS }
  const nowMs = () => clock.nowMs
  const ends = revocations({ nowMs }, CACHE_MS)
  const real = d1KeyLookup(drizzle(env.DB), new Map())
  const rows = holdable((hash: KeyHash) => real.findByHash(hash))
  let reads = 0
  const keys: KeyLookup = {
    ...real,
    findByHash: (hash) => {
      reads += 1
      return rows.call(hash)
    },
  }
  const authentication = keyAuthentication({ keys, revocations: ends, failures: undefined, nowMs }, CACHE_MS)
  const works = async (rawKey: string): Promise<boolean> => {
    const deferred: Promise<unknown>[] = []
    const outcome = authentication.authenticate(
      rawKey,
      () => undefined,
      (work) => deferred.push(work),
    )
    const [result] = await Promise.allSettled([outcome])
    await Promise.all(deferred)
    return result.status === 'fulfilled'
  }
  return {
    clock,
    ends,
    works,
    forget: (keyId: string) => authentication.forget(keyId),
    reads: () => reads,
    rows,
  }
}

async function setActive(keyId: string, isActive: boolean): Promise<void> {
  await env.DB.prepare('UPDATE api_keys SET is_active = ? WHERE id = ?').bind(Number(isActive), keyId).run()
}

describe('keyAuthentication', () => {
  it('F10: refuses what was read before the end, and asks again for what came after it', async () => {
    const { ends, works, rows, reads } = isolate()
    const { rawKey, keyId } = await makeKey()
    const row = rows.hold()
    const late = works(rawKey)
    await row.answered
    await setActive(keyId, false)
    ends.revokeAt(keyId, NOW_MS)
    await setActive(keyId, true)
    row.release()
    expect(await late).toBe(false)
    // The clock has not moved: the order decides, and the refusal was not kept.
    expect(await works(rawKey)).toBe(true)
    expect(reads()).toBe(2)
  })

  it('F10: keeps refusing what D1 itself refused, without asking again', async () => {
    const { ends, works, reads } = isolate()
    const { rawKey, keyId } = await makeKey()
    await setActive(keyId, false)
    ends.revokeAt(keyId, NOW_MS)
    expect([await works(rawKey), await works(rawKey)]).toEqual([false, false])
    expect(reads()).toBe(1)
  })

  it('F10: refuses a cached key at once, and believes D1 once the cached answer is over', async () => {
    const { clock, ends, works, reads } = isolate()
    const { rawKey, keyId } = await makeKey()
    expect(await works(rawKey)).toBe(true)
    ends.revokeAt(keyId, NOW_MS)
    expect(await works(rawKey)).toBe(false)
    clock.nowMs += CACHE_MS - 1
    expect(await works(rawKey)).toBe(false)
    expect(reads()).toBe(1)
    clock.nowMs += 1
    expect(await works(rawKey)).toBe(true)
    ends.revokeAt(keyId, clock.nowMs)
    expect(await works(rawKey)).toBe(false)
    expect(reads()).toBe(2)
  })

  it('F10: asks D1 after the key was switched on here, whatever was cached', async () => {
    const { ends, works, forget, reads } = isolate()
    const { rawKey, keyId } = await makeKey()
    expect(await works(rawKey)).toBe(true)
    await setActive(keyId, false)
    ends.revokeAt(keyId, NOW_MS)
    expect(await works(rawKey)).toBe(false)
    // Another isolate switched it off again just after it was switched on here.
    forget(keyId)
    expect(await works(rawKey)).toBe(false)
    await setActive(keyId, true)
    forget(keyId)
    expect(await works(rawKey)).toBe(true)
    expect(reads()).toBe(3)
  })

  it('F10: never believes a key again whose user was deleted here', async () => {
    const { ends, works } = isolate()
    const { rawKey, userId } = await makeKey()
    ends.revokeAt(userId, NOW_MS)
    // D1 does not know yet: a deletion is final, so the order of reads does not matter.
    expect([await works(rawKey), await works(rawKey)]).toEqual([false, false])
  })
})
