// Playback sessions as this service makes and reads them: under the secrets it has, remembered by their text.
import type { UserId } from '../../core/auth/principal.ts'
import { createBoundedMap } from '../../core/bounded-map.ts'
import { hex, utf8 } from '../../core/bytes.ts'
import { homeOf } from '../../core/http/network.ts'
import { formatSession, parseSession, type PlaybackSession, type SessionMac } from '../../core/playback/session.ts'
import { hmacKey, hmacSha256 } from '../../core/sha256.ts'

export interface PlaybackSessions {
  /** The text for the path; `address` is the client's, which a bound session is held to. */
  issue(session: PlaybackSession, address: string | undefined): string
  /** Undefined for a text that none of the secrets made, or of a client elsewhere where it is bound. No I/O. */
  read(text: string, address: () => string | undefined): PlaybackSession | undefined
  /** A viewer's name → 16 hex digits that say nothing of it, another for each owner. */
  viewerHash(ownerId: UserId, viewer: string): string
  /** The same under every secret, the current one first: what running sessions may carry. */
  viewerHashes(ownerId: UserId, viewer: string): readonly [string, ...string[]]
}

/** Sessions that one isolate serves at a time; one more is verified again. */
const MAX_REMEMBERED = 5000

/** `secrets`: the current one first; what the others made is still read. */
export function playbackSessions(secrets: readonly [string, ...string[]]): PlaybackSessions {
  const macs = secrets.map((secret) => macOf(secret, 'lynxgate playback session'))
  const viewerMac = macOf(secrets[0], 'lynxgate playback viewer')
  const formerViewerMacs = secrets.slice(1).map((secret) => macOf(secret, 'lynxgate playback viewer'))
  const [current = macOf('', '')] = macs
  // Only unbound ones: of those the text says everything.
  const verified = createBoundedMap<string, PlaybackSession>(MAX_REMEMBERED)
  return {
    issue: (session, address) => formatSession(session, current, homeOf(address)),
    read(text, address) {
      const known = verified.get(text)
      if (known !== undefined) return known
      const session = parseSession(text, macs, () => homeOf(address()))
      if (session !== undefined && !session.flags.isBound) verified.set(text, session)
      return session
    },
    viewerHash: (ownerId, viewer) => hashViewer(viewerMac, ownerId, viewer),
    viewerHashes: (ownerId, viewer) => [
      hashViewer(viewerMac, ownerId, viewer),
      ...formerViewerMacs.map((mac) => hashViewer(mac, ownerId, viewer)),
    ],
  }
}

function hashViewer(mac: SessionMac, ownerId: UserId, viewer: string): string {
  return hex(mac(utf8(`${ownerId} ${viewer}`)).subarray(0, 8))
}

/** HMAC under a key that is derived from the secret for one purpose. */
function macOf(secret: string, purpose: string): SessionMac {
  const key = hmacKey(hmacSha256(hmacKey(utf8(secret)), utf8(purpose)))
  return (message) => hmacSha256(key, message)
}
