// /api/storage: presigned URLs for a caller's uploads and downloads, and the objects in their folder.
import { reply } from '../../api/operation.ts'
import { storageApi } from '../../api/storage.ts'
import { fileNameOf } from '../../core/storage/object-key.ts'
import { formatTimestamp } from '../../core/timestamp.ts'
import { deleteFiles, listFiles, type FileDeps } from '../../domain/storage/files.ts'
import { downloadLink, uploadLink, uploadLinks, type UploadDeps } from '../../domain/storage/uploads.ts'
import type { Router } from '../router.ts'

const DEFAULT_LIST_LIMIT = 100

export function storageRoutes(router: Router, deps: FileDeps & UploadDeps): void {
  router.secured(storageApi.createUploadUrl, async ({ origin, principal, body }) => {
    const target = body.key === undefined ? { fileName: body.file_name ?? '' } : { key: body.key }
    const upload = await uploadLink(deps, principal, { target, origin, ...readTerms(body) })
    return reply(200, {
      success: true,
      upload_url: upload.url,
      file_path: upload.key,
      user_id: principal.userId,
      sanitized_filename: fileNameOf(upload.key),
      original_filename: upload.originalName,
      expires_at: formatTimestamp(upload.expiresAtMs),
    })
  })

  router.secured(storageApi.createUploadUrls, async ({ origin, principal, body }) => {
    const uploads = await uploadLinks(deps, principal, { keys: body.keys, origin, ...readTerms(body) })
    const expiresAt = formatTimestamp(uploads.expiresAtMs)
    return reply(200, {
      success: true,
      urls: uploads.links.map(({ key, url }) => ({ upload_url: url, file_path: key, expires_at: expiresAt })),
    })
  })

  router.secured(storageApi.createDownloadUrl, ({ origin, principal, body }) => {
    const place =
      body.key === undefined ? { key: body.file_path ?? '', field: 'file_path' } : { key: body.key, field: 'key' }
    const link = downloadLink(deps, principal, { ...place, origin })
    return reply(200, { url: link.url, expires_at: formatTimestamp(link.expiresAtMs) })
  })

  router.secured(storageApi.listFiles, async ({ principal, query }) => {
    const list = await listFiles(deps, principal, {
      prefix: query.prefix,
      cursor: query.cursor,
      limit: query.limit ?? DEFAULT_LIST_LIMIT,
      isUnregistered: query.unregistered === 'true',
    })
    const files = list.files.map((file) => ({
      key: file.key,
      size: file.sizeBytes,
      uploaded_at: formatTimestamp(file.uploadedAtMs),
      content_type: file.contentType ?? null,
    }))
    return reply(200, { files, cursor: list.cursor ?? null })
  })

  router.secured(storageApi.deleteFiles, async ({ principal, body }) =>
    reply(200, { deleted: await deleteFiles(deps, principal, body.keys) }),
  )
}

function readTerms(body: { content_type?: string | undefined; file_size?: number | undefined; expires_in: number }) {
  return { contentType: body.content_type, sizeBytes: body.file_size, expiresSeconds: body.expires_in }
}
