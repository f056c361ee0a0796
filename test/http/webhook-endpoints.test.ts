// Events on their way to customers' systems: what tells of what, to whom, signed by what, how often, and in which order.
import { describe, expect, it } from 'vitest'
import { runDaily } from '../../src/background/daily.ts'
import { runOften } from '../../src/background/often.ts'
import { EVENT_TYPES } from '../../src/core/events/event-type.ts'
import { makeKey, readColumn } from '../support/callers.ts'
import { env } from '../support/env.ts'
import { knownCaller } from '../support/known-caller.ts'
import { EDGE_VARIABLES } from '../support/media.ts'
import { startService } from '../support/service.ts'
import { HOOK, hookedService, isSignedBy, type HookedService } from '../support/webhook-receiver.ts'

const HOUR_MS = 3_600_000

interface ListedDelivery {
  readonly id: string
  readonly event_id: string
  readonly status: string
  readonly attempts: readonly { response_status: number | null; error: string | null; body_excerpt: string }[]
  readonly next_attempt_at: string | null
}

async function deliveries(hooked: HookedService, id: string, query = ''): Promise<readonly ListedDelivery[]> {
  const [, page] = await hooked.answer('GET', `/api/webhooks/endpoints/${id}/deliveries${query}`)
  return (page as { deliveries: ListedDelivery[] }).deliveries
}

async function registerVideo({ folder, answer }: HookedService, name = 'film.mp4'): Promise<string> {
  await env.MEDIA.put(folder + name, 'a film')
  const [, body] = await answer('POST', '/api/processing/register-upload', { file_path: name, duration: 12.5 })
  return (body as { job_id: string }).job_id
}

const rename = async (hooked: HookedService, jobId: string, name: string): Promise<Response> =>
  await hooked.ask('PATCH', `/api/videos/${jobId}`, { name })

describe('/api/webhooks/endpoints', () => {
  it('makes, shows, changes and deletes an endpoint; its secret is shown once', async () => {
    const { answer, addEndpoint } = await hookedService()
    const made = await addEndpoint({ description: 'billing', events: ['key.deleted', 'video.deleted'] })
    expect(made).toEqual({
      id: expect.any(String),
      url: HOOK,
      description: 'billing',
      events: ['video.deleted', 'key.deleted'],
      is_active: true,
      disabled_reason: null,
      failing_since: null,
      created_at: '2026-11-21T12:07:00.000Z',
      updated_at: '2026-11-21T12:07:00.000Z',
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    })
    const { secret: _, ...shown } = made as unknown as Record<string, unknown>
    const path = `/api/webhooks/endpoints/${made.id}`
    expect(await answer('GET', path)).toEqual([200, shown])
    expect(await answer('GET', '/api/webhooks/endpoints')).toEqual([200, [shown]])
    const change = { events: ['*'], description: '', url: `${HOOK}2` }
    expect(await answer('PATCH', path, change)).toEqual([200, { ...shown, ...change }])
    expect(await answer('PATCH', path, {})).toEqual([422, { detail: 'body: must name something to change' }])
    expect(await answer('DELETE', path)).toEqual([200, { ok: true }])
    expect(await answer('GET', path)).toEqual([404, { detail: 'Webhook endpoint not found' }])
  })

  it('refuses addresses that are not public, of this service, or not https, when made and when changed', async () => {
    const { answer, addEndpoint } = await hookedService()
    const { id } = await addEndpoint()
    for (const [url, reason] of [
      ['https://169.254.169.254/latest', 'must be a public host'],
      ['http://hooks.customer.dev/', 'must be an https URL'],
      ['http://localhost:3000/', 'must be an https URL'],
      ['https://api.example.com/api/videos', 'must not be this service itself'],
    ]) {
      const refused = [422, { detail: `url: ${reason}` }]
      expect(await answer('POST', '/api/webhooks/endpoints', { url })).toEqual(refused)
      expect(await answer('PATCH', `/api/webhooks/endpoints/${id}`, { url })).toEqual(refused)
    }
  })

  it('lets nobody have more than 20, also not at once', async () => {
    const { ask } = await hookedService()
    const tries = Array.from({ length: 25 }, async () => await ask('POST', '/api/webhooks/endpoints', { url: HOOK }))
    const statuses = (await Promise.all(tries)).map(({ status }) => status).toSorted((a, b) => a - b)
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 201), ...Array.from({ length: 5 }, () => 409)])
  })

  it('is 503 without a queue, and everything else works and is written down', async () => {
    const caller = await knownCaller({ service: startService({}, { queue: false }) })
    const off = [503, { detail: 'Webhooks need a queue, and none is bound' }]
    expect(await caller.answer('POST', '/api/webhooks/endpoints', { url: HOOK })).toEqual(off)
    expect(await caller.answer('GET', '/api/webhooks/endpoints')).toEqual(off)
    expect((await caller.ask('POST', '/api/keys', { name: 'a' })).status).toBe(201)
    const [, page] = await caller.answer('GET', '/api/webhooks/events')
    expect(page).toMatchObject({ events: [{ type: 'key.created' }] })
  })
})

