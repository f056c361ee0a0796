// /api/storage/multipart: uploads in parts.
import { DONE } from '../../api/fields.ts'
import { multipartApi } from '../../api/multipart.ts'
import { reply } from '../../api/operation.ts'
import { formatTimestamp } from '../../core/timestamp.ts'
import type { OpenUpload, StoredPart } from '../../domain/storage/multipart-store.ts'
import {
  abortUpload,
  beginUpload,
  completeUpload,
  listUploads,
  showUpload,
  signParts,
  type MultipartDeps,
} from '../../domain/storage/multipart.ts'
import type { Router } from '../router.ts'

const DEFAULT_LIST_LIMIT = 50

export function multipartRoutes(router: Router, deps: MultipartDeps): void {
  router.secured(multipartApi.createMultipartUpload, async ({ principal, body }) => {
    const target = body.key === undefined ? { fileName: body.file_name ?? '' } : { key: body.key }
    const { content_type: contentType, file_size: fileBytes } = body
    return reply(201, beginAnswer(await beginUpload(deps, principal, { target, contentType, fileBytes })))
  })

  router.secured(multipartApi.createPartUrls, async ({ principal, body, origin }) => {
    const numbers = body.part_numbers
    const signed = await signParts(deps, principal, { key: body.key, uploadId: body.upload_id, numbers, origin })
    return reply(200, {
      urls: numbers.map((number, index) => ({ part_number: number, upload_url: signed.urls[index] ?? '' })),
      expires_at: formatTimestamp(signed.expiresAtMs),
    })
  })

  router.secured(multipartApi.completeMultipartUpload, async ({ principal, body }) => {
    const parts = body.parts.map(({ part_number: number, etag }) => ({ number, etag }))
    const made = await completeUpload(deps, principal, { key: body.key, uploadId: body.upload_id, parts })
    return reply(200, { key: made.key, size: made.sizeBytes, etag: made.etag })
  })

  router.secured(multipartApi.getMultipartUploads, async ({ principal, query, origin }) => {
    const { key, upload_id: uploadId, cursor, limit = DEFAULT_LIST_LIMIT } = query
    if (uploadId !== undefined) {
      const { upload, parts } = await showUpload(deps, principal, { key, uploadId, origin })
      return reply(200, { ...uploadAnswer(upload), parts: parts?.map(showPart) ?? null })
    }
    const page = await listUploads(deps, principal, { key, cursor, limit })
    return reply(200, { uploads: page.uploads.map(uploadAnswer), cursor: page.cursor ?? null })
  })

  router.secured(multipartApi.abortMultipartUpload, async ({ principal, query }) => {
    await abortUpload(deps, principal, { key: query.key, uploadId: query.upload_id })
    return reply(200, DONE)
  })
}

function beginAnswer(upload: OpenUpload) {
  return {
    upload_id: upload.uploadId,
    key: upload.key,
    part_size: upload.partBytes,
    part_count: upload.partCount,
    file_size: upload.fileBytes,
    expires_at: formatTimestamp(upload.expiresAtMs),
  }
}

function uploadAnswer(upload: OpenUpload) {
  return { ...beginAnswer(upload), created_at: formatTimestamp(upload.createdAtMs) }
}

function showPart({ number, sizeBytes, etag }: StoredPart) {
  return { part_number: number, size: sizeBytes, etag: `"${etag}"` }
}
