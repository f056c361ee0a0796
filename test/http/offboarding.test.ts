// People whom Clerk lets in no more: their sessions, and the keys that they made, in two isolates.
import { describe, expect, it } from 'vitest'
import { call, newClerkUserId, readColumn } from '../support/callers.ts'
import type { Service } from '../support/service.ts'
import { answerOf, startTeam, type Team } from '../support/team.ts'

const BOUND_MS = 30_000

interface Leaver {
  readonly team: Team
  readonly sub: string
  readonly elsewhere: Service
  /** Issued before anything happens; valid for an hour. */
  readonly session: string
  readonly personal: string
  readonly key: { readonly id: string; readonly raw_key: string }
  readonly childKey: { readonly id: string; readonly raw_key: string }
  readonly personalKey: { readonly id: string; readonly raw_key: string }
}

async function leaver(variables: Readonly<Record<string, string>> = {}): Promise<Leaver> {
  const team = await startTeam(variables)
  const sub = newClerkUserId()
  const exp = Math.floor(team.service.clock.nowMs / 1000) + 3600
  const session = await team.session(sub, 'member', { exp })
  const personal = await team.session(sub, undefined, { exp })
  const make = async (credential: string) => {
    const body = { name: 'k', scopes: ['*', 'keys:write'] }
    const [status, key] = await answerOf(team.service, credential, 'POST', '/api/keys', body)
    expect(status).toBe(201)
    return key as Leaver['key']
  }
  const key = await make(session)
  const found = { key, childKey: await make(key.raw_key), personalKey: await make(personal) }
  const all = { ...found, team, sub, elsewhere: team.isolate(), session, personal }
  const credentials = [session, key.raw_key, found.childKey.raw_key, personal, found.personalKey.raw_key]
  for (const service of [team.service, all.elsewhere]) {
    for (const credential of credentials) expect((await call(service, credential, 'GET', '/api/me')).status).toBe(200)
  }
  return all
}

/** Session and two keys of the organisation, then session and key of the own workspace. */
async function statuses({ session, key, childKey, personal, personalKey }: Leaver, at: Service): Promise<number[]> {
  const all = [session, key.raw_key, childKey.raw_key, personal, personalKey.raw_key]
  return await Promise.all(all.map(async (one) => (await call(at, one, 'GET', '/api/me')).status))
}

describe('a member who leaves', () => {
  it('is refused here at once and elsewhere within the bound, with the keys that they made; what is their own stays', async () => {
    const one = await leaver()
    const { team, elsewhere, sub, key } = one
    team.service.clock.nowMs += 1000
    expect(await team.membership('deleted', sub, 'member', team.service.clock.nowMs)).toBe(200)
    expect(await statuses(one, team.service)).toEqual([401, 401, 401, 200, 200])
    elsewhere.clock.nowMs += BOUND_MS
    expect(await statuses(one, elsewhere)).toEqual([401, 401, 401, 200, 200])
    const count = 'SELECT count(*) FROM audit_events WHERE user_id = ? AND action = ?'
    expect(await readColumn(count, await team.id(), 'key.offboarded')).toBe(2)
    expect(await readColumn(count, await team.id(), 'member.removed')).toBe(1)
    expect(
      await readColumn("SELECT count(*) FROM events WHERE resource = ? AND type = 'key.deactivated'", key.id),
    ).toBe(1)
  })

  it('is not let in again by what is older than the end, told late, twice or by a replayed session', async () => {
    const one = await leaver()
    const { team, sub } = one
    const { clock } = team.service
    clock.nowMs += 10_000
    await team.membership('deleted', sub, 'member', clock.nowMs)
    await team.membership('created', sub, 'admin', clock.nowMs - 5000)
    await team.membership('updated', sub, 'admin', clock.nowMs - 5000)
    await team.membership('deleted', sub, 'member', clock.nowMs)
    clock.nowMs += 60_000
    expect(await statuses(one, team.service)).toEqual([401, 401, 401, 200, 200])
    expect(await statuses(one, team.isolate())).toEqual([401, 401, 401, 200, 200])
  })

  it('comes back with a session from after it, and an admin gives the keys back', async () => {
    const one = await leaver()
    const { team, sub, key } = one
    const { clock } = team.service
    clock.nowMs += 1000
    await team.membership('deleted', sub, 'member', clock.nowMs)
    clock.nowMs += 5000
    const again = await team.session(sub, 'member')
    expect((await call(team.service, again, 'GET', '/api/me')).status).toBe(200)
    expect((await call(team.service, key.raw_key, 'GET', '/api/me')).status).toBe(401)
    const admin = team.person('admin')
    expect((await admin.answer('PATCH', `/api/keys/${key.id}`, { is_active: true }))[0]).toBe(200)
    expect((await call(team.service, key.raw_key, 'GET', '/api/me')).status).toBe(200)
  })

  it('makes no key in an isolate that has not heard of it', async () => {
    const { team, elsewhere, sub, session } = await leaver()
    await team.membership('deleted', sub, 'member', team.service.clock.nowMs + 1000)
    const made = await answerOf(elsewhere, session, 'POST', '/api/keys', { name: 'late' })
    expect(made).toEqual([401, { detail: 'Invalid token' }])
  })

  it('leaves their keys with OFFBOARD_KEYS=keep, as far as their last role', async () => {
    const one = await leaver({ OFFBOARD_KEYS: 'keep' })
    const { team, sub } = one
    await team.membership('deleted', sub, 'member', team.service.clock.nowMs + 1000)
    expect(await statuses(one, team.service)).toEqual([401, 200, 200, 200, 200])
  })
})

