// Organisations as workspaces: what belongs to them, who may do what in them, and what a hostile member tries.
import { describe, expect, it } from 'vitest'
import { call, newClerkUserId, readColumn } from '../support/callers.ts'
import { env } from '../support/env.ts'
import { answerOf, startTeam, type Person, type Team } from '../support/team.ts'

const NOT_ADMIN = [403, { detail: 'Only an admin of the workspace may do this' }]
const NOT_MADE = [403, { detail: 'Only its maker and an admin of the workspace may do this' }]
const FOREIGN_KEY = [403, { detail: 'API key does not belong to this user' }]

interface Cast {
  readonly team: Team
  readonly admin: Person
  readonly ann: Person
  readonly ben: Person
  readonly folder: string
}

async function cast(variables: Readonly<Record<string, string>> = {}): Promise<Cast> {
  const team = await startTeam(variables)
  const [admin, ann, ben] = [team.person('admin'), team.person('member'), team.person('member')]
  for (const person of [admin, ann, ben]) expect((await person.answer('GET', '/api/me'))[0]).toBe(200)
  return { team, admin, ann, ben, folder: `users/${await team.id()}/` }
}

/** A film as its maker sends it: asked for, stored and registered. */
async function film({ folder }: Cast, maker: Person, name: string): Promise<string> {
  const [status] = await maker.answer('POST', '/api/storage/upload-url', { key: name })
  expect(status).toBe(200)
  await env.MEDIA.put(folder + name, 'a film')
  const [, made] = await maker.answer('POST', '/api/processing/register-upload', { file_path: name })
  const { job_id: jobId } = made as { job_id: string }
  await env.MEDIA.put(`${folder}hls/${jobId}/index.m3u8`, '#EXTM3U\n')
  return jobId
}

async function makeKey(person: Person, body: object = {}): Promise<{ id: string; raw_key: string }> {
  const [status, key] = await person.answer('POST', '/api/keys', { name: 'k', ...body })
  expect(status).toBe(201)
  return key as { id: string; raw_key: string }
}

describe('the workspace of a session', () => {
  it('is the active organisation, by either version of Clerk’s claims, else the person’s own', async () => {
    const team = await startTeam()
    const sub = newClerkUserId()
    const me = async (credential: string) => await answerOf(team.service, credential, 'GET', '/api/me')
    const [, own] = await me(await team.session(sub, undefined))
    const person = (own as { user_id: string }).user_id
    expect(own).toMatchObject({ workspace: { id: person, kind: 'personal', name: null, role: 'admin' } })
    const [, current] = await me(await team.session(sub, 'admin'))
    const id = await team.id()
    expect(current).toEqual({
      user_id: person,
      clerk_user_id: sub,
      auth_type: 'clerk',
      workspace: { id, kind: 'organization', name: 'a-team', role: 'admin' },
    })
    expect(id).not.toBe(person)
    const v1 = { v: undefined, org_id: team.organizationId, org_role: 'org:admin', org_slug: 'a-team' }
    expect(await me(await team.session(sub, undefined, v1))).toEqual([200, current])
    await team.tell({ type: 'organization.updated', data: { id: team.organizationId, name: 'The Team' } })
    const [, named] = await me(await team.session(sub, 'admin', { jti: 'another' }))
    expect(named).toMatchObject({ workspace: { id, name: 'The Team' } })
  })

  it.each([
    { id: 'user_1', rol: 'admin' },
    { id: 'org_1' },
    { id: 'org_1', rol: 'Admin!' },
    { id: ['org_1'], rol: 'admin' },
    'org_1',
    {},
    0,
  ])('is never the own one where the organisation cannot be read: %j', async (o) => {
    const team = await startTeam()
    const token = await team.session(newClerkUserId(), undefined, { o })
    expect((await call(team.service, token, 'GET', '/api/me')).status).toBe(401)
  })

  it('is made once, whoever comes first', async () => {
    const team = await startTeam()
    const isolates = [team.service, team.isolate(), team.isolate()]
    const answers = await Promise.all(
      isolates.map(async (one) => {
        const [, me] = await answerOf(one, await team.session(newClerkUserId(), 'member'), 'GET', '/api/me')
        return (me as { workspace: { id: string } }).workspace.id
      }),
    )
    expect(new Set(answers)).toEqual(new Set([await team.id()]))
  })

  it('costs nothing while it is known, for a session and for a key', async () => {
    const { team, ann } = await cast()
    const { raw_key: key } = await makeKey(ann)
    const token = await team.session(ann.clerkUserId, 'member')
    for (const credential of [token, key]) await call(team.service, credential, 'GET', '/api/me')
    await team.service.settle()
    team.service.reset()
    for (const credential of [token, key]) {
      expect((await call(team.service, credential, 'GET', '/api/me')).status).toBe(200)
    }
    expect(team.service.counts).toMatchObject({ d1Reads: 0, d1Writes: 0, kvReads: 0 })
  })
})

