// The client against the real service: what a program gets, and what it is told when something is wrong.
import { describe, expect, it } from 'vitest'
import { createClient, LynxgateError, type Client, type PartsState } from '../../src/client/client.ts'
import { makeKey } from '../support/callers.ts'
import { env } from '../support/env.ts'
import { EDGE_VARIABLES } from '../support/media.ts'
import { ORIGIN, startService, type Service } from '../support/service.ts'

async function connect(service: Service = startService()): Promise<{ client: Client; userId: string; key: string }> {
  const { rawKey, userId } = await makeKey()
  return { client: clientOf(service, rawKey), userId, key: rawKey }
}

function clientOf(service: Service, key: string): Client {
  return createClient({
    baseUrl: ORIGIN,
    key,
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers)
      // As a network does.
      if (init?.body instanceof Uint8Array) headers.set('Content-Length', String(init.body.byteLength))
      return await service.request(new Request(input).url, { ...init, headers })
    },
  })
}

/** Answers these in turn, and keeps what was asked. */
function scripted(...answers: (Response | Error)[]) {
  const asked: { url: string; init: RequestInit | undefined }[] = []
  const send: typeof fetch = async (input, init) => {
    asked.push({ url: new Request(input).url, init })
    const answer = answers.shift()
    if (answer === undefined) throw new Error('asked once too often')
    if (answer instanceof Error) throw answer
    return answer
  }
  const waits: number[] = []
  const client = createClient({
    baseUrl: 'https://api.example.com',
    key: 'lvz_live_x',
    fetch: send,
    pause: async (milliseconds, signal) => {
      waits.push(milliseconds)
      signal?.throwIfAborted()
    },
  })
  return { asked, waits, client }
}

const busy = (status: number) =>
  Response.json({ detail: 'Too many requests' }, { status, headers: { 'Retry-After': '0' } })

