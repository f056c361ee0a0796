// A playback session: what the gate hands out when a viewing begins, and finds in the path of everything after it.
// 61 bytes as 82 characters: version, job, session id, viewer, begun, ends, key reference, flags, and an HMAC over all
// of them. It names no owner and no person. Pure: the HMAC is handed in.
import { concatBytes, decodeBase64url, encodeBase64url, equalBytes, hex, utf8 } from '../bytes.ts'

/** Names one viewing: 16 hex digits. */
export type SessionId = string & { readonly brand: 'SessionId' }

const SESSION_ID_BYTES = 8

/** Undefined for anything but 16 lower-case hex digits. */
export function parseSessionId(text: string): SessionId | undefined {
  return /^[0-9a-f]{16}$/.test(text) ? (text as SessionId) : undefined
}

/** A new one. */
export function newSessionId(randomBytes: (count: number) => Uint8Array): SessionId {
  return readSessionId(randomBytes(SESSION_ID_BYTES))
}

function readSessionId(bytes: Uint8Array): SessionId {
  return hex(bytes) as SessionId
}

export interface PlaybackSession {
  readonly jobId: string
  readonly sid: SessionId
  /** 16 hex digits of the viewer's hash; zeros when the token named none. */
  readonly viewer: string
  /** Whole epoch seconds. */
  readonly begunAt: number
  readonly endsAt: number
  /** Of the key that signed the token: 4 hex digits. `0000`: no token, the film is public. */
  readonly keyReference: string
  readonly flags: SessionFlags
}

export interface SessionFlags {
  /** The viewing holds a place among the viewer's streams. */
  readonly isCounted: boolean
  /** It stays in the home network it began on: the HMAC covers that network too, so no other one can present it. */
  readonly isBound: boolean
  readonly isLive: boolean
  /** Highest picture height; 0: any. */
  readonly maxLines: number
}

/** HMAC-SHA256 of a message under one of the secrets. */
export type SessionMac = (message: Uint8Array) => Uint8Array

const VERSION = 1
const BODY_BYTES = 45
const MAC_BYTES = 16
export const SESSION_CHARACTERS = 82
const NO_VIEWER = '0'.repeat(16)

/**
 * The text of a session. `home`: the network of `homeOf` that a bound one is held to. TypeError when a field has another
 * size.
 */
export function formatSession(session: PlaybackSession, mac: SessionMac, home: string): string {
  const bytes = new Uint8Array(BODY_BYTES + MAC_BYTES)
  bytes[0] = VERSION
  bytes.set(unhex(session.jobId.replaceAll('-', ''), 16), 1)
  bytes.set(unhex(session.sid, SESSION_ID_BYTES), 17)
  bytes.set(unhex(session.viewer, 8), 25)
  const view = new DataView(bytes.buffer)
  view.setUint32(33, session.begunAt)
  view.setUint32(37, session.endsAt)
  bytes.set(unhex(session.keyReference, 2), 41)
  view.setUint16(43, writeFlags(session.flags))
  const signed = signedPart(bytes.subarray(0, BODY_BYTES), session.flags, home)
  bytes.set(mac(signed).subarray(0, MAC_BYTES), BODY_BYTES)
  return encodeBase64url(bytes)
}

/**
 * The session of a text; undefined unless one of the secrets made it, for this home network where it is bound. The
 * comparison takes no hint from where two differ. Whether the session is over is the caller's question.
 */
export function parseSession(
  text: string,
  macs: readonly SessionMac[],
  home: () => string,
): PlaybackSession | undefined {
  if (text.length !== SESSION_CHARACTERS) return undefined
  const bytes = decodeBase64url(text)
  if (bytes === undefined || bytes[0] !== VERSION) return undefined
  const view = new DataView(bytes.buffer)
  const flags = readFlags(view.getUint16(43))
  const signed = signedPart(bytes.subarray(0, BODY_BYTES), flags, flags.isBound ? home() : '')
  const given = bytes.subarray(BODY_BYTES)
  if (!macs.some((mac) => equalBytes(mac(signed).subarray(0, MAC_BYTES), given))) return undefined
  return {
    jobId: formatUuid(hex(bytes.subarray(1, 17))),
    sid: readSessionId(bytes.subarray(17, 17 + SESSION_ID_BYTES)),
    viewer: hex(bytes.subarray(25, 33)),
    begunAt: view.getUint32(33),
    endsAt: view.getUint32(37),
    keyReference: hex(bytes.subarray(41, 43)),
    flags,
  }
}

/** What the HMAC covers. */
function signedPart(body: Uint8Array, { isBound }: SessionFlags, home: string): Uint8Array {
  return isBound ? concatBytes([body, utf8(home)]) : body
}

/** Whether the token of this session named a viewer. */
export function hasViewer({ viewer }: PlaybackSession): boolean {
  return viewer !== NO_VIEWER
}

/** Three bits, and thirteen for the lines. */
const FLAG_BITS = { isCounted: 1, isBound: 2, isLive: 4 } as const
const LINES_SHIFT = 3
export const MAX_LINES = 8191

function writeFlags({ isCounted, isBound, isLive, maxLines }: SessionFlags): number {
  if (!(maxLines >= 0 && maxLines <= MAX_LINES)) throw new TypeError('lines do not fit')
  return (
    (isCounted ? FLAG_BITS.isCounted : 0) |
    (isBound ? FLAG_BITS.isBound : 0) |
    (isLive ? FLAG_BITS.isLive : 0) |
    (maxLines << LINES_SHIFT)
  )
}

function readFlags(bits: number): SessionFlags {
  return {
    isCounted: (bits & FLAG_BITS.isCounted) !== 0,
    isBound: (bits & FLAG_BITS.isBound) !== 0,
    isLive: (bits & FLAG_BITS.isLive) !== 0,
    maxLines: bits >> LINES_SHIFT,
  }
}

function unhex(text: string, byteLength: number): Uint8Array {
  if (text.length !== 2 * byteLength || !/^[0-9a-f]*$/.test(text)) throw new TypeError('not so many hex digits')
  return Uint8Array.from({ length: byteLength }, (_, index) =>
    Number.parseInt(text.slice(2 * index, 2 * index + 2), 16),
  )
}

function formatUuid(digits: string): string {
  return [8, 12, 16, 20].reduceRight((text, at) => `${text.slice(0, at)}-${text.slice(at)}`, digits)
}