describe('what belongs to an organisation', () => {
  it('lies in its folder and is seen by all of its members', async () => {
    const scene = await cast()
    const jobId = await film(scene, scene.ann, 'a.mp4')
    const [, shown] = await scene.ben.answer('GET', `/api/videos/${jobId}`)
    expect(shown).toMatchObject({ user_id: await scene.team.id(), storage_path: `${scene.folder}a.mp4` })
    expect(await scene.ben.answer('PATCH', `/api/videos/${jobId}`, { name: 'Better' })).toMatchObject([200, {}])
  })

  it('is deleted by its maker or an admin, and by no other member', async () => {
    const scene = await cast()
    const { admin, ann, ben, folder } = scene
    const jobId = await film(scene, ann, 'a.mp4')
    const listed = (await env.MEDIA.list({ prefix: folder })).objects.length
    expect(await ben.answer('DELETE', `/api/videos/${jobId}`)).toEqual(NOT_MADE)
    expect(await ben.answer('DELETE', `/api/videos/${jobId}?files=true`)).toEqual(NOT_MADE)
    expect(await ben.answer('DELETE', `/api/videos/${jobId}/segments`)).toEqual(NOT_MADE)
    expect(await ben.answer('POST', '/api/videos/bulk', { job_ids: [jobId], delete: true })).toMatchObject([
      200,
      { results: [{ status: 403 }] },
    ])
    for (const name of ['a.mp4', `hls/${jobId}/index.m3u8`, `thumbnails/${jobId}.jpg`]) {
      expect(await ben.answer('DELETE', '/api/storage/files', { keys: [folder + name] })).toEqual(NOT_MADE)
    }
    expect(await ann.answer('GET', `/api/videos/${jobId}`)).toMatchObject([200, { playback: 'public' }])
    expect((await env.MEDIA.list({ prefix: folder })).objects).toHaveLength(listed)
    expect(await ann.answer('DELETE', `/api/videos/${jobId}?files=true`)).toMatchObject([200, { remaining: 0 }])
    const other = await film(scene, ben, 'b.mp4')
    expect(await admin.answer('DELETE', `/api/videos/${other}`)).toEqual([200, { ok: true }])
  })

  it('is not replaced by another member either, in whatever way', async () => {
    const scene = await cast()
    const { ann, ben, folder } = scene
    const jobId = await film(scene, ann, 'a.mp4')
    const segment = `${folder}hls/${jobId}/index.m3u8`
    for (const key of ['a.mp4', segment, `${folder}thumbnails/${jobId}.jpg`]) {
      expect(await ben.answer('POST', '/api/storage/upload-url', { key })).toEqual(NOT_MADE)
      expect(await ben.answer('POST', '/api/storage/upload-urls', { keys: ['new.mp4', key] })).toEqual(NOT_MADE)
      expect(await ben.answer('POST', '/api/storage/multipart', { key, file_size: 9 })).toEqual(NOT_MADE)
    }
    expect(await ben.answer('POST', '/api/storage/upload-url', { file_name: 'a.mp4' })).toEqual(NOT_MADE)
    // To make it his own first, and delete it then.
    for (const path of ['a.mp4', segment]) {
      expect(await ben.answer('POST', '/api/processing/register-upload', { file_path: path })).toEqual(NOT_MADE)
    }
    await env.MEDIA.put(`${folder}b.mp4`, 'x')
    const source = { file_path: 'b.mp4' }
    expect(await ben.answer('PUT', `/api/videos/${jobId}/source`, source)).toEqual(NOT_MADE)
    const under = { file_path: 'b.mp4', job_id: jobId }
    expect(await ben.answer('POST', '/api/processing/register-upload', under)).toEqual(NOT_MADE)
    const own = await film(scene, ben, 'own.mp4')
    expect(await ben.answer('PUT', `/api/videos/${own}/source`, { file_path: segment })).toEqual(NOT_MADE)
  })

  it('is not another member’s upload on its way either', async () => {
    const { ann, ben } = await cast()
    const [, begun] = await ann.answer('POST', '/api/storage/multipart', { key: 'large.mp4', file_size: 9 })
    const { upload_id } = begun as { upload_id: string }
    const named = { key: 'large.mp4', upload_id }
    const query = new URLSearchParams(named).toString()
    expect(await ben.answer('DELETE', `/api/storage/multipart?${query}`)).toEqual(NOT_MADE)
    expect(await ben.answer('POST', '/api/storage/multipart/urls', { ...named, part_numbers: [1] })).toEqual(NOT_MADE)
    const parts = [{ part_number: 1, etag: '"x"' }]
    expect(await ben.answer('POST', '/api/storage/multipart/complete', { ...named, parts })).toEqual(NOT_MADE)
    expect(await ben.answer('POST', '/api/processing/register-upload', { file_path: 'large.mp4' })).toEqual(NOT_MADE)
    expect(await ann.answer('DELETE', `/api/storage/multipart?${query}`)).toMatchObject([200, {}])
  })

  it('frees a name when its file is deleted', async () => {
    const scene = await cast()
    const jobId = await film(scene, scene.ann, 'a.mp4')
    expect((await scene.ann.answer('DELETE', `/api/videos/${jobId}?files=true`))[0]).toBe(200)
    expect((await scene.ben.answer('POST', '/api/storage/upload-url', { key: 'a.mp4' }))[0]).toBe(200)
  })
})

