// /media/{key}: the bytes of an object, or an upload, under a presigned URL of this Worker.
import * as v from 'valibot'
import { noBody, noQuery, operation, raw, rawBody } from './operation.ts'

const tag = 'Media'
const SIGNED = 'The signature decides about each parameter.'
const unsigned = {
  403: ['Presigned URL is invalid', 'Presigned URL has expired', 'Presigned URL is not valid yet'],
  404: ['Not Found', 'Media not found'],
} as const

export const mediaApi = {
  readMedia: operation({
    route: 'GET /media/{key}',
    isDeep: true,
    tag,
    summary: 'An object under its presigned URL',
    description:
      'Only with `edge` delivery. Single ranges, If-Range and all conditions of RFC 9110; a GET signature serves HEAD too. ' +
      'The parameters `CMCD`, `CMSD` and `_HLS_*` may be added; any other change is a 403. ' +
      'Stored Content-Encoding and Content-Language are sent; ranges count the encoded bytes.',
    access: 'public',
    query: noQuery,
    openQuery: SIGNED,
    body: noBody,
    head: 'The headers of GET',
    answers: {
      200: raw('The bytes', '*/*', { ETag: 'Of this version', 'Accept-Ranges': '`bytes`' }),
      206: raw('A range of them', '*/*', { 'Content-Range': 'Which bytes of how many' }),
      304: raw('The caller has them', undefined),
    },
    refusals: { ...unsigned, 412: ['Precondition failed'], 416: ['Range Not Satisfiable'] },
  }),

  writeMedia: operation({
    route: 'PUT /media/{key}',
    isDeep: true,
    tag,
    summary: 'Upload an object to its presigned URL',
    description:
      'At most 100 MB. Length and type are those that were signed; Content-Length is required. A URL of' +
      ' `createPartUrls` takes one part of an upload.',
    access: 'public',
    query: noQuery,
    openQuery: SIGNED,
    body: rawBody('*/*', v.any()),
    answers: { 200: raw('Stored', undefined, { ETag: 'Of the new version, or of the part' }) },
    refusals: {
      ...unsigned,
      404: ['Not Found', 'Upload not found'],
      411: ['Content-Length is required'],
      412: ['Precondition failed'],
      413: ['Request body is too large'],
    },
  }),
}
