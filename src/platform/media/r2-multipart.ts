// Uploads in parts through the bucket's binding. R2 knows one kind of them: an upload that is begun here may get its parts
// at the S3 endpoint, and the other way round.
import { Fault } from '../../core/fault.ts'
import type { MediaParts } from '../../domain/delivery/media-objects.ts'
import type { MultipartBucket, PartLists, PartRecords } from '../../domain/storage/multipart-store.ts'
import type { ByteStream } from './r2-objects.ts'
import { storage } from './r2-reader.ts'
import { R2_COMPLETE_LIMIT_MS, R2_LIMIT_MS, withinTime } from '../time-limit.ts'

/** Numbers that R2 ends its messages with. */
const NO_SUCH_UPLOAD = 10_024
const WRONG_PARTS: ReadonlySet<number> = new Set([
  10_011, // too small
  10_025, // not there, or another etag
  10_048, // not all of one length
])

export function r2Multipart(bucket: R2Bucket): MultipartBucket {
  return {
    async begin(key, contentType) {
      return (await storage(() => bucket.createMultipartUpload(key, { httpMetadata: { contentType } }))).uploadId
    },
    async complete({ key, uploadId }, parts) {
      const listed = parts.map(({ number, etag }) => ({ partNumber: number, etag }))
      try {
        const upload = bucket.resumeMultipartUpload(key, uploadId)
        const object = await withinTime(R2_COMPLETE_LIMIT_MS, () => upload.complete(listed))
        return { etag: object.httpEtag, sizeBytes: object.size }
      } catch (error) {
        const code = codeOf(error)
        if (code === NO_SUCH_UPLOAD) return 'ended'
        if (code !== undefined && WRONG_PARTS.has(code)) return 'wrong_part'
        throw away(error)
      }
    },
    async abort({ key, uploadId }) {
      try {
        await withinTime(R2_LIMIT_MS, () => bucket.resumeMultipartUpload(key, uploadId).abort())
      } catch (error) {
        if (codeOf(error) !== NO_SUCH_UPLOAD) throw away(error)
      }
    },
  }
}

/** Parts that come through this Worker: stored, and then recorded, because the binding lists none. */
export function r2Parts(bucket: R2Bucket, records: PartRecords): MediaParts<ByteStream> & PartLists {
  return {
    async write(key, { uploadId, number, sizeBytes, body }) {
      const exact = new FixedLengthStream(sizeBytes)
      try {
        const [part] = await Promise.all([
          bucket.resumeMultipartUpload(key, uploadId).uploadPart(number, exact.readable),
          body.pipeTo(exact.writable),
        ])
        const isOpen = await records.record(uploadId, { number, sizeBytes, etag: part.etag })
        return isOpen ? `"${part.etag}"` : undefined
      } catch (error) {
        if (codeOf(error) === NO_SUCH_UPLOAD) return undefined
        throw error instanceof Fault ? error : away(error)
      }
    },
    list: async ({ uploadId }) => await records.recorded(uploadId),
  }
}

/** Of `… does not exist. (10024)`. */
function codeOf(error: unknown): number | undefined {
  const digits = error instanceof Error ? /\((\d{5})\)$/.exec(error.message)?.[1] : undefined
  return digits === undefined ? undefined : Number(digits)
}

function away(cause: unknown): Fault {
  return new Fault('unavailable', 'Storage is temporarily unavailable', { cause, retryAfterSeconds: 5 })
}