describe('createClient', () => {
  it('calls operations by their ids, with path, query and body from one object', async () => {
    const { client, userId } = await connect()
    expect(await client.getCaller()).toMatchObject({ user_id: userId, auth_type: 'api_key' })
    const made = await client.createApiKey({ name: 'laptop' })
    expect(made.raw_key).toMatch(/^lvz_live_/)
    expect(await client.updateApiKey({ key_id: made.id, name: 'desk' })).toMatchObject({ id: made.id, name: 'desk' })
    expect((await client.listApiKeys()).map((key) => key.id)).toContain(made.id)
    expect(await client.deleteApiKey({ key_id: made.id })).toEqual({ ok: true })
  })

  it('walks through all pages of videos and of files', async () => {
    const { client, userId } = await connect()
    for (const name of ['a', 'b', 'c']) {
      await env.MEDIA.put(`users/${userId}/${name}.mp4`, name)
      await client.registerUpload({ file_path: `${name}.mp4` })
    }
    const names: string[] = []
    for await (const video of client.eachVideo({ limit: 2 })) names.push(video.name)
    expect(names.sort()).toEqual(['a.mp4', 'b.mp4', 'c.mp4'])
    const keys: string[] = []
    for await (const file of client.eachFile({ limit: 1 })) keys.push(file.key)
    expect(keys).toEqual(['a', 'b', 'c'].map((name) => `users/${userId}/${name}.mp4`))
  })

  it('gives a refusal as an error with status, code, detail and request id', async () => {
    const { client } = await connect()
    const error = await client.getVideo({ job_id: crypto.randomUUID() }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(LynxgateError)
    expect(error).toMatchObject({ status: 404, code: 'NOT_FOUND', detail: 'Video not found' })
    expect(error).toHaveProperty('requestId', expect.stringMatching(/^[0-9a-f-]{36}$/))
  })

  it('reads the errors of the engine’s gate', async () => {
    const { client } = await connect()
    await expect(client.listJobs({ page: 0 })).rejects.toMatchObject({ status: 422, code: 'VALIDATION_ERROR' })
  })

  it('sends what has to be encoded encoded, and a missing path parameter nowhere', async () => {
    const { client, asked } = scripted(Response.json({ ok: true }))
    await client.deleteApiKey({ key_id: 'a/../b?c' })
    expect(asked[0]?.url).toBe('https://api.example.com/api/keys/a%2F..%2Fb%3Fc')
    await expect(client.getVideo({ job_id: '' })).rejects.toThrow('job_id: is required')
    expect(asked).toHaveLength(1)
  })

  it('asks for a session token before each request', async () => {
    const tokens = ['one', 'two']
    const seen: (string | null)[] = []
    const client = createClient({
      baseUrl: 'https://api.example.com',
      getToken: async () => tokens.shift() ?? null,
      fetch: async (_, init) => {
        seen.push(new Headers(init?.headers).get('Authorization'))
        return Response.json([])
      },
    })
    await client.listApiKeys()
    await client.listApiKeys()
    await expect(client.listApiKeys()).rejects.toMatchObject({ status: 401, code: 'UNAUTHORIZED' })
    expect(seen).toEqual(['Bearer one', 'Bearer two'])
  })

  it.each([
    ['an error page', new Response('<html>Bad gateway</html>', { status: 502 }), 502],
    ['a page', new Response('<html>Welcome</html>'), 200],
    ['JSON of another service', Response.json({ error: 'no route' }, { status: 404 }), 404],
  ])('tells the answer of a proxy or of another service from a refusal: %s', async (_, answer, status) => {
    const { client } = scripted(answer)
    await expect(client.createApiKey({ name: 'x' })).rejects.toMatchObject({ status, code: 'NOT_LYNXGATE' })
  })

  it('says that an answer broke off, and repeats a reading call', async () => {
    const broken = () =>
      new Response(
        new ReadableStream({
          pull: (stream) => stream.error(new Error('reset')),
        }),
      )
    const { client, asked } = scripted(broken(), Response.json([]), broken())
    expect(await client.listApiKeys()).toEqual([])
    expect(asked).toHaveLength(2)
    await expect(client.createApiKey({ name: 'x' })).rejects.toMatchObject({
      status: undefined,
      code: 'NETWORK',
      detail: 'https://api.example.com broke off its answer',
    })
  })

  it('follows no redirect with its credential', async () => {
    const { client, asked } = scripted(
      new Response(null, { status: 302, headers: { Location: 'https://evil.example' } }),
    )
    await expect(client.getCaller()).rejects.toMatchObject({ status: 302 })
    expect(asked[0]?.init?.redirect).toBe('manual')
  })
})

describe('repeating', () => {
  it('waits and repeats what was refused for being too much, whatever the method', async () => {
    const { client, asked } = scripted(busy(429), Response.json({ id: 'x' }, { status: 201 }))
    await client.createApiKey({ name: 'x' })
    expect(asked).toHaveLength(2)
  })

  it('waits as long as the service asks, and longer each time where it does not', async () => {
    const asks = Response.json({ detail: 'x' }, { status: 503, headers: { 'Retry-After': '7' } })
    const { client, waits } = scripted(asks, new TypeError('reset'), new TypeError('reset'), Response.json([]))
    await client.listApiKeys()
    expect(waits[0]).toBe(7000)
    expect(waits[1]).toBeGreaterThanOrEqual(500)
    expect(waits[1]).toBeLessThanOrEqual(1000)
    expect(waits[2]).toBeGreaterThanOrEqual(1000)
  })

  it('waits until the date that the service names, and no negative time', async () => {
    const until = (date: string) => Response.json({ detail: 'x' }, { status: 503, headers: { 'Retry-After': date } })
    const soon = new Date(Date.now() + 30_000).toUTCString()
    const { client, waits } = scripted(until(soon), until('Thu, 01 Jan 1970 00:00:00 GMT'), Response.json([]))
    await client.listApiKeys()
    expect(waits[0]).toBeGreaterThan(20_000)
    expect(waits[1]).toBeLessThanOrEqual(1000)
  })

  it('repeats a reading call through 503 and a broken connection', async () => {
    const { client, asked } = scripted(busy(503), new TypeError('reset'), Response.json([]))
    await client.listApiKeys()
    expect(asked).toHaveLength(3)
  })

  it.each([busy(503), new TypeError('reset')])('sends a POST once when it may have been done: %s', async (answer) => {
    const { client, asked } = scripted(answer)
    await expect(client.createApiKey({ name: 'x' })).rejects.toBeInstanceOf(LynxgateError)
    expect(asked).toHaveLength(1)
  })

  it('repeats no other refusal', async () => {
    const { client, asked } = scripted(Response.json({ detail: 'x' }, { status: 500 }))
    await expect(client.listApiKeys()).rejects.toMatchObject({ status: 500 })
    expect(asked).toHaveLength(1)
  })

  it('ends with the signal, in the middle of a wait too', async () => {
    const ending = new AbortController()
    const client = createClient({
      baseUrl: 'https://api.example.com',
      fetch: async () => {
        queueMicrotask(() => ending.abort(new Error('enough')))
        return Response.json({ detail: 'x' }, { status: 429, headers: { 'Retry-After': '60' } })
      },
    })
    await expect(client.listApiKeys({}, { signal: ending.signal })).rejects.toThrow('enough')
  })

  it('says which service cannot be reached, and no credential', async () => {
    const failures = Array.from({ length: 4 }, () => new TypeError('reset'))
    const { client } = scripted(...failures)
    const error = await client.getHealth().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      status: undefined,
      code: 'NETWORK',
      detail: 'https://api.example.com cannot be reached',
    })
    expect(String(error)).not.toContain('lvz_live')
  })
})