describe('a member', () => {
  it('has no say in endpoints and signing keys, with a session or a key', async () => {
    const { team, admin, ann } = await cast()
    const { raw_key: key } = await makeKey(ann)
    const [, endpoint] = await admin.answer('POST', '/api/webhooks/endpoints', { url: 'https://hooks.customer.dev/' })
    const { id } = endpoint as { id: string }
    const [, signer] = await admin.answer('POST', '/api/signing-keys', { name: 's' })
    const { id: signerId } = signer as { id: string }
    const asks: readonly (readonly [string, string, unknown?])[] = [
      ['POST', '/api/webhooks/endpoints', { url: 'https://evil.dev/' }],
      ['PATCH', `/api/webhooks/endpoints/${id}`, { url: 'https://evil.dev/' }],
      ['DELETE', `/api/webhooks/endpoints/${id}`],
      ['POST', `/api/webhooks/endpoints/${id}/rotate`],
      ['GET', '/api/webhooks/default-secret'],
      ['POST', '/api/webhooks/default-secret/rotate'],
      ['POST', '/api/signing-keys', { name: 'mine' }],
      ['DELETE', `/api/signing-keys/${signerId}`],
    ]
    for (const [method, path, body] of asks) {
      expect(await ann.answer(method, path, body), path).toEqual(NOT_ADMIN)
      expect(await answerOf(team.service, key, method, path, body), path).toEqual(NOT_ADMIN)
    }
    expect((await ann.answer('GET', `/api/webhooks/endpoints/${id}`))[0]).toBe(200)
  })

  it('sees and changes their own keys only, and no limits; an admin all', async () => {
    const { admin, ann, ben } = await cast()
    const [bens, admins] = [await makeKey(ben), await makeKey(admin)]
    const own = await makeKey(ann, { limits: { requests_per_day: 5 } })
    const [, listed] = await ann.answer('GET', '/api/keys')
    expect((listed as { id: string }[]).map(({ id }) => id)).toEqual([own.id])
    for (const { id } of [bens, admins]) {
      expect(await ann.answer('PATCH', `/api/keys/${id}`, { is_active: false })).toEqual(FOREIGN_KEY)
      expect(await ann.answer('POST', `/api/keys/${id}/rotate`, {})).toEqual(FOREIGN_KEY)
      expect(await ann.answer('DELETE', `/api/keys/${id}?cascade=true`)).toEqual(FOREIGN_KEY)
      expect(await ann.answer('GET', `/api/keys/${id}/events`)).toEqual(FOREIGN_KEY)
    }
    expect(await ann.answer('PATCH', `/api/keys/${own.id}`, { limits: null })).toEqual([
      403,
      { detail: 'Only an admin of the workspace may change the limits of a key' },
    ])
    const [, all] = await admin.answer('GET', '/api/keys')
    expect((all as unknown[]).length).toBe(3)
    expect((await admin.answer('PATCH', `/api/keys/${own.id}`, { limits: null }))[0]).toBe(200)
  })

  it('gives a key no more than they have, and it loses what they lose', async () => {
    const scene = await cast()
    const { team, admin, ann } = scene
    const annsFilm = await film(scene, ann, 'a.mp4')
    const { raw_key: key } = await makeKey(admin, { scopes: ['*', 'keys:write'] })
    const ask = async (method: string, path: string, body?: unknown) =>
      await answerOf(team.service, key, method, path, body)
    // A key that it makes is as far in reach.
    const [, child] = await ask('POST', '/api/keys', { name: 'child' })
    const { raw_key: childKey } = child as { raw_key: string }
    expect((await ask('GET', '/api/webhooks/default-secret'))[0]).toBe(200)
    team.service.clock.nowMs += 1000
    await team.membership('updated', admin.clerkUserId, 'member', team.service.clock.nowMs)
    for (const one of [key, childKey]) {
      expect(await answerOf(team.service, one, 'DELETE', `/api/videos/${annsFilm}`)).toEqual(NOT_MADE)
      expect(await answerOf(team.service, one, 'GET', '/api/webhooks/default-secret')).toEqual(NOT_ADMIN)
    }
    team.service.clock.nowMs += 1000
    await team.membership('updated', admin.clerkUserId, 'guest', team.service.clock.nowMs)
    expect((await ask('GET', '/api/videos'))[0]).toBe(200)
    expect(await ask('PATCH', `/api/videos/${annsFilm}`, { name: 'x' })).toEqual([
      403,
      { detail: 'API key lacks the scope videos:write' },
    ])
  })

  it('of two organisations and a workspace of their own has three tenants', async () => {
    const { team, ann } = await cast()
    const { raw_key: key } = await makeKey(ann)
    const own = await team.session(ann.clerkUserId, undefined)
    expect(await answerOf(team.service, own, 'GET', '/api/keys')).toEqual([200, []])
    const [, me] = await answerOf(team.service, key, 'GET', '/api/me')
    expect(me).toMatchObject({ clerk_user_id: ann.clerkUserId, workspace: { id: await team.id(), role: 'member' } })
  })
})

