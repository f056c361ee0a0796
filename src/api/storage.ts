// /api/storage: presigned URLs for a caller's uploads and downloads, and the objects in their folder.
import * as v from 'valibot'
import { MAX_OBJECT_BYTES } from '../core/storage/media-type.ts'
import {
  cursor,
  exactlyOneOf,
  oneOfRequired,
  queryNumber,
  text,
  timestampSchema,
  urlSchema,
  uuidSchema,
  wholeNumber,
} from './fields.ts'
import { MADE_BY_OTHER } from './videos.ts'
import { json, jsonBody, noBody, noQuery, operation } from './operation.ts'

const tag = 'Storage'
const KEYS_BODY_BYTES = 1024 * 1024
const DEFAULT_EXPIRY_SECONDS = 3600

const terms = {
  content_type: v.optional(text(1, 255)),
  file_size: v.optional(wholeNumber(1, MAX_OBJECT_BYTES)),
  expires_in: v.optional(wholeNumber(300, 7200), DEFAULT_EXPIRY_SECONDS),
}
const foreignPath = { 403: ['Storage path does not belong to this user'] } as const

export const fileSchema = v.object({
  key: v.string(),
  size: v.number(),
  uploaded_at: timestampSchema,
  content_type: v.nullable(v.string()),
})

export const storageApi = {
  createUploadUrl: operation({
    route: 'POST /api/storage/upload-url',
    tag,
    summary: 'Where to PUT one object',
    description:
      'Exactly one of `file_name`, which is sanitised, and `key`, which is taken literally. `content_type` and' +
      ' `file_size` are signed when given: the PUT must then send them exactly so.',
    access: 'storage:write',
    query: noQuery,
    body: jsonBody(
      v.pipe(
        v.strictObject({ file_name: v.optional(text(1, 1024)), key: v.optional(v.string()), ...terms }),
        exactlyOneOf('file_name', 'key'),
        oneOfRequired('file_name', 'key'),
      ),
    ),
    answers: {
      200: json(
        'The presigned URL',
        v.object({
          success: v.literal(true),
          upload_url: urlSchema,
          file_path: v.string(),
          user_id: uuidSchema,
          sanitized_filename: v.string(),
          original_filename: v.string(),
          expires_at: timestampSchema,
        }),
      ),
    },
    refusals: { 403: [...foreignPath[403], MADE_BY_OTHER] },
  }),

  createUploadUrls: operation({
    route: 'POST /api/storage/upload-urls',
    tag,
    summary: 'Where to PUT many objects, in the order of their keys',
    access: 'storage:write',
    query: noQuery,
    body: jsonBody(v.strictObject({ keys: keys(500), ...terms }), { maxBytes: KEYS_BODY_BYTES }),
    answers: {
      200: json(
        'The presigned URLs',
        v.object({
          success: v.literal(true),
          urls: v.array(v.object({ upload_url: urlSchema, file_path: v.string(), expires_at: timestampSchema })),
        }),
      ),
    },
    refusals: { 403: [...foreignPath[403], MADE_BY_OTHER] },
  }),

  createDownloadUrl: operation({
    route: 'POST /api/storage/download-url',
    tag,
    summary: 'Where to GET one object',
    description: 'Exactly one of `key` and `file_path`, which mean the same.',
    access: 'storage:read',
    query: noQuery,
    body: jsonBody(
      v.pipe(
        v.strictObject({ key: v.optional(v.string()), file_path: v.optional(v.string()) }),
        exactlyOneOf('key', 'file_path'),
        oneOfRequired('key', 'file_path'),
      ),
    ),
    answers: { 200: json('The presigned URL', v.object({ url: urlSchema, expires_at: timestampSchema })) },
    refusals: { ...foreignPath },
  }),

  listFiles: operation({
    route: 'GET /api/storage/files',
    tag,
    summary: 'The objects of the caller, in the order of their keys',
    description:
      '`prefix` is relative to the caller’s folder, or begins with it. With `unregistered=true` only objects that' +
      ' belong to no video. A page may hold fewer than `limit`: the end is where `cursor` is null.',
    access: 'storage:read',
    query: v.strictObject({
      prefix: v.optional(v.string(), ''),
      cursor: v.optional(cursor),
      limit: v.optional(queryNumber(1, 1000)),
      unregistered: v.optional(v.picklist(['true', 'false']), 'false'),
    }),
    body: noBody,
    answers: { 200: json('One page', v.object({ files: v.array(fileSchema), cursor: v.nullable(v.string()) })) },
    refusals: { ...foreignPath },
  }),

  deleteFiles: operation({
    route: 'DELETE /api/storage/files',
    tag,
    summary: 'Delete objects: all of them, or none when one is not the caller’s',
    access: 'storage:write',
    query: noQuery,
    body: jsonBody(v.strictObject({ keys: keys(1000) }), { maxBytes: KEYS_BODY_BYTES }),
    answers: { 200: json('How many keys', v.object({ deleted: v.number() })) },
    refusals: { 403: [...foreignPath[403], MADE_BY_OTHER] },
  }),
}

function keys(max: number) {
  const problem = `must be 1 to ${max} keys`
  return v.pipe(v.array(v.string()), v.minLength(1, problem), v.maxLength(max, problem))
}
