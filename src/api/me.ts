// GET /api/me: who is calling.
import * as v from 'valibot'
import { uuidSchema } from './fields.ts'
import { json, noBody, noQuery, operation } from './operation.ts'

export const callerSchema = v.object({
  user_id: v.pipe(uuidSchema, v.description('The person; of a key of the workspace itself, the workspace')),
  clerk_user_id: v.nullable(v.string()),
  auth_type: v.picklist(['clerk', 'api_key']),
  workspace: v.object({
    id: v.pipe(uuidSchema, v.description('Whose films, files and keys these are, and their folder')),
    kind: v.picklist(['personal', 'organization']),
    name: v.pipe(v.nullable(v.string()), v.description('Of an organisation, when Clerk told it')),
    role: v.pipe(v.string(), v.examples(['admin'])),
  }),
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
