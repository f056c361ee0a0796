// Uploads in parts: begun, given URLs for their parts, completed or aborted. What is sent never comes through here.
import { decodeUploadCursor, encodeUploadCursor } from '../../core/cursor.ts'
import { Fault } from '../../core/fault.ts'
import type { Principal } from '../../core/auth/principal.ts'
import { mediaType } from '../../core/storage/media-type.ts'
import type { ObjectKey } from '../../core/storage/object-key.ts'
import {
  bareEtag,
  bytesOfPart,
  findPartProblem,
  maxObjectBytes,
  planParts,
  type Part,
} from '../../core/storage/parts.ts'
import type { MediaObjects } from '../delivery/media-objects.ts'
import type { PartUrls } from '../delivery/part-urls.ts'
import type { MultipartBucket, OpenUpload, PartLists, StoredPart, UploadStore } from './multipart-store.ts'
import { claimUploads, requireMade, type MakerDeps } from './makers.ts'
import { ownKey } from './own-key.ts'
import { nameKey, requireFittingType, uploadKey } from './uploads.ts'

export interface MultipartDeps extends MakerDeps {
  readonly uploadStore: UploadStore
  readonly multipartBucket: MultipartBucket
  readonly partUrls: PartUrls
  readonly partLists: PartLists
  readonly mediaObjects: Pick<MediaObjects<unknown>, 'forget'>
  readonly nowMs: () => number
}

/** The bucket itself ends an upload then, unless a rule of its own says otherwise. */
const LIFETIME_MS = 7 * 86_400_000

/** Of one user: each may hold as many bytes as an object of its size, and no quota sees them before they are complete. */
const MAX_OPEN_UPLOADS = 100

/** Of a part's URL: what begins in time may take as long as it likes. */
const URL_SECONDS = 7200

/** Begins an upload; 422 for more bytes than its parts can hold, 409 beside too many that are open. */
export async function beginUpload(
  deps: Pick<MultipartDeps, 'uploadStore' | 'multipartBucket' | 'partUrls' | 'fileMakers' | 'nowMs'>,
  principal: Principal,
  input: {
    readonly target: { readonly fileName: string } | { readonly key: string }
    readonly contentType: string | undefined
    readonly fileBytes: number
  },
): Promise<OpenUpload> {
  const { target, contentType, fileBytes } = input
  const key = 'key' in target ? uploadKey(principal, target.key, 'key') : nameKey(principal, target.fileName)
  if (contentType !== undefined) requireFittingType([key], contentType)
  const { maxPartBytes } = deps.partUrls
  const plan = planParts(fileBytes, maxPartBytes)
  if (plan === undefined) {
    const most = maxObjectBytes(maxPartBytes)
    throw new Fault('validation_error', `file_size: must be at most ${most} while no S3 endpoint is configured`)
  }
  await claimUploads(deps, principal, [key])
  const createdAtMs = deps.nowMs()
  const upload = {
    uploadId: await deps.multipartBucket.begin(key, contentType ?? mediaType(key, undefined)),
    userId: principal.userId,
    key,
    fileBytes,
    ...plan,
    createdAtMs,
    expiresAtMs: createdAtMs + LIFETIME_MS,
  }
  if (!(await deps.uploadStore.add(upload, MAX_OPEN_UPLOADS))) {
    await deps.multipartBucket.abort(upload)
    throw new Fault('conflict', `A user can have at most ${MAX_OPEN_UPLOADS} open uploads: complete or end one first`)
  }
  return upload
}

/** Where to PUT these parts, in order; 422 for a part that the upload does not have. */
export async function signParts(
  deps: Pick<MultipartDeps, 'uploadStore' | 'partUrls' | 'fileMakers' | 'nowMs'>,
  principal: Principal,
  input: Named & { readonly numbers: readonly number[]; readonly origin: string },
): Promise<{ readonly urls: readonly string[]; readonly expiresAtMs: number }> {
  const upload = await findOpen(deps, principal, input)
  await requireMade(deps, principal, [upload.key])
  const beyond = input.numbers.findIndex((number) => number > upload.partCount)
  if (beyond !== -1) {
    throw new Fault('validation_error', `part_numbers.${beyond}: must be at most ${upload.partCount}`)
  }
  return deps.partUrls.sign({
    origin: input.origin,
    key: upload.key,
    uploadId: upload.uploadId,
    parts: input.numbers.map((number) => ({ number, sizeBytes: bytesOfPart(upload, upload.fileBytes, number) })),
    expiresSeconds: URL_SECONDS,
  })
}

