// /api/storage: signed addresses for a caller's uploads and downloads, and the objects in his folder.
import * as v from 'valibot'
import { Fault } from '../../core/fault.ts'
import { fileNameOf } from '../../core/storage/object-key.ts'
import { formatTimestamp } from '../../core/timestamp.ts'
import { MAX_OBJECT_BYTES } from '../../core/storage/media-type.ts'
import { deleteFiles, listFiles, type FileDeps } from '../../domain/storage/files.ts'
import { downloadLink, uploadLink, uploadLinks, type UploadDeps } from '../../domain/storage/uploads.ts'
import { cursor, queryNumber, shownId, shownTime, shownUrl, text, wholeNumber } from '../fields.ts'
import type { Router } from '../router.ts'

const TAG = 'Storage'
const KEYS_BODY_BYTES = 1024 * 1024
const DEFAULT_EXPIRY_SECONDS = 3600
const DEFAULT_LIST_LIMIT = 100

const terms = {
  content_type: v.optional(text(1, 255)),
  file_size: v.optional(wholeNumber(1, MAX_OBJECT_BYTES)),
  expires_in: v.optional(wholeNumber(300, 7200), DEFAULT_EXPIRY_SECONDS),
}
const uploadBody = v.strictObject({
  file_name: v.optional(text(1, 1024)),
  key: v.optional(v.string()),
  ...terms,
})
const uploadsBody = v.strictObject({ keys: keys(500), ...terms })
const downloadBody = v.strictObject({ key: v.optional(v.string()), file_path: v.optional(v.string()) })
const deleteBody = v.strictObject({ keys: keys(1000) })
const listQuery = v.strictObject({
  prefix: v.optional(v.string(), ''),
  cursor: v.optional(cursor),
  limit: v.optional(queryNumber(1, 1000)),
  unregistered: v.optional(v.picklist(['true', 'false']), 'false'),
})

const uploadSchema = v.object({
  success: v.literal(true),
  upload_url: shownUrl,
  file_path: v.string(),
  user_id: shownId,
  sanitized_filename: v.string(),
  original_filename: v.string(),
  expires_at: shownTime,
})
const uploadsSchema = v.object({
  success: v.literal(true),
  urls: v.array(v.object({ upload_url: shownUrl, file_path: v.string(), expires_at: shownTime })),
})
const filesSchema = v.object({
  files: v.array(
    v.object({ key: v.string(), size: v.number(), uploaded_at: shownTime, content_type: v.nullable(v.string()) }),
  ),
  cursor: v.nullable(v.string()),
})

export function storageRoutes(router: Router, deps: FileDeps & UploadDeps): void {
  router.add(
    {
      method: 'POST',
      path: '/api/storage/upload-url',
      tag: TAG,
      summary: 'Where to PUT one object',
      description:
        'Exactly one of `file_name`, which is mended, and `key`, which is taken literally. `content_type` and' +
        ' `file_size` are signed when given: the PUT must then send them exactly so.',
      access: 'storage:write',
      body: uploadBody,
      answers: { 200: { description: 'The signed address', schema: uploadSchema } },
    },
    ({ c, origin, principal, body }) => {
      const upload = uploadLink(deps, principal, { target: oneTarget(body), origin, ...readTerms(body) })
      return c.json({
        success: true,
        upload_url: upload.url,
        file_path: upload.key,
        user_id: principal.userId,
        sanitized_filename: fileNameOf(upload.key),
        original_filename: upload.originalName,
        expires_at: formatTimestamp(upload.expiresAtMs),
      })
    },
  )

  router.add(
    {
      method: 'POST',
      path: '/api/storage/upload-urls',
      tag: TAG,
      summary: 'Where to PUT many objects, in the order of their keys',
      access: 'storage:write',
      body: uploadsBody,
      maxBodyBytes: KEYS_BODY_BYTES,
      answers: { 200: { description: 'The signed addresses', schema: uploadsSchema } },
    },
    ({ c, origin, principal, body }) => {
      const uploads = uploadLinks(deps, principal, { keys: body.keys, origin, ...readTerms(body) })
      const expiresAt = formatTimestamp(uploads.expiresAtMs)
      return c.json({
        success: true,
        urls: uploads.keys.map((key, index) => ({
          upload_url: uploads.urls[index],
          file_path: key,
          expires_at: expiresAt,
        })),
      })
    },
  )

  router.add(
    {
      method: 'POST',
      path: '/api/storage/download-url',
      tag: TAG,
      summary: 'Where to GET one object',
      description: 'Exactly one of `key` and `file_path`, which mean the same.',
      access: 'storage:read',
      body: downloadBody,
      answers: {
        200: { description: 'The signed address', schema: v.object({ url: shownUrl, expires_at: shownTime }) },
      },
    },
    ({ c, origin, principal, body }) => {
      const link = downloadLink(deps, principal, { ...onePath(body), origin })
      return c.json({ url: link.url, expires_at: formatTimestamp(link.expiresAtMs) })
    },
  )

  router.add(
    {
      method: 'GET',
      path: '/api/storage/files',
      tag: TAG,
      summary: 'The objects of the caller, in the order of their keys',
      description:
        '`prefix` is relative to the caller’s folder, or begins with it. With `unregistered=true` only objects that' +
        ' belong to no video. A page may hold fewer than `limit`: the end is where `cursor` is null.',
      access: 'storage:read',
      query: listQuery,
      answers: { 200: { description: 'One page', schema: filesSchema } },
    },
    async ({ c, principal, query }) => {
      const list = await listFiles(deps, principal, {
        prefix: query.prefix,
        cursor: query.cursor,
        limit: query.limit ?? DEFAULT_LIST_LIMIT,
        isUnregistered: query.unregistered === 'true',
      })
      return c.json({
        files: list.files.map((file) => ({
          key: file.key,
          size: file.sizeBytes,
          uploaded_at: formatTimestamp(file.uploadedAtMs),
          content_type: file.contentType ?? null,
        })),
        cursor: list.cursor ?? null,
      })
    },
  )

  router.add(
    {
      method: 'DELETE',
      path: '/api/storage/files',
      tag: TAG,
      summary: 'Delete objects: all of them, or none when one is not the caller’s',
      access: 'storage:write',
      body: deleteBody,
      maxBodyBytes: KEYS_BODY_BYTES,
      answers: { 200: { description: 'How many keys', schema: v.object({ deleted: v.number() }) } },
    },
    async ({ c, principal, body }) => c.json({ deleted: await deleteFiles(deps, principal, body.keys) }),
  )
}

function keys(max: number) {
  const problem = `must be 1 to ${max} keys`
  return v.pipe(v.array(v.string()), v.minLength(1, problem), v.maxLength(max, problem))
}

function readTerms(body: Omit<v.InferOutput<typeof uploadsBody>, 'keys'>) {
  return { contentType: body.content_type, sizeBytes: body.file_size, expiresSeconds: body.expires_in }
}

function oneTarget(body: v.InferOutput<typeof uploadBody>): { fileName: string } | { key: string } {
  if (body.file_name !== undefined && body.key === undefined) return { fileName: body.file_name }
  if (body.key !== undefined && body.file_name === undefined) return { key: body.key }
  throw new Fault('validation_error', 'file_name: give exactly one of file_name and key')
}

function onePath(body: v.InferOutput<typeof downloadBody>): { key: string; field: string } {
  if (body.key !== undefined && body.file_path === undefined) return { key: body.key, field: 'key' }
  if (body.file_path !== undefined && body.key === undefined) return { key: body.file_path, field: 'file_path' }
  throw new Fault('validation_error', 'key: give exactly one of key and file_path')
}
