import { describe, expect, it } from 'vitest'
import { utf8 } from '../../../src/core/bytes.ts'
import {
  formatSession,
  hasViewer,
  newSessionId,
  parseSession,
  SESSION_CHARACTERS,
  type PlaybackSession,
  type SessionMac,
} from '../../../src/core/playback/session.ts'
import { hmacKey, hmacSha256 } from '../../../src/core/sha256.ts'

const macOf =
  (secret: string): SessionMac =>
  (message) =>
    hmacSha256(hmacKey(utf8(secret)), message)
const [current, previous, other] = ['current', 'previous', 'other'].map(macOf) as [SessionMac, SessionMac, SessionMac]
const HOME = '4:c00002'
const home = () => HOME

const SESSION: PlaybackSession = {
  jobId: '5f3e9a52-7d6b-4a0e-8f4c-0d6c7e9b1a22',
  sid: newSessionId(() => Uint8Array.from([0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0xaa])),
  viewer: 'ffeeddccbbaa9988',
  begunAt: 1_790_000_000,
  endsAt: 4_294_967_295,
  keyReference: 'beef',
  flags: { isCounted: true, isBound: false, isLive: true, maxLines: 1080 },
}
const BOUND = { ...SESSION, flags: { ...SESSION.flags, isBound: true } }

describe('formatSession and parseSession', () => {
  it('carry every field through 82 characters that need no escape in a path', () => {
    const text = formatSession(SESSION, current, HOME)
    expect(text).toMatch(/^[A-Za-z0-9_-]{82}$/)
    expect(text).toHaveLength(SESSION_CHARACTERS)
    expect(parseSession(text, [current], home)).toEqual(SESSION)
  })

  it('accept the previous secret, and no other', () => {
    const text = formatSession(SESSION, previous, HOME)
    expect(parseSession(text, [current, previous], home)).toEqual(SESSION)
    expect(parseSession(text, [current, other], home)).toBeUndefined()
    expect(parseSession(text, [], home)).toBeUndefined()
  })

  it('hold a bound session to its home network, and an unbound one to none', () => {
    const bound = formatSession(BOUND, current, HOME)
    expect(parseSession(bound, [current], home)).toEqual(BOUND)
    expect(parseSession(bound, [current], () => '4:c63364')).toBeUndefined()
    const free = formatSession(SESSION, current, HOME)
    expect(parseSession(free, [current], () => '4:c63364')).toEqual(SESSION)
  })

  it('refuse a session with any of its 488 bits flipped', () => {
    const text = formatSession(SESSION, current, HOME)
    for (let index = 0; index < text.length; index += 1) {
      for (const character of 'Ab0-_z') {
        if (character === text[index]) continue
        const forged = text.slice(0, index) + character + text.slice(index + 1)
        expect(parseSession(forged, [current], home), forged).toBeUndefined()
      }
    }
  })

  it.each(['', 'x', 'A'.repeat(81), 'A'.repeat(83), `${'A'.repeat(81)}=`, `${'A'.repeat(81)}/`, 'é'.repeat(82)])(
    'refuse %j',
    (text) => {
      expect(parseSession(text, [current], home)).toBeUndefined()
    },
  )

  it('know a session whose token named a viewer', () => {
    expect(hasViewer(SESSION)).toBe(true)
    expect(hasViewer({ ...SESSION, viewer: '0'.repeat(16) })).toBe(false)
  })

  it.each([{ jobId: 'x' }, { keyReference: 'BEEF' }, { flags: { ...SESSION.flags, maxLines: 8192 } }])(
    'throw for a field of another size: %j',
    (field) => {
      expect(() => formatSession({ ...SESSION, ...field }, current, HOME)).toThrow(TypeError)
    },
  )
})