describe('upload', () => {
  it('presigns, sends and tells how far it is', async () => {
    const service = startService({ DELIVERY: 'edge', R2_ACCESS_KEY_ID: '', EDGE_SIGNING_SECRET: 'x'.repeat(32) })
    const { client, userId } = await connect(service)
    const progress: number[] = []
    const body = new TextEncoder().encode('#EXTM3U')
    const stored = await client.upload({
      key: `users/${userId}/hls/a.m3u8`,
      body,
      contentType: 'application/vnd.apple.mpegurl',
      onProgress: (sent) => progress.push(sent),
    })
    expect(stored.file_path).toBe(`users/${userId}/hls/a.m3u8`)
    expect(await (await env.MEDIA.get(stored.file_path))?.text()).toBe('#EXTM3U')
    expect(progress.at(-1)).toBe(body.byteLength)
  })

  it('gives a refused upload as an error without the presigned URL', async () => {
    const signed = { upload_url: 'https://s3.example.com/k?X-Amz-Signature=secret', file_path: 'k' }
    const { client } = scripted(
      Response.json(signed),
      Response.json({ detail: 'Presigned URL has expired' }, { status: 403 }),
    )
    const call = client.upload({ key: 'k.mp4', body: new Uint8Array(1), contentType: 'video/mp4' })
    const error = await call.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ status: 403, detail: 'Presigned URL has expired' })
    expect(String(error)).not.toContain('Signature')
  })

  it('tells no word of an S3 endpoint, whose answer may quote the URL', async () => {
    const xml = '<Error><Code>AccessDenied</Code><Resource>/k?X-Amz-Signature=secret</Resource></Error>'
    const { client } = scripted(
      Response.json({ upload_url: 'https://s3.example.com/k?X-Amz-Signature=secret', file_path: 'k' }),
      new Response(xml, { status: 403 }),
    )
    const call = client.upload({ key: 'k.mp4', body: new Uint8Array(1), contentType: 'video/mp4' })
    await expect(call).rejects.toMatchObject({
      status: 403,
      code: 'FORBIDDEN',
      message: '403 The bucket refuses the upload',
    })
  })
})

describe('upload of an object over 100 MB', () => {
  it('F37: goes in parts, tries a failed one again, and goes on where it stopped', async () => {
    const service = startService(EDGE_VARIABLES)
    const { rawKey, userId } = await makeKey()
    const puts: string[] = []
    let failing = 0
    const client = createClient({
      baseUrl: ORIGIN,
      key: rawKey,
      pause: async () => undefined,
      fetch: async (input, init) => {
        const { url } = new Request(input)
        const headers = new Headers(init?.headers)
        if (init?.body instanceof Uint8Array) headers.set('Content-Length', String(init.body.byteLength))
        if (init?.method !== 'PUT') return await service.request(url, { ...init, headers })
        puts.push(new URL(url).searchParams.get('partNumber') ?? 'whole')
        if (failing-- > 0) return Response.json({ detail: 'away' }, { status: 503 })
        return await service.request(url, { ...init, headers })
      },
    })
    const body = new Uint8Array(100_000_001)
    body[64 * 1024 ** 2] = 7
    const states: PartsState[] = []
    const stop = new AbortController()
    const input = { key: 'large.mp4', body, contentType: 'video/mp4' }
    const onState = (state: PartsState): void => {
      states.push(state)
      if (Object.keys(state.etags).length === 1) stop.abort(new Error('enough'))
    }
    await expect(client.upload({ ...input, onState }, { signal: stop.signal })).rejects.toThrow('enough')
    const resume = states.find((state) => Object.keys(state.etags).length === 1)
    const [known = ''] = Object.keys(resume?.etags ?? {})

    puts.length = 0
    failing = 1
    const progress: number[] = []
    const onProgress = (bytes: number): void => void progress.push(bytes)
    expect(await client.upload({ ...input, onProgress, ...(resume && { resume }) })).toEqual({
      file_path: `users/${userId}/large.mp4`,
    })
    const other = known === '1' ? '2' : '1'
    expect(puts).toEqual([other, other])
    expect(progress.at(-1)).toBe(body.byteLength)
    const object = await env.MEDIA.get(`users/${userId}/large.mp4`, { range: { offset: 64 * 1024 ** 2, length: 1 } })
    expect(object?.size).toBe(body.byteLength)
    expect(new Uint8Array((await object?.arrayBuffer()) ?? [])).toEqual(new Uint8Array([7]))

    // Completed, and nobody was left to note it.
    puts.length = 0
    expect(await client.upload({ ...input, ...(resume && { resume }) })).toEqual({
      file_path: `users/${userId}/large.mp4`,
    })
    expect(puts).toEqual([])
    // Ended, without an object: from the beginning.
    await env.MEDIA.delete(`users/${userId}/large.mp4`)
    await client.upload({ ...input, ...(resume && { resume }) })
    expect(puts.toSorted()).toEqual(['1', '2'])
    expect((await env.MEDIA.head(`users/${userId}/large.mp4`))?.size).toBe(body.byteLength)
  })
})
