// The gate and raw requests against the real service, and an engine on a real socket that says what arrived.
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  answerEarly,
  dribble,
  json,
  rawAnswer,
  readAll,
  startEngineServer,
  success,
  takeThenReset,
  type EngineBehaviour,
  type EngineServer,
} from '../support/engine-server.ts'
import { fieldPart, filmPart, FORM_TYPE, formOf } from '../support/forms.ts'
import { startLocalGate, type LocalGate } from '../support/local-gate.ts'
import { until } from '../support/until.ts'

const TIMEOUT_SECONDS = 1
const MAX_BODY_BYTES = 200_000
/** A busy machine takes its time; a gate that forgot its timeout takes for ever. */
const IN_TIME_MS = TIMEOUT_SECONDS * 1000 + 30_000

let engine: EngineServer
let gate: LocalGate
let authorization: string
let jobId: string

const follow: EngineBehaviour = readAll((request, response) => {
  const isUpload = request.url === '/api/v1/videos/upload'
  const data = isUpload ? { video_id: `vid_${crypto.randomUUID()}` } : { job_id: jobId, status: 'queued' }
  json(200, success(data))(request, response)
})

beforeAll(async () => {
  engine = await startEngineServer(follow)
  gate = await startLocalGate({
    CLIPZY_ORIGIN: engine.url,
    CLIPZY_TIMEOUT_SECONDS: String(TIMEOUT_SECONDS),
    CLIPZY_MAX_BODY_BYTES: String(MAX_BODY_BYTES),
  })
})

afterAll(async () => {
  await gate.stop()
  await engine.close()
})

beforeEach(async () => {
  engine.behave = follow
  authorization = await gate.authorization('user_wire')
  jobId = `job_${crypto.randomUUID()}`
  // Whatever a test before this one did to the circuit.
  await until(async () => (await fetch(`${gate.url}/api/v1/health`)).ok)
  await request('POST', '/api/v1/jobs', { video_id: `vid_of_${jobId}` })
  engine.begun.length = 0
  engine.arrived.length = 0
})

