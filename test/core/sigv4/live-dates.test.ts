// The days that live URLs are dated by: which, how long each is handed out, and when an ended list becomes a film.
import { describe, expect, it } from 'vitest'
import { isDatedByDays, liveDay, liveSigningTime, utcDay, type Recording } from '../../../src/core/sigv4/live-dates.ts'
import { MAX_EXPIRY_SECONDS } from '../../../src/core/sigv4/signing-window.ts'

const policy = { urlTtlSeconds: 3600, windowSeconds: 900 }
const HOUR = 3600
const DAY = 24 * HOUR
const at = (iso: string): number => Date.parse(iso)
const NOON = at('2026-11-25T12:00:00Z')
const TODAY = utcDay(NOON)

describe('liveDay', () => {
  it.each([
    ['today', TODAY, TODAY],
    ['yesterday', TODAY - 1, TODAY - 1],
    ['the day before', TODAY - 2, TODAY],
    ['1970', 0, TODAY],
    ['tomorrow, from a clock that is ahead', TODAY + 1, TODAY],
    ['the far future', TODAY + 400_000, TODAY],
    ['no day', undefined, TODAY],
  ])('F23: dates a segment tagged with %s', (_, tagDay, day) => {
    expect(liveDay(tagDay, TODAY)).toBe(day)
  })

  it.each([
    ['of the moment it is listed', 0],
    ['an hour ahead of us', HOUR],
    ['an hour ahead, listed at 23:30', HOUR, at('2026-11-25T23:30:00Z')],
    ['nine hours behind', -9 * HOUR],
  ])(
    'F31: changes at most twice in 58 hours for a tag %s',
    (_, aheadSeconds, listedMs = at('2026-11-25T20:45:00Z')) => {
      const tagDay = utcDay(listedMs + aheadSeconds * 1000)
      const days: number[] = []
      for (let minute = 0; minute <= 58 * 60; minute += 1) {
        const nowMs = listedMs + minute * 60_000
        const day = liveDay(tagDay, utcDay(nowMs))
        if (days.at(-1) === day) continue
        if (days.length > 0) expect(nowMs % (DAY * 1000)).toBe(0)
        days.push(day)
      }
      expect(days.length).toBeLessThanOrEqual(3)
    },
  )
})

describe('liveSigningTime', () => {
  it('F24: is the first second of the day, for the two days it is handed out and twelve hours more', () => {
    expect(liveSigningTime(policy, TODAY)).toEqual({
      signedAtSeconds: at('2026-11-25T00:00:00Z') / 1000,
      expiresSeconds: 2 * DAY + 12 * HOUR,
    })
  })

  it('leaves URL_TTL_SECONDS at the end of the second day, as far as SigV4 goes', () => {
    expect(liveSigningTime({ ...policy, urlTtlSeconds: 2 * DAY }, TODAY).expiresSeconds).toBe(4 * DAY)
    expect(liveSigningTime({ ...policy, urlTtlSeconds: 7 * DAY }, TODAY).expiresSeconds).toBe(MAX_EXPIRY_SECONDS)
  })
})

describe('isDatedByDays', () => {
  const ended: Recording = {
    isEnded: true,
    playlistType: undefined,
    mediaSequence: 0,
    tagDays: new Set(),
    storedAtMs: NOON,
  }
  const isDated = (list: Partial<Recording>, playingSeconds: number | undefined = 60, nowMs = NOON): boolean =>
    isDatedByDays(policy, { ...ended, ...list }, playingSeconds, nowMs)

  it('holds for whatever may grow', () => {
    expect(isDated({ isEnded: false })).toBe(true)
    expect(isDated({ isEnded: false, playlistType: 'EVENT', tagDays: new Set([0]), storedAtMs: 0 })).toBe(true)
  })

  it.each([
    ['a film', {}, false],
    ['a film of type VOD that begins at any number', { playlistType: 'VOD', mediaSequence: 4711 }, false],
    ['a film that begins at 1', { mediaSequence: 1 }, false],
    ['a film recorded long ago', { tagDays: new Set([TODAY - 30, TODAY - 29]) }, false],
    ['a list whose newest tag is of today', { tagDays: new Set([TODAY - 1, TODAY]) }, true],
    ['a list whose newest tag is of yesterday', { tagDays: new Set([TODAY - 1]) }, true],
    ['a recording of today made a VOD', { playlistType: 'VOD', tagDays: new Set([TODAY]) }, true],
    ['a list of an encoder whose clock is ahead', { tagDays: new Set([TODAY + 1]) }, true],
    ['a list of an encoder whose clock is wrong', { tagDays: new Set([TODAY + 400]) }, false],
    ['an EVENT list without tags written today', { playlistType: 'EVENT' }, true],
    ['an EVENT list without tags written yesterday', { playlistType: 'EVENT', storedAtMs: NOON - DAY * 1000 }, false],
    ['a list whose first segments have gone, written today', { mediaSequence: 2 }, true],
    ['a list whose first segments have gone, written before', { mediaSequence: 2, storedAtMs: 0 }, false],
  ] satisfies [string, Partial<Recording>, boolean][])('F24: for what has ended, %s', (_, list, expected) => {
    expect(isDated(list)).toBe(expected)
  })

  it('F24: keeps a long list dated by days only on the day of its newest tag, for a URL may have 12 hours left', () => {
    const longest = (12 * HOUR - 1800) / 1.5
    expect(isDated({ tagDays: new Set([TODAY - 1]) }, longest)).toBe(true)
    expect(isDated({ tagDays: new Set([TODAY - 1]) }, longest + 1)).toBe(false)
    expect(isDated({ tagDays: new Set([TODAY - 1]) }, undefined)).toBe(true)
    expect(isDated({ tagDays: new Set([TODAY]) }, longest + 1)).toBe(true)
  })

  it('F24: lets a list become a film at midnight UTC and at no other time', () => {
    const list = { tagDays: new Set([TODAY]) }
    expect(isDated(list, 60, at('2026-11-26T23:59:59.999Z'))).toBe(true)
    expect(isDated(list, 60, at('2026-11-27T00:00:00Z'))).toBe(false)
    const event = { playlistType: 'EVENT' } as const
    expect(isDated(event, 60, at('2026-11-25T23:59:59.999Z'))).toBe(true)
    expect(isDated(event, 60, at('2026-11-26T00:00:00Z'))).toBe(false)
  })
})
