import { describe, expect, it } from 'vitest'
import {
  liveSigningTime,
  MAX_EXPIRY_SECONDS,
  signingTime,
  windowRemainingSeconds,
} from '../../../src/core/sigv4/signing-window.ts'

const policy = { urlTtlSeconds: 3600, windowSeconds: 900 }
const now = Date.parse('2026-11-21T12:07:00Z')
const at = (iso: string): number => Date.parse(iso) / 1000
const HOUR = 3600

describe('signingTime', () => {
  it('is the start of the window, for everybody in it', () => {
    const first = signingTime(policy, Date.parse('2026-11-21T12:00:00.000Z'), 60)
    const last = signingTime(policy, Date.parse('2026-11-21T12:14:59.999Z'), 60)
    expect(first).toEqual(last)
    expect(first.signedAtSeconds).toBe(at('2026-11-21T12:00:00Z'))
  })

  it.each([
    ['a clip', 60, 3600 + 900],
    ['a three-hour film', 3 * HOUR, 1.5 * 3 * HOUR + 1800 + 900],
    ['an unknown length', undefined, 12 * HOUR + 900],
    ['a film of five days', 5 * 24 * HOUR, MAX_EXPIRY_SECONDS],
  ])('outlasts %s', (_name, playingSeconds, expiresSeconds) => {
    expect(signingTime(policy, now, playingSeconds).expiresSeconds).toBe(expiresSeconds)
  })

  it('leaves the needed time even at the very end of the window', () => {
    const lastMs = Date.parse('2026-11-21T12:14:59.999Z')
    const { signedAtSeconds, expiresSeconds } = signingTime(policy, lastMs, 2 * HOUR)
    expect(signedAtSeconds + expiresSeconds - lastMs / 1000).toBeGreaterThanOrEqual(1.5 * 2 * HOUR + 1800)
  })
})

describe('liveSigningTime', () => {
  const sameUrlAt = (pdt: number | undefined, ...times: string[]): boolean =>
    new Set(times.map((time) => JSON.stringify(liveSigningTime(policy, Date.parse(time), pdt)))).size === 1

  it('keeps a dated segment on one time for a day', () => {
    const pdt = Date.parse('2026-11-21T12:07:00Z')
    expect(sameUrlAt(pdt, '2026-11-21T12:07:00Z', '2026-11-21T23:59:59Z', '2026-11-22T12:06:00Z')).toBe(true)
  })

  it('keeps an undated segment on one time until midnight UTC', () => {
    expect(sameUrlAt(undefined, '2026-11-21T00:00:00Z', '2026-11-21T23:59:59Z')).toBe(true)
    expect(sameUrlAt(undefined, '2026-11-21T23:59:59Z', '2026-11-22T00:00:00Z')).toBe(false)
  })

  it.each([
    ['an encoder whose clock is 50 minutes ahead', now + 50 * 60_000],
    ['a date in the far future', Date.parse('2999-01-01T00:00:00Z')],
    ['a date long past', 0],
    ['no date', undefined],
  ])('is never in the future and still valid for 12 hours with %s', (_name, pdt) => {
    const { signedAtSeconds, expiresSeconds } = liveSigningTime(policy, now, pdt)
    expect(signedAtSeconds).toBeLessThanOrEqual(now / 1000)
    expect(signedAtSeconds + expiresSeconds - now / 1000).toBeGreaterThanOrEqual(12 * HOUR)
    expect(expiresSeconds).toBeLessThanOrEqual(MAX_EXPIRY_SECONDS)
  })
})

describe('windowRemainingSeconds', () => {
  it('counts down to the next window', () => {
    expect(windowRemainingSeconds(policy, Date.parse('2026-11-21T12:00:00Z'))).toBe(900)
    expect(windowRemainingSeconds(policy, Date.parse('2026-11-21T12:14:59Z'))).toBe(1)
  })
})
