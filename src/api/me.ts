// GET /api/me: who is calling.
import * as v from 'valibot'
import { uuidSchema } from './fields.ts'
import { json, noBody, noQuery, operation } from './operation.ts'

export const callerSchema = v.object({
  user_id: uuidSchema,
  clerk_user_id: v.nullable(v.string()),
  auth_type: v.picklist(['clerk', 'api_key']),
})

export const meApi = {
  getCaller: operation({
    route: 'GET /api/me',
    tag: 'Authentication',
    summary: 'Who is calling',
    access: 'caller',
    query: noQuery,
    body: noBody,
    answers: { 200: json('The caller', callerSchema) },
    refusals: {},
  }),
}
