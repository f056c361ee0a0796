// The API about itself: its description.
import * as v from 'valibot'
import { json, noBody, noQuery, operation } from './operation.ts'

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
}