async function request(method: string, path: string, body?: object): Promise<{ status: number; code: unknown }> {
  const response = await fetch(gate.url + path, {
    method,
    headers: { Authorization: authorization, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer: { error?: { code?: unknown } } = await response.json()
  return { status: response.status, code: answer.error?.code }
}

/** The status of the one answer to a request written as it is. */
async function rawStatus(text: string): Promise<number> {
  const { socket, readUntil } = gate.raw(text)
  const answer = await readUntil(/\r\n\r\n/)
  socket.destroy()
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])
}

const head = (line: string, ...headers: string[]) =>
  [line, 'Host: gate.example', `Authorization: ${authorization}`, ...headers, '', ''].join('\r\n')

const UPLOAD = 'POST /api/v1/videos/upload HTTP/1.1'
const FORM = `Content-Type: ${FORM_TYPE}`

const inChunk = (body: string): string => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`

describe('a request target', () => {
  it.each([
    '/api/v1/../admin',
    '/api/v1/%2e%2e/admin',
    '/api/v1/..%2fadmin',
    '/api/v1/%252e%252e/admin',
    '/api/v1/..%5cadmin',
    '/api/v1/..\\admin',
    '/api/v1//jobs/{id}',
    '//api/v1/jobs/{id}',
    '//evil.example/api/v1/jobs/{id}',
    '/api/v1/jobs/{id}/..',
    '/api/v1/jobs/{id}/.',
    '/api/v1/..;/jobs/{id}',
    '/api/v1/jobs/{id}%00',
    '/api/v1/jobs/{id}%0d%0aX:%20y',
    '/api/v1/jobs/%c0%ae%c0%ae',
    '/%61pi/v1/jobs/{id}',
    '/api/v1/%6aobs/{id}',
    '/api/v1/jobs%2f{id}',
    '/api/v1/admin',
    '@evil.example/api/v1/jobs/{id}',
  ])('%s never reaches the engine', async (target) => {
    const status = await rawStatus(head(`GET ${target.replace('{id}', jobId)} HTTP/1.1`))
    expect([400, 404]).toContain(status)
    expect(engine.begun).toEqual([])
  })

  it.each([
    ['in absolute form', 'http://evil.example/api/v1/jobs/{id}'],
    ['with a dot segment', '/api/v1/./jobs/{id}'],
  ])('%s is the path it names, at the engine’s own address', async (_case, target) => {
    const spoofed = ['X-Forwarded-Host: evil.example', 'X-Original-URL: /admin', 'X-Rewrite-URL: /admin']
    expect(await rawStatus(head(`GET ${target.replace('{id}', jobId)} HTTP/1.1`, ...spoofed))).toBe(200)
    await until(() => engine.arrived.length === 1)
    expect(engine.arrived[0]).toMatchObject({ method: 'GET', target: `/api/v1/jobs/${jobId}` })
    expect(engine.arrived[0]?.headers.host).toBe(new URL(engine.url).host)
  })
})

describe('headers', () => {
  it('reach the engine only from a short list', async () => {
    const noise = ['Cookie: a=1', 'X_Lynxgate_User: other', 'X-Lynxgate-User: other', 'Connection: x-lynxgate-user']
    await rawStatus(head(`GET /api/v1/jobs/${jobId} HTTP/1.1`, ...noise, 'X-Forwarded-For: 198.51.100.1', 'TE: gzip'))
    await until(() => engine.arrived.length === 1)
    const { headers } = engine.arrived[0] ?? { headers: {} }
    // The runtime adds its own name and the connection's headers; nothing of the caller's is in them.
    expect(Object.keys(headers).sort()).toEqual([
      'cf-worker',
      'host',
      'traceparent',
      'x-forwarded-for',
      'x-lynxgate-assertion',
      'x-lynxgate-user',
      'x-request-id',
    ])
    expect(JSON.stringify(headers)).not.toMatch(/other|198\.51\.100\.1|lvz_live_|Bearer|a=1/)
  })

  it('and methods of other protocols do not', async () => {
    expect(await rawStatus(head(`TRACE /api/v1/jobs/${jobId} HTTP/1.1`))).toBe(405)
    // The local runtime makes a GET of any upgrade before the service sees it; here that is the list.
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket']
    expect([200, 400]).toContain(await rawStatus(head('POST /api/v1/jobs HTTP/1.1', ...upgrade)))
    expect(engine.begun).toEqual([])
  })
})

describe('a body with two lengths', () => {
  it('is one request to the engine, and the rest of it none', async () => {
    const form = formOf(filmPart(`GET /admin HTTP/1.1\r\nHost: engine\r\n\r\n`))
    const chunk = inChunk(form)
    const lengths = ['Content-Length: 4', 'Transfer-Encoding: chunked']
    await rawStatus(head(UPLOAD, FORM, ...lengths) + chunk)
    await until(() => engine.arrived.length === 1)
    expect(engine.begun).toEqual(['POST /api/v1/videos/upload'])
    expect(engine.arrived[0]?.body.toString()).toBe(form)
  })
})

describe('a body over the limit', () => {
  const frameBytes = formOf(filmPart('')).length
  const formBytes = (length: number): string => formOf(filmPart('x'.repeat(length - frameBytes)))

  it('with a length is refused before the engine hears of it', async () => {
    const body = formBytes(MAX_BODY_BYTES + 1)
    expect(await rawStatus(head(UPLOAD, FORM, `Content-Length: ${body.length}`) + body)).toBe(413)
    expect(engine.begun).toEqual([])
  })

  it('in chunks is 413, and the engine’s request is broken off instead of ended', async () => {
    const text = inChunk(formBytes(MAX_BODY_BYTES + 1))
    expect(await rawStatus(head(UPLOAD, FORM, 'Transfer-Encoding: chunked') + text)).toBe(413)
    await until(() => engine.arrived.length === engine.begun.length)
    expect(engine.begun).toHaveLength(1)
    expect(engine.arrived.filter(({ isWhole }) => isWhole)).toEqual([])
  })

  it('by no byte passes', async () => {
    const body = formBytes(MAX_BODY_BYTES)
    expect(await rawStatus(head(UPLOAD, FORM, 'Transfer-Encoding: chunked') + inChunk(body))).toBe(200)
    await until(() => engine.arrived.length === 1)
    expect(engine.arrived[0]?.isWhole).toBe(true)
    // A matcher would look at every byte for seconds.
    expect(engine.arrived[0]?.body.equals(Buffer.from(body))).toBe(true)
  })
})

describe('a form that parsers could read in different ways', () => {
  const film = filmPart('x'.repeat(100_000))

  it.each([
    ['with a length', (body: string) => head(UPLOAD, FORM, `Content-Length: ${body.length}`) + body],
    ['in chunks', (body: string) => head(UPLOAD, FORM, 'Transfer-Encoding: chunked') + inChunk(body)],
  ])('F1: that is short never reaches the engine, %s', async (_case, write) => {
    for (const body of [`${formOf(filmPart())}x`, formOf(filmPart()).slice(0, -6), `\r\n${formOf(filmPart())}`]) {
      expect(await rawStatus(write(body))).toBe(422)
    }
    expect(engine.begun).toEqual([])
  })

  it.each([
    ['an epilogue', `${formOf(film)}x`],
    ['no end', formOf(film).slice(0, -6)],
    ['a field in two ways', formOf(film, fieldPart('Template_Video_Id', 'vid_1'))],
  ])('F1: that is long is broken off instead of ended: %s', async (_case, body) => {
    expect(await rawStatus(head(UPLOAD, FORM, 'Transfer-Encoding: chunked') + inChunk(body))).toBe(422)
    await until(() => engine.arrived.length === engine.begun.length)
    expect(engine.begun).toHaveLength(1)
    expect(engine.arrived.filter(({ isWhole }) => isWhole)).toEqual([])
  })
})

describe('a form that names another user’s video after its film', () => {
  it('never arrives whole', async () => {
    const videoId = `vid_${crypto.randomUUID()}`
    engine.behave = readAll(json(200, success({ video_id: videoId })))
    const send = async (sender: string) => {
      const form = new FormData()
      form.set('file', new Blob(['x'.repeat(100_000)]), 'film.mp4')
      form.set('template_video_id', videoId)
      const headers = { Authorization: await gate.authorization(sender) }
      return (await fetch(`${gate.url}/api/v1/videos/upload`, { method: 'POST', headers, body: form })).status
    }
    expect(await send('user_owner')).toBe(200)
    expect(await send('user_stranger')).toBe(403)
    await until(() => engine.arrived.length === engine.begun.length)
    expect(engine.arrived.filter(({ isWhole }) => isWhole)).toHaveLength(1)
  })
})

describe('a client that goes away', () => {
  const begun = formOf(filmPart('x'.repeat(70_000))).slice(0, -6)
  const chunk = `${begun.length.toString(16)}\r\n${begun}\r\n`

  it.each([
    ['in the middle of a length', 'Content-Length: 100000', begun, 'reset'],
    ['in the middle of chunks', 'Transfer-Encoding: chunked', chunk, 'reset'],
    ['with a clean end in the middle of chunks', 'Transfer-Encoding: chunked', chunk, 'end'],
  ] as const)('%s takes its request back from the engine', async (_case, header, part, end) => {
    const { socket } = gate.raw(head(UPLOAD, FORM, header) + part)
    await until(() => engine.begun.length === 1)
    if (end === 'reset') socket.resetAndDestroy()
    else socket.end()
    await until(() => engine.arrived.length === 1)
    expect(engine.arrived[0]?.isWhole).toBe(false)
    expect(engine.begun).toHaveLength(1)
  })

  it('after its body was sent owns the job all the same', async () => {
    let answer = (): void => undefined
    engine.behave = readAll((_request, response) => {
      answer = () => json(200, success({ job_id: jobId, status: 'queued' }))(_request, response)
    })
    jobId = `job_${crypto.randomUUID()}`
    const body = '{"video_id":"vid_left"}'
    const line = 'POST /api/v1/jobs HTTP/1.1'
    const lengths = ['Content-Type: application/json', `Content-Length: ${body.length}`]
    const { socket } = gate.raw(head(line, ...lengths) + body)
    await until(() => engine.begun.length === 1)
    socket.resetAndDestroy()
    await new Promise((resolve) => socket.once('close', resolve))
    answer()
    await until(async () => {
      const headers = { Authorization: authorization }
      return (await (await fetch(`${gate.url}/api/v1/jobs?page_size=100`, { headers })).text()).includes(jobId)
    })
  })
})

describe('an engine that compresses its answer', () => {
  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('F18: is heard though it was not asked to: %s', async (coding, compress) => {
    engine.behave = readAll((_request, response) => {
      const body = compress(JSON.stringify(success({ job_id: jobId, status: 'processing' })))
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': coding }).end(body)
    })
    expect(await request('GET', `/api/v1/jobs/${jobId}`)).toEqual({ status: 200, code: undefined })
  })
})

describe('an engine that fails', () => {
  const BIG_HEADERS = `HTTP/1.1 200 OK\r\n${`X-Big: ${'a'.repeat(65_000)}\r\n`.repeat(160)}Content-Length: 2\r\n\r\n{}`
  const START = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
  const cases: readonly [string, EngineBehaviour, number, string, number][] = [
    ['by a reset before its status line', rawAnswer('', 'reset'), 503, 'SERVICE_UNAVAILABLE', 2],
    ['by closing without a word', rawAnswer('', 'close'), 503, 'SERVICE_UNAVAILABLE', 2],
    ['by speaking no HTTP', rawAnswer('hello\r\n\r\n', 'close'), 503, 'SERVICE_UNAVAILABLE', 2],
    ['by headers of 10 MB', rawAnswer(BIG_HEADERS, 'hang'), 503, 'SERVICE_UNAVAILABLE', 2],
    ['by saying nothing', rawAnswer('', 'hang'), 504, 'GATEWAY_TIMEOUT', 1],
    ['by headers a byte at a time', dribble(`${START}X: ${'y'.repeat(9999)}`, 100), 504, 'GATEWAY_TIMEOUT', 1],
    [
      'by half a length',
      rawAnswer(`${START}Content-Length: 99\r\n\r\n{"success":true`, 'close'),
      502,
      'BAD_GATEWAY',
      2,
    ],
    [
      'by half its chunks',
      rawAnswer(`${START}Transfer-Encoding: chunked\r\n\r\n5\r\n{"suc\r\n`, 'close'),
      502,
      'BAD_GATEWAY',
      2,
    ],
    ['by never ending its body', rawAnswer(`${START}Content-Length: 99\r\n\r\n{"suc`, 'hang'), 502, 'BAD_GATEWAY', 1],
    ['by HTML', rawAnswer('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>', 'close'), 502, 'BAD_GATEWAY', 1],
    [
      'by a redirect',
      rawAnswer('HTTP/1.1 302 F\r\nLocation: /admin\r\nContent-Length: 0\r\n\r\n', 'close'),
      502,
      'BAD_GATEWAY',
      1,
    ],
  ]

  it.each(cases)('%s is told in time, GET', async (_case, behaviour, status, code, attempts) => {
    engine.behave = behaviour
    const startMs = performance.now()
    expect(await request('GET', `/api/v1/jobs/${jobId}`)).toEqual({ status, code })
    expect(performance.now() - startMs).toBeLessThan(IN_TIME_MS)
    expect(engine.begun).toHaveLength(attempts)
  })

  it('F45: by a reset in its answer is told as one that was cut short, or as none when the reset was quicker', async () => {
    engine.behave = rawAnswer(`${START}Content-Length: 99\r\n\r\n{"success":true`, 'reset')
    for (const [method, path, body] of [
      ['GET', `/api/v1/jobs/${jobId}`, undefined],
      ['POST', '/api/v1/jobs', { video_id: 'vid_reset' }],
    ] as const) {
      expect([
        { status: 502, code: 'BAD_GATEWAY' },
        { status: 503, code: 'SERVICE_UNAVAILABLE' },
      ]).toContainEqual(await request(method, path, body))
    }
  })

  it.each(cases)('%s is told in time, and a POST arrives exactly once', async (_case, behaviour, status, code) => {
    engine.behave = (incoming, response) => readAll(behaviour)(incoming, response)
    const startMs = performance.now()
    expect(await request('POST', '/api/v1/jobs', { video_id: 'vid_once' })).toEqual({ status, code })
    expect(performance.now() - startMs).toBeLessThan(IN_TIME_MS)
    expect(engine.begun).toEqual(['POST /api/v1/jobs'])
  })

  it('by not being there is a 503 at once, for an upload too', async () => {
    await engine.close()
    const startMs = performance.now()
    const answer = await request('POST', '/api/v1/jobs', { video_id: 'vid_none' })
    const upload = await sendUpload()
    const tookMs = performance.now() - startMs
    await engine.open()
    expect(answer).toEqual({ status: 503, code: 'SERVICE_UNAVAILABLE' })
    expect(upload).toMatch(/^HTTP\/1\.1 503 [^]*SERVICE_UNAVAILABLE/)
    expect(tookMs).toBeLessThan(IN_TIME_MS)
  })
})

