// What an authenticated request is compared with: Hono, one route, the same request log, the same body.
import { Hono } from 'hono'
import { PERSONAL, type SessionPrincipal, type UserId } from '../../../src/core/auth/principal.ts'
import { ALL_SCOPES } from '../../../src/core/auth/scope.ts'
import { realWorld } from '../../../src/deps/world.ts'
import { rawPath, type HttpEnv } from '../../../src/http/context.ts'
import { changeHeaders } from '../../../src/http/headers.ts'
import { readRequestId, requestLog } from '../../../src/http/request-log.ts'

const PRINCIPAL: SessionPrincipal = {
  kind: 'clerk',
  userId: '0b0e7a3c-5d1f-4c8a-9a43-5a4de0f0aa11' as UserId,
  memberId: '0b0e7a3c-5d1f-4c8a-9a43-5a4de0f0aa11' as UserId,
  workspace: PERSONAL,
  scopes: ALL_SCOPES,
  clerkUserId: 'user_2abcdefghijklmnopqrstuvwxyz',
  sessionId: 'sess_1',
  actorId: undefined,
}

const app = new Hono<HttpEnv>({ getPath: rawPath })
const writeLine = requestLog(realWorld.log)
app.use(async (c, next) => {
  const startedMs = realWorld.nowMs()
  const requestId = readRequestId(c, realWorld.newId)
  await next()
  changeHeaders(c, (headers) => headers.set('X-Request-Id', requestId))
  writeLine(c, { requestId, surface: 'lynxvizion', ms: realWorld.nowMs() - startedMs })
})
app.get('/api/me', (c) => {
  // So that the log writes the same line.
  c.set('route', '/api/me')
  c.set('principal', PRINCIPAL)
  return c.json({
    user_id: PRINCIPAL.userId,
    clerk_user_id: PRINCIPAL.clerkUserId,
    auth_type: PRINCIPAL.kind,
    workspace: { id: PRINCIPAL.userId, kind: 'personal', name: null, role: 'admin' },
  })
})

export default app
