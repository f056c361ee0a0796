// Where the parts of an upload are PUT: presigned URLs, each for one part of exactly its length.
import type { SigningTarget } from './signing-target.ts'

export interface PartUrlRequest {
  /** Of the request, `https://host`. */
  readonly origin: string
  readonly key: string
  readonly uploadId: string
  readonly parts: readonly { readonly number: number; readonly sizeBytes: number }[]
  readonly expiresSeconds: number
}

export interface PartUrls {
  readonly maxPartBytes: number
  /** One URL a part, in order. */
  sign(request: PartUrlRequest): { readonly urls: readonly string[]; readonly expiresAtMs: number }
}

export function partUrls(target: SigningTarget, nowMs: () => number): PartUrls {
  return {
    maxPartBytes: target.maxPartBytes,
    sign({ origin, key, uploadId, parts, expiresSeconds }) {
      const signedAtSeconds = Math.floor(nowMs() / 1000)
      const urls = parts.map(({ number, sizeBytes }) =>
        target.presigner.presign({
          method: 'PUT',
          origin: target.origin ?? origin,
          path: target.prefix + key,
          signedAtSeconds,
          expiresSeconds,
          headers: { 'content-length': sizeBytes.toString() },
          query: { partNumber: number.toString(), uploadId },
        }),
      )
      return { urls, expiresAtMs: (signedAtSeconds + expiresSeconds) * 1000 }
    },
  }
}
