// How a media object reaches a player: a presigned URL of the S3 endpoint, dated so that it outlasts the film.
import { attachment } from '../core/content-disposition.ts'
import { createPresigner } from '../core/presigner.ts'
import {
  liveSigningTime,
  signingTime,
  windowRemainingSeconds,
  type SigningPolicy,
  type SigningTime,
} from '../core/signing-window.ts'

export interface LinkRequest {
  readonly method: 'GET' | 'HEAD'
  /** The object's key, decoded. */
  readonly key: string
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

export interface PlaylistLeaf {
  readonly key: string
  readonly programDateTimeMs?: number
}

export interface PlaylistLinks {
  readonly origin: string
  /** Undefined: live, or of unknown length. */
  readonly playingSeconds: number | undefined
  readonly isLive: boolean
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
  /** One URL a leaf, in order; all dated alike unless the playlist is live. */
  linkAll(leaves: readonly PlaylistLeaf[], playlist: PlaylistLinks): readonly string[]
  /** Where to PUT the objects of these keys, decoded. */
  upload(keys: readonly string[], request: UploadRequest): Uploads
  /** Changes whenever a URL would: part of every validator and cache key. */
  epoch(origin: string): string
  /** Where a player's media requests go, for a page's Content-Security-Policy; the page's own when relative. */
  readonly mediaOrigin: string | undefined
}

export interface S3Endpoint {
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Presigned URLs of an S3 endpoint, path style (SigV4 query authentication). */
export function s3Delivery(s3: S3Endpoint, policy: SigningPolicy, nowMs: () => number): Delivery {
  const presigner = createPresigner(s3)
  const isRelative = s3.endpoint.startsWith('/')
  const fixed = isRelative ? undefined : splitEndpoint(s3.endpoint)
  const prefix = `${isRelative ? s3.endpoint : (fixed?.path ?? '')}/${s3.bucket}/`
  const originFor = (requestOrigin: string): string => fixed?.origin ?? requestOrigin

  return {
    mediaOrigin: fixed?.origin,
    link({ method, key, origin, playingSeconds, attachmentName }) {
      const now = nowMs()
      const time = signingTime(policy, now, playingSeconds)
      return {
        expiresAtMs: (time.signedAtSeconds + time.expiresSeconds) * 1000,
        url: presigner.presign({
          method,
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
    linkAll(leaves, { origin, playingSeconds, isLive }) {
      const now = nowMs()
      const base = { method: 'GET' as const, origin: originFor(origin) }
      if (!isLive) {
        const time = signingTime(policy, now, playingSeconds)
        return presigner.presignAll({ ...base, ...time }, leaves.map((leaf) => prefix + leaf.key))
      }
      const urls: string[] = Array.from({ length: leaves.length })
      for (const [time, indexes] of groupByTime(leaves, (leaf) =>
        liveSigningTime(policy, now, leaf.programDateTimeMs),
      )) {
        const paths = indexes.map((index) => prefix + (leaves[index]?.key ?? ''))
        const signed = presigner.presignAll({ ...base, ...time }, paths)
        indexes.forEach((index, position) => {
          urls[index] = signed[position] ?? ''
        })
      }
      return urls
    },
    upload(keys, { origin, expiresSeconds, contentType, sizeBytes }) {
      const signedAtSeconds = Math.floor(nowMs() / 1000)
      const urls = presigner.presignAll(
        {
          method: 'PUT',
          origin: originFor(origin),
          signedAtSeconds,
          expiresSeconds,
          headers: {
            ...(contentType === undefined ? {} : { 'content-type': contentType }),
            ...(sizeBytes === undefined ? {} : { 'content-length': sizeBytes.toString() }),
          },
        },
        keys.map((key) => prefix + key),
      )
      return { urls, expiresAtMs: (signedAtSeconds + expiresSeconds) * 1000 }
    },
    epoch(origin) {
      const time = signingTime(policy, nowMs(), undefined)
      return `${originFor(origin)}${prefix} ${s3.accessKeyId} ${time.signedAtSeconds} ${time.expiresSeconds}`
    },
  }
}

/** Leaves of one date are signed together; the order inside a group is the playlist's. */
function groupByTime(
  leaves: readonly PlaylistLeaf[],
  timeOf: (leaf: PlaylistLeaf) => SigningTime,
): Iterable<readonly [SigningTime, number[]]> {
  const groups = new Map<number, readonly [SigningTime, number[]]>()
  leaves.forEach((leaf, index) => {
    const time = timeOf(leaf)
    const group = groups.get(time.signedAtSeconds)
    if (group === undefined) groups.set(time.signedAtSeconds, [time, [index]])
    else group[1].push(index)
  })
  return groups.values()
}

function splitEndpoint(endpoint: string): { origin: string; path: string } {
  const slash = endpoint.indexOf('/', endpoint.indexOf('://') + 3)
  return slash === -1
    ? { origin: endpoint, path: '' }
    : { origin: endpoint.slice(0, slash), path: endpoint.slice(slash) }
}