describe('events', () => {
  it('tell of every change, once, in one shape, and of no key or link that could be used', async () => {
    const hooked = await hookedService()
    const { addEndpoint, answer, ask, receiver, service } = hooked
    const { secret } = await addEndpoint()
    const jobId = await registerVideo(hooked)
    await registerVideo(hooked)
    await rename(hooked, jobId, 'renamed')
    await ask('PATCH', `/api/videos/${jobId}`, { status: 'completed' })
    const [, report] = await answer('POST', '/api/shared-reports', { video_id: jobId })
    const { id: reportId, share_hash: hash } = report as { id: string; share_hash: string }
    await ask('DELETE', `/api/shared-reports/${reportId}`)
    const [, made] = await answer('POST', '/api/keys', { name: 'a key' })
    const { id: keyId, raw_key: raw } = made as { id: string; raw_key: string }
    await ask('PATCH', `/api/keys/${keyId}`, { is_active: false })
    await ask('PATCH', `/api/keys/${keyId}`, { is_active: false })
    await ask('PATCH', `/api/keys/${keyId}`, { is_active: true })
    const [, next] = await answer('POST', `/api/keys/${keyId}/rotate`)
    await ask('DELETE', `/api/keys/${keyId}`)
    await ask('POST', '/api/playback/revocations', { job_id: jobId })
    await ask('DELETE', `/api/videos/${jobId}`)
    await hooked.work()

    const told = receiver.received.map(({ event }) => event)
    expect(told.map(({ type }) => type).sort()).toEqual(
      EVENT_TYPES.filter((type) => type !== 'key.expiring' && !/^(?:processing|job)\./.test(type)).toSorted(),
    )
    const dataOf = (type: string) => told.find((event) => event.type === type)?.data
    expect(told[0]).toEqual({
      type: 'video.registered',
      timestamp: '2026-11-21T12:07:00.000Z',
      data: {
        job_id: jobId,
        name: 'film.mp4',
        description: '',
        status: 'uploaded',
        playback: 'public',
        duration: 12.5,
        file_size: 6,
        created_at: '2026-11-21T12:07:00.000Z',
      },
    })
    expect(dataOf('video.updated')).toMatchObject({ job_id: jobId, name: 'renamed' })
    expect(dataOf('report.revoked')).toEqual({ id: reportId, job_id: jobId, expires_at: null })
    const { id: successor } = next as { id: string }
    expect(dataOf('key.rotated')).toMatchObject({ key_id: keyId, name: 'a key', successor_id: successor })
    expect(dataOf('playback.revoked')).toMatchObject({ ended: 'job', job_id: jobId })
    for (const event of receiver.received) {
      expect(event.url).toBe(HOOK)
      expect(event.redirect).toBe('manual')
      expect(isSignedBy(secret, event)).toBe(true)
      for (const usable of [raw, hash, secret]) expect(event.body).not.toContain(usable)
    }
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(told.length)
    expect(service.logs.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('tell nothing of a change that was refused, and go to no other user’s endpoint', async () => {
    const hooked = await hookedService()
    const stranger = await knownCaller({ service: hooked.service })
    const jobId = await registerVideo(hooked)
    await hooked.addEndpoint()
    await stranger.ask('PATCH', `/api/videos/${jobId}`, { name: 'stolen' })
    await stranger.ask('DELETE', `/api/videos/${jobId}`)
    await stranger.ask('POST', '/api/keys', { name: 'theirs' })
    await hooked.ask('PATCH', `/api/videos/${jobId}`, { status: 'completed' })
    await hooked.ask('POST', '/api/shared-reports', { video_id: crypto.randomUUID() })
    await hooked.work()
    expect(hooked.receiver.received).toEqual([])
    const [, log] = await hooked.answer('GET', '/api/webhooks/events')
    expect(log).toMatchObject({ events: [{ type: 'video.registered' }] })
  })

  it('are only sent where they are wanted', async () => {
    const hooked = await hookedService()
    await hooked.addEndpoint({ url: `${HOOK}/films`, events: ['video.registered', 'video.deleted'] })
    await hooked.addEndpoint({ url: `${HOOK}/keys`, events: ['key.created'] })
    const jobId = await registerVideo(hooked)
    await rename(hooked, jobId, 'renamed')
    await hooked.ask('POST', '/api/keys', { name: 'a key' })
    await hooked.work()
    expect(hooked.receiver.received.map(({ url, event }) => [url.slice(HOOK.length), event.type])).toEqual([
      ['/films', 'video.registered'],
      ['/keys', 'key.created'],
    ])
  })

  it('are listed newest first, and from a place on in their order', async () => {
    const hooked = await hookedService()
    const { answer } = hooked
    const [, empty] = await answer('GET', '/api/webhooks/events')
    expect(empty).toEqual({ events: [], cursor: null, place: '0' })
    for (const name of ['a', 'b', 'c']) await hooked.ask('POST', '/api/keys', { name })
    const [, page] = await answer('GET', '/api/webhooks/events?limit=2')
    const { events, cursor, place } = page as { events: { place: string }[]; cursor: string; place: string }
    expect(events).toMatchObject([{ data: { name: 'c' } }, { data: { name: 'b' } }])
    expect(place).toBe(events[0]?.place)
    const [, rest] = await answer('GET', `/api/webhooks/events?limit=2&cursor=${cursor}`)
    expect(rest).toMatchObject({ events: [{ data: { name: 'a' } }], cursor: null })
    const [, since] = await answer('GET', `/api/webhooks/events?after=0&limit=2`)
    expect(since).toMatchObject({ events: [{ data: { name: 'a' } }, { data: { name: 'b' } }], place: events[1]?.place })
    const [, none] = await answer('GET', `/api/webhooks/events?after=${place}`)
    expect(none).toEqual({ events: [], cursor: null, place })
    for (const wrong of ['cursor=x.y', 'after=-1', `after=${place}&cursor=${cursor}`]) {
      expect((await hooked.ask('GET', `/api/webhooks/events?${wrong}`)).status).toBe(422)
    }
  })

  it('tell of a key that expires 14, 3 and 1 days before, once each, however often the cron runs', async () => {
    const hooked = await hookedService()
    const { service, receiver, key } = hooked
    await hooked.addEndpoint({ events: ['key.expiring'] })
    const expiresAtMs = service.clock.nowMs + 15 * 24 * HOUR_MS
    const soon = await makeKey({ user: key, expiresAtMs, name: 'soon' })
    await makeKey({ user: key, expiresAtMs: service.clock.nowMs + 40 * 24 * HOUR_MS })
    await makeKey({ user: key, expiresAtMs, isActive: false })
    const told = async (daysLeft: number): Promise<unknown[]> => {
      service.clock.nowMs = expiresAtMs - daysLeft * 24 * HOUR_MS
      await runDaily(service.deps)
      await runDaily(service.deps)
      await hooked.work()
      return receiver.received.splice(0).map(({ event }) => event.data)
    }
    const notice = { key_id: soon.keyId, name: 'soon', expires_at: new Date(expiresAtMs).toISOString() }
    const notices: number[] = []
    for (const daysLeft of [15, 14, 13, 4, 3, 2, 1, 0.5]) {
      const events = await told(daysLeft)
      expect(events).toMatchObject(events.map(() => notice))
      notices.push(events.length)
    }
    expect(notices).toEqual([0, 1, 0, 0, 1, 0, 1, 0])
    const late = await makeKey({ user: key, expiresAtMs: service.clock.nowMs + HOUR_MS * 12, name: 'late' })
    expect(await told(0.4)).toMatchObject([{ key_id: late.keyId }])
  })

  it('are forgotten after 30 days, with their deliveries', async () => {
    const hooked = await hookedService()
    const { service, key } = hooked
    await hooked.addEndpoint()
    await hooked.ask('POST', '/api/keys', { name: 'old' })
    await hooked.work()
    service.clock.nowMs += 29 * 24 * HOUR_MS
    await runDaily(service.deps)
    const count = 'SELECT count(*) FROM events e JOIN event_deliveries d ON d.event_id = e.id WHERE e.user_id = ?'
    expect(await readColumn(count, key.userId)).toBe(1)
    service.clock.nowMs += 25 * HOUR_MS
    await runDaily(service.deps)
    expect(await readColumn(count, key.userId)).toBe(0)
    expect(await readColumn('SELECT count(*) FROM events WHERE user_id = ?', key.userId)).toBe(0)
  })
})

describe('a delivery', () => {
  it('is tried ten times more over a day, signed anew under one id, and then given up', async () => {
    const hooked = await hookedService()
    const { receiver } = hooked
    const { id, secret } = await hooked.addEndpoint()
    receiver.answer = () => new Response('x'.repeat(5000), { status: 500 })
    await hooked.ask('POST', '/api/keys', { name: 'a key' })
    await hooked.work()
    const [first] = await deliveries(hooked, id)
    expect(first).toMatchObject({ status: 'pending', attempts: [{ response_status: 500, error: 'Answered 500' }] })
    expect(first?.attempts[0]?.body_excerpt).toBe('x'.repeat(1024))
    expect(Date.parse(first?.next_attempt_at ?? '') - hooked.service.clock.nowMs).toBeGreaterThan(5000)
    await hooked.pass(30 * HOUR_MS)
    expect(receiver.received).toHaveLength(11)
    expect(new Set(receiver.received.map((event) => event.id)).size).toBe(1)
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
    const times = receiver.received.map(({ timestamp }) => Number(timestamp))
    expect(new Set(times).size).toBe(11)
    expect((times[10] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(24 * 3600)
    expect(receiver.received.every((event) => isSignedBy(secret, event))).toBe(true)
    expect(await deliveries(hooked, id, '?status=failed')).toMatchObject([{ status: 'failed', next_attempt_at: null }])
    expect(await deliveries(hooked, id, '?status=pending')).toEqual([])
  })

  it('is not taken by a redirect or no answer, and is by an answer whose body breaks off', async () => {
    const hooked = await hookedService()
    const { receiver } = hooked
    const { id } = await hooked.addEndpoint()
    const cut = new ReadableStream({ start: (controller) => controller.error(new Error('cut')) })
    const answers: [() => Response | Promise<Response>, waitMs: number][] = [
      [() => Response.redirect('https://169.254.169.254/', 302), 0],
      [() => Promise.reject(new TypeError('connection refused')), 6000],
      [() => new Response(cut, { status: 202 }), 35_000],
    ]
    await hooked.ask('POST', '/api/keys', { name: 'a key' })
    for (const [answer, waitMs] of answers) {
      receiver.answer = answer
      await hooked.pass(waitMs)
    }
    const [delivery] = await deliveries(hooked, id)
    expect(receiver.received.every(({ url }) => url === HOOK)).toBe(true)
    expect(delivery?.attempts.map(({ error }) => error)).toEqual([
      'Redirects are not followed',
      'The connection failed',
      null,
    ])
    expect(delivery?.status).toBe('delivered')
  })

  it('waits for an earlier one of its resource and for no other, so that each resource tells its story in order', async () => {
    const hooked = await hookedService()
    const { receiver } = hooked
    const [one, other] = [await registerVideo(hooked, 'one.mp4'), await registerVideo(hooked, 'other.mp4')]
    await hooked.addEndpoint()
    let isAway = true
    receiver.answer = ({ event }) => new Response('', { status: isAway && event.data['job_id'] === one ? 503 : 200 })
    for (const name of ['1', '2', '3']) await rename(hooked, one, name)
    await rename(hooked, other, 'a')
    // The queue gives messages in any order.
    hooked.reminded.reverse()
    await hooked.work()
    expect(receiver.received.map(({ event }) => event.data['name'])).toEqual(['a', '1'])
    isAway = false
    await hooked.pass(HOUR_MS)
    expect(receiver.received.map(({ event }) => event.data['name'])).toEqual(['a', '1', '1', '2', '3'])
  })

  it('is sent once by however many senders, also where reminders come twice', async () => {
    const hooked = await hookedService()
    await hooked.addEndpoint()
    await hooked.ask('POST', '/api/keys', { name: 'a key' })
    hooked.reminded.push(...hooked.reminded, ...hooked.reminded)
    const [reminder] = hooked.reminded
    const { sendDelivery } = await import('../../src/domain/events/sending.ts')
    const id = reminder?.deliveryIds[0] ?? ''
    await Promise.all(Array.from({ length: 5 }, async () => await sendDelivery(hooked.service.deps, id)))
    await hooked.work()
    expect(hooked.receiver.received).toHaveLength(1)
  })

  it('whose reminder got lost, or whose sender was ended, goes on with the sweep', async () => {
    const hooked = await hookedService()
    const { service, receiver } = hooked
    await hooked.addEndpoint()
    await hooked.ask('POST', '/api/keys', { name: 'a key' })
    const id = hooked.reminded.splice(0)[0]?.deliveryIds[0] ?? ''
    // The database is shared with other tests: others' events may be overdue too.
    const isReminded = (): boolean => hooked.reminded.some(({ deliveryIds }) => deliveryIds.includes(id))
    await runOften(service.deps)
    expect(isReminded()).toBe(false)
    // Someone took it, and never came back.
    await service.deps.deliveryQueue.claim(id, service.clock.nowMs, 60_000)
    service.clock.nowMs += HOUR_MS / 10
    await runOften(service.deps)
    expect(isReminded()).toBe(true)
    hooked.reminded.splice(0, Infinity, { deliveryIds: [id], delaySeconds: 0, atMs: 0 })
    await hooked.work()
    expect(receiver.received).toHaveLength(1)
  })

  it('can be sent again by hand, under its id', async () => {
    const hooked = await hookedService()
    const { id } = await hooked.addEndpoint()
    await hooked.ask('POST', '/api/keys', { name: 'a key' })
    await hooked.work()
    const [delivery] = await deliveries(hooked, id)
    const path = `/api/webhooks/deliveries/${delivery?.id}/redeliver`
    expect(await hooked.answer('POST', path)).toEqual([202, { ok: true }])
    expect(await deliveries(hooked, id)).toMatchObject([{ status: 'pending' }])
    await hooked.work()
    expect(hooked.receiver.received.map((event) => event.id)).toEqual([delivery?.event_id, delivery?.event_id])
    expect((await deliveries(hooked, id))[0]?.attempts).toHaveLength(2)
    await hooked.ask('PATCH', `/api/webhooks/endpoints/${id}`, { is_active: false })
    expect(await hooked.answer('POST', path)).toEqual([409, { detail: 'Webhook endpoint is switched off or deleted' }])
    const unknown = `/api/webhooks/deliveries/${crypto.randomUUID()}/redeliver`
    expect(await hooked.answer('POST', unknown)).toEqual([404, { detail: 'Delivery not found' }])
  })
})

describe('an endpoint', () => {
  it('that took nothing for three days is switched off and says why; switched on again it is as new', async () => {
    const hooked = await hookedService()
    const { receiver, answer } = hooked
    const { id } = await hooked.addEndpoint()
    const path = `/api/webhooks/endpoints/${id}`
    receiver.answer = () => new Response('', { status: 503 })
    for (let day = 0; day < 4; day++) {
      await hooked.ask('POST', '/api/keys', { name: 'a key' })
      const [, endpoint] = await answer('GET', path)
      if (day > 0) expect(endpoint).toMatchObject({ is_active: true, failing_since: '2026-11-21T12:07:00.000Z' })
      await hooked.pass(24 * HOUR_MS)
    }
    const reason = 'The endpoint took nothing for 3 days'
    expect(await answer('GET', path)).toMatchObject([200, { is_active: false, disabled_reason: reason }])
    expect(await deliveries(hooked, id, '?status=pending')).toEqual([])
    const before = receiver.received.length
    await hooked.ask('POST', '/api/keys', { name: 'a key' })
    await hooked.pass(24 * HOUR_MS)
    expect(receiver.received).toHaveLength(before)

    receiver.answer = () => new Response('')
    const on = { is_active: true, disabled_reason: null, failing_since: null }
    expect(await answer('PATCH', path, { is_active: true })).toMatchObject([200, on])
    await hooked.ask('POST', '/api/keys', { name: 'a key' })
    await hooked.work()
    expect(receiver.received).toHaveLength(before + 1)
  })

  it('that fails now and then stays on', async () => {
    const hooked = await hookedService()
    const { id } = await hooked.addEndpoint()
    for (let day = 0; day < 5; day++) {
      hooked.receiver.answer = () => new Response('', { status: 500 })
      await hooked.ask('POST', '/api/keys', { name: 'a key' })
      await hooked.work()
      hooked.receiver.answer = () => new Response('')
      await hooked.pass(24 * HOUR_MS)
    }
    const path = `/api/webhooks/endpoints/${id}`
    expect(await hooked.answer('GET', path)).toMatchObject([200, { is_active: true, failing_since: null }])
  })

  it('that answers 410 is switched off at once', async () => {
    const hooked = await hookedService()
    const { id } = await hooked.addEndpoint()
    hooked.receiver.answer = () => new Response('', { status: 410 })
    await hooked.ask('POST', '/api/keys', { name: 'a key' })
    await hooked.work()
    const off = { is_active: false, disabled_reason: 'The endpoint answered 410 Gone' }
    expect(await hooked.answer('GET', `/api/webhooks/endpoints/${id}`)).toMatchObject([200, off])
  })

  it('has two secrets that sign while a rotation is in its grace, and one afterwards', async () => {
    const hooked = await hookedService()
    const { id, secret } = await hooked.addEndpoint()
    const [status, rotated] = await hooked.answer('POST', `/api/webhooks/endpoints/${id}/rotate`, { grace_seconds: 60 })
    const { secret: next } = rotated as { secret: string }
    expect([status, next === secret]).toEqual([200, false])
    for (let round = 0; round < 2; round++) {
      await hooked.ask('POST', '/api/keys', { name: 'a key' })
      await hooked.work()
      hooked.service.clock.nowMs += 60_000
    }
    const signed = hooked.receiver.received.map((event) => [isSignedBy(next, event), isSignedBy(secret, event)])
    expect(signed).toEqual([
      [true, true],
      [true, false],
    ])
  })

  it('can be tried: a ping goes at once, and what came back is the answer', async () => {
    const hooked = await hookedService()
    const { receiver, answer } = hooked
    const { id, secret } = await hooked.addEndpoint()
    const path = `/api/webhooks/endpoints/${id}/test`
    const taken = { response_status: 200, error: null, body_excerpt: 'thanks' }
    expect(await answer('POST', path)).toMatchObject([200, taken])
    receiver.answer = () => new Response('no', { status: 404 })
    expect(await answer('POST', path)).toMatchObject([200, { response_status: 404, error: 'Answered 404' }])
    const [ping] = receiver.received
    expect(ping?.event).toMatchObject({ type: 'ping', data: { endpoint_id: id } })
    expect(ping && isSignedBy(secret, ping)).toBe(true)
  })

  it('is asked again where it lies before each request: what is not allowed any more gets nothing', async () => {
    const hooked = await hookedService()
    const { id } = await hooked.addEndpoint()
    await env.DB.prepare('UPDATE webhook_endpoints SET url = ? WHERE id = ?').bind('https://10.0.0.1/', id).run()
    await hooked.ask('POST', '/api/keys', { name: 'a key' })
    await hooked.work()
    expect(hooked.receiver.received).toEqual([])
    const [delivery] = await deliveries(hooked, id)
    expect(delivery?.attempts).toMatchObject([{ error: 'URL must be a public host', response_status: null }])
  })

  it('on this machine is fine for a service that runs on it', async () => {
    const local = await knownCaller({ service: startService({ ...EDGE_VARIABLES, LOCAL_WEBHOOKS: 'on' }) })
    const url = 'http://localhost:3000/hook'
    expect(await local.answer('POST', '/api/webhooks/endpoints', { url })).toMatchObject([201, { url }])
  })
})

describe('the default secret', () => {
  it('is made when it is first asked for, stays, and is replaced', async () => {
    const { answer } = await hookedService()
    const path = '/api/webhooks/default-secret'
    const [, { secret }] = (await answer('GET', path)) as [number, { secret: string }]
    expect(await answer('GET', path)).toEqual([200, { secret }])
    const [, rotated] = (await answer('POST', `${path}/rotate`, {})) as [number, { secret: string }]
    expect(rotated.secret).not.toBe(secret)
    expect(await answer('GET', path)).toEqual([200, rotated])
  })

  it('is for nobody who may only read', async () => {
    const { answer } = await knownCaller({ scopes: 'webhooks:read' })
    const [status] = await answer('GET', '/api/webhooks/default-secret')
    expect(status).toBe(403)
  })
})