describe('another role', () => {
  it('only reads', async () => {
    const { team } = await cast()
    const guest = team.person('guest')
    expect((await guest.answer('GET', '/api/videos'))[0]).toBe(200)
    expect((await guest.answer('GET', '/api/keys'))[0]).toBe(200)
    for (const [method, path, scope] of [
      ['POST', '/api/projects', 'videos:write'],
      ['POST', '/api/keys', 'keys:write'],
      ['POST', '/api/storage/upload-url', 'storage:write'],
      ['POST', '/api/webhooks/endpoints', 'webhooks:write'],
    ] as const) {
      const detail = `Role in the workspace lacks the scope ${scope}`
      expect(await guest.answer(method, path, { name: 'x' })).toEqual([403, { detail }])
    }
  })

  it('does what WORKSPACE_ROLES names, for itself', async () => {
    const roles = JSON.stringify({ 'org:hooks': ['webhooks:read', 'webhooks:write', 'keys:write', 'keys:read'] })
    const scene = await cast({ WORKSPACE_ROLES: roles })
    const hooks = scene.team.person('hooks')
    const url = 'https://hooks.customer.dev/'
    expect((await hooks.answer('POST', '/api/webhooks/endpoints', { url }))[0]).toBe(201)
    expect(await hooks.answer('GET', '/api/videos')).toEqual([
      403,
      { detail: 'Role in the workspace lacks the scope videos:read' },
    ])
    expect(await hooks.answer('POST', '/api/keys', { name: 'k', scopes: ['*'] })).toEqual([
      403,
      { detail: 'Role in the workspace lacks the scope *' },
    ])
    const key = await makeKey(scene.admin)
    expect(await hooks.answer('DELETE', `/api/keys/${key.id}`)).toEqual(FOREIGN_KEY)
  })
})

describe('the word that counts', () => {
  it('is the later one, of a session and a webhook, however late it comes', async () => {
    const { team, ann } = await cast()
    const { clock } = team.service
    const roleOf = async (role: string, iat: number) => {
      const claims = { iat, nbf: iat - 5, exp: iat + 60, jti: crypto.randomUUID() }
      const token = await team.session(ann.clerkUserId, role, claims)
      const [status, me] = await answerOf(team.service, token, 'GET', '/api/me')
      return status === 200 ? (me as { workspace: { role: string } }).workspace.role : status
    }
    const now = Math.floor(clock.nowMs / 1000)
    clock.nowMs += 30_000
    await team.membership('updated', ann.clerkUserId, 'guest', (now + 20) * 1000)
    expect(await roleOf('member', now + 10)).toBe('guest')
    expect(await roleOf('admin', now + 25)).toBe('admin')
    await team.membership('updated', ann.clerkUserId, 'guest', (now + 22) * 1000)
    expect(await roleOf('member', now + 10)).toBe('admin')
    expect(
      await readColumn(
        "SELECT count(*) FROM audit_events WHERE action = 'member.changed' AND user_id = ?",
        await team.id(),
      ),
    ).toBe(2)
  })
})
