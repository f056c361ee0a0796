// GET /api/me
import type * as v from 'valibot'
import { meApi, type callerSchema } from '../../api/me.ts'
import { reply } from '../../api/operation.ts'
import type { Principal } from '../../core/auth/principal.ts'
import type { Router } from '../router.ts'

export function meRoutes(router: Router): void {
  router.secured(meApi.getCaller, ({ principal }) => reply(200, showCaller(principal)))
}

export function showCaller(principal: Principal): v.InferOutput<typeof callerSchema> {
  return {
    user_id: principal.memberId ?? principal.userId,
    clerk_user_id: principal.clerkUserId ?? null,
    auth_type: principal.kind,
    workspace: {
      id: principal.userId,
      kind: principal.workspace.kind,
      name: principal.workspace.name ?? null,
      role: principal.workspace.role,
    },
  }
}