const FORM_BYTES = 190_000
/** More than the gate takes for the proof of a connection, 64 KiB twice at most, and less than the client sends. */
const TAKEN_BYTES = 140_000

/** The whole answer to an upload of which the client sends so much and then waits. */
async function sendUpload(sentBytes = FORM_BYTES): Promise<string> {
  const frameBytes = formOf(filmPart('')).length
  const form = formOf(filmPart('x'.repeat(FORM_BYTES - frameBytes)))
  const { socket, readUntil } = gate.raw(head(UPLOAD, FORM, `Content-Length: ${FORM_BYTES}`) + form.slice(0, sentBytes))
  const answer = await readUntil(/"code":"\w+"/)
  socket.destroy()
  return answer
}

describe('an engine that answers before it has taken the upload', () => {
  const error = { detail: 'File size is too large', code: 'FILE_TOO_LARGE' }
  const refusal = { success: false, message: 'No', error }
  const HEARD = /^HTTP\/1\.1 413 [^]*FILE_TOO_LARGE/
  const CUT_SHORT = /^HTTP\/1\.1 502 [^]*Engine gave no usable answer/
  const CLOSED = /^HTTP\/1\.1 502 [^]*Engine closed the connection during the upload/

  it.each([
    ['waits for it', 100_000],
    ['sends on', FORM_BYTES],
  ])('F45: and ends as RFC 9112 asks is heard by a client that %s', async (_case, sentBytes) => {
    engine.behave = answerEarly(413, refusal)
    expect(await sendUpload(sentBytes)).toMatch(HEARD)
  })

  it('F45: and resets the connection is heard, or its end is told: over some of the answer, or over none', async () => {
    engine.behave = takeThenReset(TAKEN_BYTES, [413, refusal])
    const answer = await sendUpload()
    expect(
      [HEARD, CUT_SHORT, CLOSED].filter((known) => known.test(answer)),
      answer,
    ).toHaveLength(1)
    expect(engine.begun).toEqual(['POST /api/v1/videos/upload'])
  })

  it('F45: has that outcome when it resets without an answer, as often as any caller likes', async () => {
    engine.behave = takeThenReset(TAKEN_BYTES)
    for (let times = 0; times < 6; times++) expect(await sendUpload()).toMatch(CLOSED)
    expect(engine.begun).toHaveLength(6)
    // Six engines that are away would have opened the circuit.
    engine.behave = follow
    expect(await request('GET', `/api/v1/jobs/${jobId}`)).toMatchObject({ status: 200 })
  })
})
