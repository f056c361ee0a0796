// How a media object reaches a player: a presigned URL, dated so that it outlasts the film.
import { attachment } from '../../core/http/content-disposition.ts'
import { Fault } from '../../core/fault.ts'
import type { UnsignedPlaylist, SignedReference } from '../../core/hls/assemble.ts'
import { MAX_PRINTED_CHARS } from '../../core/hls/limits.ts'
import { isDatedByDays, liveDay, liveSigningTime, utcDay, type Recording } from '../../core/sigv4/live-dates.ts'
import { deriveInScript, type KeyDerivation } from '../../core/sigv4/presigner.ts'
import { signTextPlainly, signedLength, type TextSigner } from '../../core/sigv4/signed-text.ts'
import {
  signingTime,
  windowRemainingSeconds,
  type SigningPolicy,
  type SigningTime,
} from '../../core/sigv4/signing-window.ts'
import type { ObjectKey } from '../../core/storage/object-key.ts'
import { edgeTarget, s3Target, type EdgeEndpoint, type S3Endpoint, type SigningTarget } from './signing-target.ts'

export interface LinkRequest {
  readonly method: 'GET' | 'HEAD'
  readonly key: ObjectKey
  /** Of the request, `https://host`: an endpoint that starts with `/` lies there. */
  readonly origin: string
  /** Undefined: unknown, which counts as very long. */
  readonly playingSeconds: number | undefined
  /** Makes a browser save the object under this name. */
  readonly attachmentName?: string
}

export interface Link {
  readonly url: string
  readonly expiresAtMs: number
  /** How long the very same URL is handed out. */
  readonly maxAgeSeconds: number
}

export interface PlaylistLinks {
  /** The stream's folder, decoded, with its closing slash. */
  readonly folder: string
  readonly origin: string
  /** Of what is listed now; undefined: unknown. */
  readonly playingSeconds: number | undefined
  /** Of a media playlist, which may be live. */
  readonly recording?: Recording
}

export interface UploadRequest {
  readonly origin: string
  /** From now: an upload is for one client, so its URL is not shared within a window. */
  readonly expiresSeconds: number
  /** What the client must then send exactly so; undefined: whatever it likes. */
  readonly contentType: string | undefined
  readonly sizeBytes: number | undefined
}

export interface Uploads {
  /** One URL a key, in order; each takes one PUT body after another until it expires. */
  readonly urls: readonly string[]
  readonly expiresAtMs: number
}

export interface Delivery {
  link(request: LinkRequest): Link
  /** Where to PUT the objects of these keys, decoded; 422 for more bytes than the place takes. */
  upload(keys: readonly string[], request: UploadRequest): Uploads
  /** The text with its leaves' URLs, all dated alike unless they are dated by days; a Fault if it grows too large. */
  print(draft: UnsignedPlaylist, playlist: PlaylistLinks): Iterable<Uint8Array<ArrayBuffer>>
  /** Changes whenever a URL would: part of every validator and cache key. */
  epoch(origin: string): string
  /** When the one of this time ends; both epoch milliseconds. */
  epochEndsMs(atMs: number): number
  /** Where a player's media requests go, for a page's Content-Security-Policy; the page's own when relative. */
  readonly mediaOrigin: string | undefined
}

/** What takes thousands of hashes, and may be an engine. */
export interface Signer {
  readonly signText: TextSigner
  readonly deriveKey: KeyDerivation
}

const PLAIN_SIGNER: Signer = { signText: signTextPlainly, deriveKey: deriveInScript }

/** Presigned URLs of an S3 endpoint (SigV4 query authentication). */
export function s3Delivery(
  s3: S3Endpoint,
  policy: SigningPolicy,
  nowMs: () => number,
  signer: Signer = PLAIN_SIGNER,
): Delivery {
  const target = s3Target(s3, signer.deriveKey)
  return presignedDelivery(target, target, policy, nowMs, signer)
}

/**
 * Presigned URLs of this Worker's own `/media`, which it verifies and serves itself. Uploads go to S3 where
 * there is one: a body through a Worker is limited by the plan.
 */