describe('a person who is', () => {
  it('deleted loses everything, everywhere', async () => {
    const one = await leaver()
    await one.team.tell({ type: 'user.deleted', data: { id: one.sub, deleted: true } })
    expect(await statuses(one, one.team.service)).toEqual([401, 401, 401, 401, 401])
    one.elsewhere.clock.nowMs += BOUND_MS
    expect(await statuses(one, one.elsewhere)).toEqual([401, 401, 401, 401, 401])
  })

  it('banned loses sessions and keys; let in again, the sessions', async () => {
    const one = await leaver()
    const { team, elsewhere, sub } = one
    const word = async (banned: boolean, at: number) =>
      await team.tell({ type: 'user.updated', timestamp: at, data: { id: sub, banned, locked: false } })
    const { clock } = team.service
    await word(true, clock.nowMs + 2000)
    // Told late.
    await word(false, clock.nowMs + 1000)
    expect(await statuses(one, team.service)).toEqual([401, 401, 401, 401, 401])
    elsewhere.clock.nowMs += BOUND_MS
    expect(await statuses(one, elsewhere)).toEqual([401, 401, 401, 401, 401])
    await word(false, clock.nowMs + 3000)
    expect(await statuses(one, team.service)).toEqual([200, 401, 401, 200, 401])
  })

  it('locked loses sessions until the lock is over: wrong passwords by a stranger stop no key', async () => {
    const one = await leaver()
    const { team, sub } = one
    const data = { id: sub, banned: false, locked: true, lockout_expires_in_seconds: 600 }
    await team.tell({ type: 'user.updated', timestamp: team.service.clock.nowMs, data })
    expect(await statuses(one, team.service)).toEqual([401, 200, 200, 401, 200])
    team.service.clock.nowMs += 600_000
    expect(await statuses(one, team.service)).toEqual([200, 200, 200, 200, 200])
  })
})

describe('an organisation that is deleted', () => {
  it('ends with its keys, for good; its members keep their own', async () => {
    const one = await leaver()
    const { team, sub } = one
    await team.tell({ type: 'organization.deleted', data: { id: team.organizationId, deleted: true } })
    expect(await statuses(one, team.service)).toEqual([401, 401, 401, 200, 200])
    await team.membership('created', sub, 'admin', team.service.clock.nowMs + 60_000)
    await team.tell({ type: 'organization.created', data: { id: team.organizationId, name: 'again' } })
    team.service.clock.nowMs += BOUND_MS
    expect(await statuses(one, team.service)).toEqual([401, 401, 401, 200, 200])
  })
})

describe('what Clerk sends of organisations', () => {
  it.each([
    { type: 'organizationMembership.deleted', data: {} },
    { type: 'organizationMembership.created', data: { role: 7, organization: { id: 'org_1' } } },
    { type: 'organizationMembership.updated', timestamp: -1, data: { role: 'org:member' } },
    { type: 'organization.deleted', data: { id: 'user_1' } },
    { type: 'organization.updated', data: { id: 'org_../x', name: 'x' } },
    { type: 'user.updated', data: { id: 'user_1', banned: 'no' } },
  ])('and makes no sense is 422: %j', async (event) => {
    expect(await (await startTeam()).tell(event)).toBe(422)
  })
})
