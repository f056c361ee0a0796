// GET /api/me
import { meApi } from '../../api/me.ts'
import { reply } from '../../api/operation.ts'
import type { Router } from '../router.ts'

export function meRoutes(router: Router): void {
  router.secured(meApi.getCaller, ({ principal }) =>
    reply(200, {
      user_id: principal.userId,
      clerk_user_id: principal.clerkUserId ?? null,
      auth_type: principal.kind,
    }),
  )
}
