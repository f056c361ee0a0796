// The ownership walk over the workspaces of one person, which are tenants to each other, and over two people of one.
import { beforeAll, describe, expect, it } from 'vitest'
import { call, newClerkUserId } from '../support/callers.ts'
import { env } from '../support/env.ts'
import type { KnownCaller } from '../support/known-caller.ts'
import { everything, KEY, makeVictim, WALK, type Victim } from '../support/ownership-walk.ts'
import { startTeam, type Team } from '../support/team.ts'

const NOT_ADMIN = [403, { detail: 'Only an admin of the workspace may do this' }]
const NOT_MADE = [403, { detail: 'Only its maker and an admin of the workspace may do this' }]

/** What a member may not do to what another member made; everything else they may. */
const REFUSED_TO_COLLEAGUES: Readonly<Record<string, readonly unknown[]>> = {
  'PUT /api/videos/{job_id}/source': NOT_MADE,
  'DELETE /api/videos/{job_id}': NOT_MADE,
  'DELETE /api/videos/{job_id}/segments': NOT_MADE,
  'POST /api/processing/register-upload': NOT_MADE,
  'POST /api/storage/upload-url': NOT_MADE,
  'POST /api/storage/upload-urls': NOT_MADE,
  'DELETE /api/storage/files': NOT_MADE,
  'POST /api/storage/multipart': NOT_MADE,
  'POST /api/storage/multipart/urls': NOT_MADE,
  'POST /api/storage/multipart/complete': NOT_MADE,
  'DELETE /api/storage/multipart': NOT_MADE,
  'DELETE /api/signing-keys/{key_id}': NOT_ADMIN,
  'PATCH /api/webhooks/endpoints/{endpoint_id}': NOT_ADMIN,
  'DELETE /api/webhooks/endpoints/{endpoint_id}': NOT_ADMIN,
  'POST /api/webhooks/endpoints/{endpoint_id}/rotate': NOT_ADMIN,
  'POST /api/webhooks/endpoints/{endpoint_id}/test': NOT_ADMIN,
  'POST /api/webhooks/deliveries/{delivery_id}/redeliver': NOT_ADMIN,
  'PATCH /api/keys/{key_id}': [...KEY],
  'DELETE /api/keys/{key_id}': [...KEY],
  'POST /api/keys/{key_id}/rotate': [...KEY],
  'GET /api/keys/{key_id}/usage': [...KEY],
  'GET /api/keys/{key_id}/events': [...KEY],
}

/** A session of a person in a workspace, with a key that they made in it. */
async function caller(team: Team, clerkUserId: string, role: string | undefined): Promise<KnownCaller> {
  const exp = Math.floor(team.service.clock.nowMs / 1000) + 3600
  const session = await team.session(clerkUserId, role, { exp })
  const ask = async (method: string, path: string, body?: unknown) =>
    await call(team.service, session, method, path, body)
  const answer = async (method: string, path: string, body?: unknown): Promise<[number, unknown]> => {
    const response = await ask(method, path, body)
    return [response.status, await response.json()]
  }
  const [, me] = await answer('GET', '/api/me')
  const { id: userId } = (me as { workspace: { id: string } }).workspace
  const [, key] = await answer('POST', '/api/keys', { name: 'k' })
  const { id: keyId, raw_key: rawKey } = key as { id: string; raw_key: string }
  const made: KnownCaller = {
    service: team.service,
    key: { userId, clerkUserId, keyId, rawKey },
    folder: `users/${userId}/`,
    ask,
    answer,
  }
  await env.MEDIA.put(`${made.folder}mine.mp4`, 'mine')
  return made
}

describe.each(['personal', 'organization'] as const)('what a person has in their %s workspace', (kind) => {
  let victim: Victim
  let attacker: KnownCaller
  beforeAll(async () => {
    const team = await startTeam()
    const sub = newClerkUserId()
    const [there, here] = kind === 'personal' ? [undefined, 'admin'] : ['admin', undefined]
    victim = await makeVictim(await caller(team, sub, there))
    attacker = await caller(team, sub, here)
  })

  it.each(WALK)('is as foreign to them in the other one: %s %s (%#)', async (method, _, request, expected) => {
    const before = await everything(victim, attacker)
    const [path, body] = request(victim)
    expect(await attacker.answer(method, path, body)).toEqual(expected)
    await attacker.service.settle()
    expect(await everything(victim, attacker)).toBe(before)
  })
})

describe('what a member of an organisation made', () => {
  let maker: Victim
  let colleague: KnownCaller
  let guest: KnownCaller
  beforeAll(async () => {
    const team = await startTeam({
      WORKSPACE_ROLES: JSON.stringify({ guest: ['videos:read', 'storage:read', 'keys:write'] }),
    })
    const admin = await caller(team, newClerkUserId(), 'admin')
    maker = await makeVictim(admin)
    colleague = await caller(team, newClerkUserId(), 'member')
    guest = await caller(team, newClerkUserId(), 'guest')
  })

  it.each(WALK)('is refused to a role that only reads, or shown: %s %s (%#)', async (method, _, request) => {
    const before = await everything(maker)
    const [path, body] = request(maker)
    const [status] = await guest.answer(method, path, body)
    if (method !== 'GET' && !path.endsWith('/download-url')) expect(status).toBe(403)
    expect(await everything(maker)).toBe(before)
  })

  it.each(WALK)(
    'is seen and changed by another one, but not taken away: %s %s (%#)',
    async (method, route, request) => {
      const [path, body] = request(maker)
      const answer = await colleague.answer(method, path, body)
      const refusal = REFUSED_TO_COLLEAGUES[`${method} ${route}`]
      if (refusal !== undefined) expect(answer).toEqual(refusal)
      else expect([401, 403]).not.toContain(answer[0])
    },
  )
})
