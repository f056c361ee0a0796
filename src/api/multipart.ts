// /api/storage/multipart: uploads in parts, for objects that are larger than one request may be, and that go on after an
// interruption.
import * as v from 'valibot'
import { MAX_PARTED_BYTES, MAX_PARTS } from '../core/storage/parts.ts'
import {
  cursor,
  doneSchema,
  exactlyOneOf,
  oneOfRequired,
  queryNumber,
  text,
  timestampSchema,
  urlSchema,
  wholeNumber,
} from './fields.ts'
import { MADE_BY_OTHER } from './videos.ts'
import { json, jsonBody, noBody, noQuery, operation } from './operation.ts'

const tag = 'Storage'

/** A part each, with its etag in JSON. */
const PARTS_BODY_BYTES = 4 * 1024 * 1024
const MAX_URLS = 500

const uploadId = text(1, 1024)
const partNumber = wholeNumber(1, MAX_PARTS)
/** As the PUT answered it, with its quotes or without. */
const etag = v.pipe(v.string(), v.regex(/^(?:"[!#-~]{1,1024}"|[!#-~]{1,1024})$/, 'must be the ETag of the part'))

const foreign = { 403: ['Storage path does not belong to this user', MADE_BY_OTHER] } as const
const named = { ...foreign, 404: ['Upload not found'] } as const

const uploadFields = {
  upload_id: v.string(),
  key: v.string(),
  part_size: v.number(),
  part_count: v.number(),
  file_size: v.number(),
  expires_at: timestampSchema,
}

export const multipartUploadSchema = v.object({ ...uploadFields, created_at: timestampSchema })

export const storedPartSchema = v.object({ part_number: v.number(), size: v.number(), etag: v.string() })

export const multipartApi = {
  createMultipartUpload: operation({
    route: 'POST /api/storage/multipart',
    tag,
    summary: 'Begin an upload in parts',
    description:
      'Exactly one of `file_name`, which is sanitised, and `key`, which is taken literally. Every part but the last has' +
      ' `part_size` bytes. An upload that is not complete after seven days is ended.',
    access: 'storage:write',
    query: noQuery,
    body: jsonBody(
      v.pipe(
        v.strictObject({
          file_name: v.optional(text(1, 1024)),
          key: v.optional(v.string()),
          content_type: v.optional(text(1, 255)),
          file_size: wholeNumber(1, MAX_PARTED_BYTES),
        }),
        exactlyOneOf('file_name', 'key'),
        oneOfRequired('file_name', 'key'),
      ),
    ),
    answers: { 201: json('The open upload', v.object(uploadFields)) },
    refusals: { ...foreign, 409: ['A user can have at most 100 open uploads: complete or end one first'] },
  }),

  createPartUrls: operation({
    route: 'POST /api/storage/multipart/urls',
    tag,
    summary: 'Where to PUT parts, in the order of `part_numbers`',
    description: 'Each URL takes exactly the bytes of its part and answers its `ETag`. A part may be sent again.',
    access: 'storage:write',
    query: noQuery,
    body: jsonBody(
      v.strictObject({
        key: v.string(),
        upload_id: uploadId,
        part_numbers: v.pipe(
          v.array(partNumber),
          v.minLength(1, `must be 1 to ${MAX_URLS} part numbers`),
          v.maxLength(MAX_URLS, `must be 1 to ${MAX_URLS} part numbers`),
        ),
      }),
    ),
    answers: {
      200: json(
        'The presigned URLs',
        v.object({
          urls: v.array(v.object({ part_number: v.number(), upload_url: urlSchema })),
          expires_at: timestampSchema,
        }),
      ),
    },
    refusals: { ...named },
  }),

  completeMultipartUpload: operation({
    route: 'POST /api/storage/multipart/complete',
    tag,
    summary: 'Make the object of its parts',
    description: 'All parts, each once, in order, with the ETag of its PUT. After a 409 the upload is still open.',
    access: 'storage:write',
    query: noQuery,
    body: jsonBody(
      v.strictObject({
        key: v.string(),
        upload_id: uploadId,
        parts: v.pipe(
          v.array(v.strictObject({ part_number: partNumber, etag })),
          v.maxLength(MAX_PARTS, `must be at most ${MAX_PARTS} parts`),
        ),
      }),
      { maxBytes: PARTS_BODY_BYTES },
    ),
    answers: {
      200: json('The object', v.object({ key: v.string(), size: v.number(), etag: v.string() })),
    },
    refusals: { ...named, 409: ['Upload is incomplete: {what is wrong}'] },
  }),

  getMultipartUploads: operation({
    route: 'GET /api/storage/multipart',
    tag,
    summary: 'One open upload with its parts, or the open uploads of the caller',
    description:
      'With `upload_id` and `key` one upload; `parts` is null where the S3 endpoint does not list them. Without' +
      ' `upload_id` a page of all, newest first, or of those of `key`.',
    access: 'storage:read',
    query: v.strictObject({
      key: v.optional(v.string()),
      upload_id: v.optional(uploadId),
      cursor: v.optional(cursor),
      limit: v.optional(queryNumber(1, 100)),
    }),
    body: noBody,
    answers: {
      200: json(
        'The upload, or one page',
        v.union([
          v.object({ ...multipartUploadSchema.entries, parts: v.nullable(v.array(storedPartSchema)) }),
          v.object({ uploads: v.array(multipartUploadSchema), cursor: v.nullable(v.string()) }),
        ]),
      ),
    },
    refusals: { ...named },
  }),

  abortMultipartUpload: operation({
    route: 'DELETE /api/storage/multipart',
    tag,
    summary: 'End an upload and drop its parts, also when it has ended already',
    access: 'storage:write',
    query: v.strictObject({ key: v.string(), upload_id: uploadId }),
    body: noBody,
    answers: { 200: json('It is ended', doneSchema) },
    refusals: { ...foreign },
  }),
}