/**
 * Makes the object of all of its parts. Each part's URL takes exactly its length, so that the whole is as long as was
 * said. What is missing or wrong is a 409, and the upload stays open.
 */
export async function completeUpload(
  deps: Pick<MultipartDeps, 'uploadStore' | 'multipartBucket' | 'mediaObjects' | 'fileMakers' | 'nowMs'>,
  principal: Principal,
  input: Named & { readonly parts: readonly Part[] },
): Promise<{ readonly key: ObjectKey; readonly sizeBytes: number; readonly etag: string }> {
  const upload = await findOpen(deps, principal, input)
  await requireMade(deps, principal, [upload.key])
  const numbers = input.parts.map(({ number }) => number)
  const problem = findPartProblem(numbers, upload.partCount)
  if (problem !== undefined) throw incomplete(problem)
  const parts = input.parts.map(({ number, etag }) => ({ number, etag: bareEtag(etag) }))
  const made = await deps.multipartBucket.complete(upload, parts)
  if (made === 'wrong_part') throw incomplete('a part is not there, or has another ETag')
  await deps.uploadStore.remove([upload.uploadId])
  if (made === 'ended') throw notFound()
  deps.mediaObjects.forget([upload.key])
  return { key: upload.key, sizeBytes: made.sizeBytes, etag: made.etag }
}

/** One upload with the parts that have arrived; undefined where the endpoint does not tell. */
export async function showUpload(
  deps: Pick<MultipartDeps, 'uploadStore' | 'partLists' | 'nowMs'>,
  principal: Principal,
  input: { readonly key: string | undefined; readonly uploadId: string; readonly origin: string },
): Promise<{ readonly upload: OpenUpload; readonly parts: readonly StoredPart[] | undefined }> {
  const { key, uploadId } = input
  if (key === undefined) throw new Fault('validation_error', 'key: is required with upload_id')
  const upload = await findOpen(deps, principal, { key, uploadId })
  return { upload, parts: await deps.partLists.list(upload, input.origin) }
}

/** The principal's open uploads, newest first; of one key, or of all. */
export async function listUploads(
  deps: Pick<MultipartDeps, 'uploadStore' | 'nowMs'>,
  principal: Principal,
  input: { readonly key: string | undefined; readonly cursor: string | undefined; readonly limit: number },
): Promise<{ readonly uploads: readonly OpenUpload[]; readonly cursor: string | undefined }> {
  const key = input.key === undefined ? undefined : ownKey(principal, input.key, 'key')
  const before = input.cursor === undefined ? undefined : decodeUploadCursor(input.cursor)
  if (input.cursor !== undefined && before === undefined) {
    throw new Fault('validation_error', 'cursor: is not a cursor of this list')
  }
  const page = { key, before, nowMs: deps.nowMs(), limit: input.limit + 1 }
  const rows = await deps.uploadStore.list(principal.userId, page)
  const uploads = rows.slice(0, input.limit)
  const last = uploads.at(-1)
  return { uploads, cursor: rows.length > input.limit && last !== undefined ? encodeUploadCursor(last) : undefined }
}

/** Ends an upload and drops its parts; one that is not there is as good as ended. */
export async function abortUpload(
  deps: Pick<MultipartDeps, 'uploadStore' | 'multipartBucket' | 'fileMakers'>,
  principal: Principal,
  { key, uploadId }: Named,
): Promise<void> {
  const upload = await deps.uploadStore.find(principal.userId, ownKey(principal, key, 'key'), uploadId)
  if (upload === undefined) return
  await requireMade(deps, principal, [upload.key])
  // The bucket first: what is unknown here could not be ended any more.
  await deps.multipartBucket.abort(upload)
  await deps.uploadStore.remove([uploadId])
}

interface Named {
  readonly key: string
  readonly uploadId: string
}

async function findOpen(
  deps: Pick<MultipartDeps, 'uploadStore' | 'nowMs'>,
  principal: Principal,
  { key, uploadId }: Named,
): Promise<OpenUpload> {
  const upload = await deps.uploadStore.find(principal.userId, ownKey(principal, key, 'key'), uploadId)
  if (upload === undefined || upload.expiresAtMs <= deps.nowMs()) throw notFound()
  return upload
}

function notFound(): Fault {
  return new Fault('not_found', 'Upload not found')
}

function incomplete(problem: string): Fault {
  return new Fault('conflict', `Upload is incomplete: ${problem}`)
}
