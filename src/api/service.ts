// The API about itself: its description.
import * as v from 'valibot'
import { json, noBody, noQuery, operation, raw } from './operation.ts'

export const serviceApi = {
  getOpenApi: operation({
    route: 'GET /api/openapi.json',
    tag: 'Service',
    summary: 'This API, described (OpenAPI 3.1)',
    access: 'public',
    query: noQuery,
    body: noBody,
    answers: { 200: json('The document', v.looseObject({ openapi: v.string() })) },
    refusals: {},
  }),

  getLlmsText: operation({
    route: 'GET /llms.txt',
    tag: 'Service',
    summary: 'This API for language models, in Markdown (llmstxt.org)',
    access: 'public',
    query: noQuery,
    body: noBody,
    answers: { 200: raw('Every operation in a line', 'text/plain') },
    refusals: {},
  }),
}
