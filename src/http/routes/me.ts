// GET /api/me
import * as v from 'valibot'
import type { Router } from '../router.ts'

const meSchema = v.object({
  user_id: v.pipe(v.string(), v.uuid()),
  clerk_user_id: v.nullable(v.string()),
  auth_type: v.picklist(['clerk', 'api_key']),
})

export function meRoutes(router: Router): void {
  router.add(
    {
      method: 'GET',
      path: '/api/me',
      tag: 'Authentication',
      summary: 'Who is calling',
      access: 'caller',
      answers: { 200: { description: 'The caller', schema: meSchema } },
    },
    ({ c, principal }) =>
      c.json({
        user_id: principal.userId,
        clerk_user_id: principal.clerkUserId ?? null,
        auth_type: principal.kind,
      }),
  )
}
