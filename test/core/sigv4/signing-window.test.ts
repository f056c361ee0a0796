import { describe, expect, it } from 'vitest'
import { MAX_EXPIRY_SECONDS, signingTime, windowRemainingSeconds } from '../../../src/core/sigv4/signing-window.ts'

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

describe('windowRemainingSeconds', () => {
  it('counts down to the next window', () => {
    expect(windowRemainingSeconds(policy, Date.parse('2026-11-21T12:00:00Z'))).toBe(900)
    expect(windowRemainingSeconds(policy, Date.parse('2026-11-21T12:14:59Z'))).toBe(1)
  })
})