export function edgeDelivery(
  edge: EdgeEndpoint,
  s3: S3Endpoint | undefined,
  policy: SigningPolicy,
  nowMs: () => number,
  signer: Signer = PLAIN_SIGNER,
): Delivery {
  const target = edgeTarget(edge, signer.deriveKey)
  return presignedDelivery(target, s3 === undefined ? target : s3Target(s3, signer.deriveKey), policy, nowMs, signer)
}

function presignedDelivery(
  target: SigningTarget,
  uploads: SigningTarget,
  policy: SigningPolicy,
  nowMs: () => number,
  signer: Signer,
): Delivery {
  const { presigner, prefix } = target
  const originFor = (requestOrigin: string): string => target.origin ?? requestOrigin

  return {
    mediaOrigin: target.origin,
    link({ method, key, origin, playingSeconds, attachmentName }) {
      const now = nowMs()
      const time = signingTime(policy, now, playingSeconds)
      return {
        expiresAtMs: (time.signedAtSeconds + time.expiresSeconds) * 1000,
        url: presigner.presign({
          // Clients that resolve an address by HEAD then ask for the same URL by GET.
          method: target.answersHeadOnGet ? 'GET' : method,
          origin: originFor(origin),
          path: prefix + key,
          ...time,
          ...(attachmentName === undefined
            ? {}
            : { query: { 'response-content-disposition': attachment(attachmentName) } }),
        }),
        maxAgeSeconds: windowRemainingSeconds(policy, now),
      }
    },
    print({ text, edits, leaves }, { folder, origin, playingSeconds, recording }) {
      const now = nowMs()
      const groups =
        recording !== undefined && isDatedByDays(policy, recording, playingSeconds, now)
          ? groupByDay(policy, leaves, utcDay(now))
          : oneGroup(leaves, signingTime(policy, now, playingSeconds))
      const base = { method: 'GET' as const, origin: originFor(origin) }
      const unsigned = {
        text,
        edits,
        names: leaves.map((leaf) => leaf.name),
        groups: groups.map(([time, indexes]) => ({
          frame: presigner.frame({ ...base, ...time }, prefix + folder),
          leaves: indexes,
        })),
      }
      if (signedLength(unsigned) > MAX_PRINTED_CHARS) throw new Fault('validation_error', 'Playlist is too large')
      return signer.signText(unsigned)
    },
    upload(keys, { origin, expiresSeconds, contentType, sizeBytes }) {
      const { maxUploadBytes } = uploads
      if (sizeBytes !== undefined && maxUploadBytes !== undefined && sizeBytes > maxUploadBytes) {
        throw new Fault(
          'validation_error',
          `file_size: must be at most ${maxUploadBytes} while no S3 endpoint is configured`,
        )
      }
      const signedAtSeconds = Math.floor(nowMs() / 1000)
      const urls = uploads.presigner.presignAll(
        {
          method: 'PUT',
          origin: uploads.origin ?? origin,
          signedAtSeconds,
          expiresSeconds,
          headers: {
            ...(contentType === undefined ? {} : { 'content-type': contentType }),
            ...(sizeBytes === undefined ? {} : { 'content-length': sizeBytes.toString() }),
          },
        },
        keys.map((key) => uploads.prefix + key),
      )
      return { urls, expiresAtMs: (signedAtSeconds + expiresSeconds) * 1000 }
    },
    epoch(origin) {
      const time = signingTime(policy, nowMs(), undefined)
      return `${originFor(origin)}${prefix} ${target.keyId} ${time.signedAtSeconds} ${time.expiresSeconds}`
    },
    epochEndsMs(atMs) {
      return (Math.floor(atMs / 1000) + windowRemainingSeconds(policy, atMs)) * 1000
    },
  }
}

function oneGroup(leaves: readonly SignedReference[], time: SigningTime): [SigningTime, number[]][] {
  return leaves.length === 0 ? [] : [[time, leaves.map((_, index) => index)]]
}

/** Leaves of one day are signed together. */
function groupByDay(
  policy: SigningPolicy,
  leaves: readonly SignedReference[],
  today: number,
): [SigningTime, number[]][] {
  const groups = new Map<number, number[]>()
  leaves.forEach(({ tagDay }, index) => {
    const day = liveDay(tagDay, today)
    const group = groups.get(day)
    if (group === undefined) groups.set(day, [index])
    else group.push(index)
  })
  return Array.from(groups, ([day, indexes]) => [liveSigningTime(policy, day), indexes])
}
