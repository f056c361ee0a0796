// Private films through HTTP: one token begins a viewing, the session in the path carries it, and it can be ended.
import { base64url, exportSPKI, importJWK, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { hex } from '../../src/core/bytes.ts'
import { env } from '../support/env.ts'
import { knownCaller, type KnownCaller } from '../support/known-caller.ts'
import { EDGE_VARIABLES, numberedBytes, PREVIOUS_SECRET, SECRET } from '../support/media.ts'
import { registerSigner, type TestSigner } from '../support/playback-tokens.ts'
import { ORIGIN, startService, type Service } from '../support/service.ts'
import { makeVideo, type TestVideo } from '../support/videos.ts'

const MULTIVARIANT =
  '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=640x360\nlow/v.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2\na b/v.m3u8?x=1\n'
const MEDIA =
  '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXT-X-KEY:METHOD=AES-128,URI="../k.key"\n#EXTINF:6,\nseg-1.ts\n#EXT-X-ENDLIST\n'
const SEGMENT = numberedBytes(188 * 10)

interface Scene {
  readonly service: Service
  readonly caller: KnownCaller
  readonly film: TestVideo
  readonly signer: TestSigner
  readonly entry: string
  readonly token: (claims?: Record<string, unknown>, header?: Record<string, unknown>) => Promise<string>
  readonly open: (token?: string, init?: RequestInit) => Promise<Response>
  /** The prefix of a new viewing, `/v/<session>/`. */
  readonly begin: (claims?: Record<string, unknown>) => Promise<string>
}

async function scene({
  variables = EDGE_VARIABLES,
  entry = MULTIVARIANT,
  alg,
}: {
  variables?: Readonly<Record<string, string>>
  entry?: string
  alg?: 'EdDSA' | 'ES256' | 'RS256'
} = {}): Promise<Scene> {
  const service = startService(variables)
  const caller = await knownCaller({ service })
  const film = await makeVideo({ userId: caller.key.userId, playback: 'private' })
  await film.putStreamFile('index.m3u8', entry)
  await film.putStreamFile('low/v.m3u8', MEDIA)
  await film.putStreamFile('low/seg-1.ts', SEGMENT)
  await film.putStreamFile('k.key', new Uint8Array(16))
  const signer = await registerSigner(caller, alg)
  const address = `/api/playback/stream/${film.jobId}/index.m3u8`
  const token = async (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
    await signer.sign({ sub: film.jobId, ...claims }, header)
  const open = async (given?: string, init: RequestInit = {}) =>
    await service.request(given === undefined ? address : `${address}?token=${given}`, init)
  return {
    service,
    caller,
    film,
    signer,
    entry: address,
    token,
    open,
    async begin(claims) {
      const response = await open(await token(claims))
      if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
      const prefix = /\/v\/[A-Za-z0-9_-]{82}\//.exec(await response.text())?.[0]
      if (prefix === undefined) throw new Error('no session')
      return prefix
    },
  }
}

const detailOf = async (response: Response): Promise<[number, unknown]> => [
  response.status,
  response.status < 400 ? undefined : (await response.json<{ detail: string }>()).detail,
]

describe('a private film', () => {
  it('is a 403 without a token, in every way to it, and a player on another page may read why', async () => {
    const { service, film, open } = await scene()
    const required = [403, 'Playback token is required']
    expect(await detailOf(await open())).toEqual(required)
    for (const path of [
      `/api/playback/stream/${film.jobId}`,
      `/api/playback/stream/${film.jobId}/low/v.m3u8`,
      `/api/playback/thumbnail/${film.jobId}`,
      `/api/playback/direct?job_id=${film.jobId}`,
      `/api/playback/direct?path=${film.storagePath}`,
      `/watch/${film.jobId}`,
    ]) {
      expect(await detailOf(await service.request(path)), path).toEqual(required)
      expect((await service.request(path, { method: 'HEAD' })).status, path).toBe(403)
    }
    const response = await open(undefined, { headers: { Origin: 'https://player.example' } })
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*')
  })

  it('is hidden at once here when it was public, hot texts and all', async () => {
    const { service, caller, film, entry } = await scene()
    await caller.answer('PATCH', `/api/videos/${film.jobId}`, { playback: 'public' })
    expect((await service.request(entry)).status).toBe(200)
    expect((await service.request(entry)).status).toBe(200)
    expect(await caller.answer('PATCH', `/api/videos/${film.jobId}`, { playback: 'private' })).toMatchObject([
      200,
      { playback: 'private' },
    ])
    expect((await service.request(entry)).status).toBe(403)
    expect((await service.request(`/api/playback/stream/${film.jobId}/low/v.m3u8`)).status).toBe(403)
  })

  it('needs a secret: without one it cannot be made, and says so', async () => {
    const caller = await knownCaller({ service: startService() })
    const film = await makeVideo({ userId: caller.key.userId })
    const refusal = [503, { detail: 'Private playback needs EDGE_SIGNING_SECRET' }]
    expect(await caller.answer('PATCH', `/api/videos/${film.jobId}`, { playback: 'private' })).toEqual(refusal)
    const hidden = await makeVideo({ playback: 'private' })
    expect((await caller.service.request(`/api/playback/stream/${hidden.jobId}?token=a.b.c`)).status).toBe(503)
    expect(await caller.answer('POST', '/api/playback/tokens', { job_id: hidden.jobId })).toEqual(refusal)
  })
})

describe('a viewing', () => {
  it.each(['EdDSA', 'ES256', 'RS256'] as const)('begins with a token signed by %s', async (alg) => {
    const { open, token } = await scene({ alg })
    expect((await open(await token())).status).toBe(200)
  })

  it('is an entry playlist whose children lie below the session, kept by no cache', async () => {
    const { open, token } = await scene()
    const response = await open(await token())
    const text = await response.text()
    const [prefix = ''] = /\/v\/[A-Za-z0-9_-]{82}\//.exec(text) ?? []
    expect(text).toBe(MULTIVARIANT.replace('low/v', `${prefix}low/v`).replace('a b/v', `${prefix}a%20b/v`))
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(response.headers.get('Content-Type')).toBe('application/vnd.apple.mpegurl')
  })

  it('goes on from a media playlist by a redirect', async () => {
    const { open, token, service } = await scene({ entry: MEDIA.replace('../k', 'k') })
    const response = await open(await token())
    expect(response.status).toBe(302)
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    const location = response.headers.get('Location') ?? ''
    expect(location).toMatch(/^\/v\/[A-Za-z0-9_-]{82}\/index\.m3u8$/)
    expect(await (await service.request(location)).text()).toBe(MEDIA.replace('../k', 'k'))
  })

  it('reaches every file by relative names: playlists as stored, bytes with ranges, keys uncached', async () => {
    const { begin, service } = await scene()
    const prefix = await begin()
    const playlist = await service.request(`${prefix}low/v.m3u8`)
    expect(await playlist.text()).toBe(MEDIA)
    const part = await service.request(`${prefix}low/seg-1.ts`, { headers: { Range: 'bytes=188-375' } })
    expect(part.status).toBe(206)
    expect(part.headers.get('Content-Type')).toBe('video/mp2t')
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(SEGMENT.slice(188, 376))
    const key = await service.request(`${prefix}k.key`)
    expect(key.headers.get('Cache-Control')).toBe('no-store')
    expect((await key.arrayBuffer()).byteLength).toBe(16)
    const etag = playlist.headers.get('ETag') ?? ''
    expect((await service.request(`${prefix}low/v.m3u8`, { headers: { 'If-None-Match': etag } })).status).toBe(304)
    expect((await service.request(`${prefix}low/seg-1.ts`, { method: 'HEAD' })).headers.get('Content-Length')).toBe(
      '1880',
    )
  })

  it('presigns segments where S3 delivers them, and keeps playlists below the session', async () => {
    const { begin, service } = await scene({ variables: { EDGE_SIGNING_SECRET: SECRET } })
    const text = await (await service.request(`${await begin()}low/v.m3u8`)).text()
    expect(text).toContain('URI="../k.key"')
    expect(text).toMatch(/\nhttps:\/\/storage\.example\.com\/media\/users\/.*\/low\/seg-1\.ts\?X-Amz-/)
  })

  it('gives each query its own text where a playlist reads its query', async () => {
    const { begin, service, film } = await scene({ variables: { EDGE_SIGNING_SECRET: SECRET } })
    await film.putStreamFile(
      'low/q.m3u8',
      `#EXTM3U\n#EXT-X-DEFINE:QUERYPARAM="n"\n${MEDIA.slice(8).replace('seg-1', '{$n}')}`,
    )
    const address = `${await begin()}low/q.m3u8`
    for (const name of ['one', 'two', 'one']) {
      expect(await (await service.request(`${address}?n=${name}`)).text()).toContain(`/low/${name}.ts?X-Amz-`)
    }
  })

  it('costs one D1 and one R2 read to begin, one read of revocations, and nothing warm', async () => {
    const { service, open, token, begin } = await scene()
    const first = await token()
    service.reset()
    await open(first)
    expect(service.counts).toMatchObject({ d1Reads: 1, d1Writes: 0, r2Reads: 1, kvReads: 0 })
    const prefix = await begin()
    await service.request(`${prefix}low/seg-1.ts`)
    await service.request(`${prefix}low/v.m3u8`)
    await service.settle()
    service.reset()
    await service.request(`${prefix}low/v.m3u8`)
    expect(service.counts).toMatchObject({ d1Reads: 0, d1Writes: 0, r2Reads: 0, kvReads: 0 })
    service.reset()
    await open(first)
    expect(service.counts).toMatchObject({ d1Reads: 0, d1Writes: 0, r2Reads: 0, kvReads: 0 })
  })

  it('begins with nothing for a HEAD, and uses nothing up', async () => {
    const { open, token } = await scene()
    const once = await token({ jti: 'a', uses: 1 })
    for (let count = 0; count < 3; count += 1) expect((await open(once, { method: 'HEAD' })).status).toBe(200)
    expect((await open(once)).status).toBe(200)
    expect(await detailOf(await open(once))).toEqual([403, 'Playback token was already used'])
  })

  it('begins exactly as often as the token says, of a hundred at once', async () => {
    const { open, token } = await scene()
    const thrice = await token({ jti: 'b', uses: 3 })
    const answers = await Promise.all(Array.from({ length: 100 }, async () => (await open(thrice)).status))
    expect(answers.filter((status) => status === 200)).toHaveLength(3)
    expect(answers.filter((status) => status === 403)).toHaveLength(97)
  })

  it('outlives the token that began it, a rotation of the secret and a new isolate, and ends with its time', async () => {
    const { begin, service } = await scene()
    const prefix = await begin({ max: 7200, exp: Math.floor(service.clock.nowMs / 1000) + 60 })
    const rotated = startService({
      ...EDGE_VARIABLES,
      EDGE_SIGNING_SECRET: PREVIOUS_SECRET,
      EDGE_SIGNING_SECRET_PREVIOUS: SECRET,
    })
    const nearlyOver = service.clock.nowMs + 7_190_000
    for (const isolate of [service, rotated]) {
      isolate.clock.nowMs = nearlyOver
      expect((await isolate.request(`${prefix}low/seg-1.ts`)).status).toBe(200)
    }
    rotated.clock.nowMs += 11_000
    expect(await detailOf(await rotated.request(`${prefix}low/seg-1.ts`))).toEqual([403, 'Playback session has ended'])
  })

  it('is held to the home network it began on when the token says so, and to none otherwise', async () => {
    const { service, token, entry } = await scene()
    const from = (address: string) => ({ headers: { 'CF-Connecting-IP': address } })
    const begin = async (claims: Record<string, unknown>) => {
      const response = await service.request(`${entry}?token=${await token(claims)}`, from('192.0.2.7'))
      return /\/v\/[A-Za-z0-9_-]{82}\//.exec(await response.text())?.[0] ?? ''
    }
    const bound = `${await begin({ bind: 'prefix' })}low/seg-1.ts`
    expect((await service.request(bound, from('192.0.2.250'))).status).toBe(200)
    expect(await detailOf(await service.request(bound, from('192.0.3.7')))).toEqual([
      403,
      'Playback session is invalid',
    ])
    expect((await service.request(bound, from('2001:db8::1'))).status).toBe(403)
    const free = `${await begin({})}low/seg-1.ts`
    expect((await service.request(free, from('2001:db8::1'))).status).toBe(200)
  })
})

describe('a token', () => {
  it('is refused by one text for everything that makes it invalid', async () => {
    const { open, token, signer, film, service, caller } = await scene()
    const stranger = await registerSigner(await knownCaller({ service }))
    const own = await registerSigner(caller, 'ES256')
    const now = Math.floor(service.clock.nowMs / 1000)
    const good = await token()
    const [header = '', payload = '', signature = ''] = good.split('.')
    const unsigned = (alg: string) =>
      `${base64url.encode(JSON.stringify({ alg, kid: signer.keyId, typ: 'lynxgate-playback+jwt' }))}.${payload}.`
    const hmac = async (secret: Uint8Array) =>
      await new SignJWT({ sub: film.jobId, iat: now, exp: now + 60 })
        .setProtectedHeader({ alg: 'HS256', kid: signer.keyId, typ: 'lynxgate-playback+jwt' })
        .sign(secret)
    const spki = await exportSPKI((await importJWK(signer.publicJwk, 'EdDSA', { extractable: true })) as CryptoKey)
    const bad: readonly string[] = [
      'x',
      'a.b.c',
      `${header}.${payload}.`,
      `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
      `${header}.${base64url.encode(JSON.stringify({ sub: 'user:*', iat: now, exp: now + 60 }))}.${signature}`,
      unsigned('none'),
      unsigned('None'),
      unsigned('EdDSA'),
      await hmac(new TextEncoder().encode(spki)),
      await hmac(new TextEncoder().encode(JSON.stringify(signer.publicJwk))),
      await hmac(new Uint8Array(32)),
      await token({}, { kid: stranger.keyId }),
      await token({}, { kid: own.keyId }),
      await token({}, { kid: 'gate' }),
      await token({}, { kid: 'unknown' }),
      await token({}, { typ: 'JWT' }),
      await token({}, { typ: undefined }),
      await token({}, { jwk: signer.publicJwk }),
      await token({}, { jku: 'https://evil.example/jwks.json' }),
      await token({}, { x5u: 'https://evil.example/cert' }),
      await stranger.sign({ sub: film.jobId }),
      await stranger.sign({ sub: 'user:*' }),
      await token({ sub: crypto.randomUUID() }),
      await token({ aud: 'image' }),
      await token({ iat: now + 61 }),
      await token({ exp: now + 31 * 86_400 }),
      await token({ geo_allow: ['DE'] }),
      `${good}.x`,
      ` ${good}`,
      'x'.repeat(9000),
    ]
    service.fetched.length = 0
    for (const [index, attempt] of bad.entries()) {
      const answer = await detailOf(await open(encodeURIComponent(attempt)))
      expect(answer, `${index}: ${attempt.slice(0, 60)}`).toEqual([403, 'Playback token is invalid'])
    }
    expect(service.fetched).toEqual([])
    expect((await open(good)).status).toBe(200)
  })

  it('says when its time is not now', async () => {
    const { open, token, service } = await scene()
    const now = Math.floor(service.clock.nowMs / 1000)
    expect(await detailOf(await open(await token({ nbf: now + 60 })))).toEqual([403, 'Playback token is not valid yet'])
    const old = await token({ iat: now - 60, exp: now - 5 })
    expect(await detailOf(await open(old))).toEqual([403, 'Playback token has expired'])
  })

  it('holds to country, network and page, for players that can read why', async () => {
    const { open, token } = await scene()
    expect(await detailOf(await open(await token({ geo: { allow: ['DE'] } })))).toEqual([
      403,
      'Playback is not allowed from this country',
    ])
    const net = await token({ net: ['192.0.2.0/24'] })
    expect((await open(net, { headers: { 'CF-Connecting-IP': '192.0.2.1' } })).status).toBe(200)
    expect(await detailOf(await open(net, { headers: { 'CF-Connecting-IP': '192.0.3.1' } }))).toEqual([
      403,
      'Playback is not allowed from this network',
    ])
    const page = await token({ origin: ['https://*.example.com'] })
    expect((await open(page, { headers: { Origin: 'https://a.example.com' } })).status).toBe(200)
    expect((await open(page, { headers: { Referer: 'https://a.example.com/x' } })).status).toBe(200)
    for (const headers of [
      {},
      { Origin: 'null' },
      { Origin: 'https://example.com' },
      { Referer: 'https://evil.example/' },
    ]) {
      expect(await detailOf(await open(page, { headers }))).toEqual([403, 'Playback is not allowed from this page'])
    }
  })

  it('opens thumbnail and original too, when it is for them', async () => {
    const { service, film, token } = await scene()
    const paths = {
      image: `/api/playback/thumbnail/${film.jobId}?`,
      download: `/api/playback/direct?job_id=${film.jobId}&`,
    }
    for (const [aud, path] of Object.entries(paths)) {
      expect((await service.request(`${path}token=${await token({ aud })}`)).status).toBe(302)
      expect((await service.request(`${path}token=${await token({ aud: 'stream' })}`)).status).toBe(403)
    }
    const byPath = `/api/playback/direct?path=${film.storagePath}&token=${await token({ aud: 'download' })}`
    expect((await service.request(byPath)).status).toBe(302)
  })

  it('brings the watch page, whose player carries it on, escaped', async () => {
    const { service, film, token } = await scene()
    const given = await token()
    const response = await service.request(`/watch/${film.jobId}?token=${given}`)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain(`/api/playback/stream/${film.jobId}/index.m3u8?token=${given}`)
    const hostile = await service.request(`/watch/${film.jobId}?token=%22%3E%3Cscript%3E`)
    expect(hostile.status).toBe(403)
    expect(await hostile.text()).not.toContain('<script>')
  })

  it('can be had from the gate itself, with the claims that were asked for', async () => {
    const { caller, film, open } = await scene()
    const [status, body] = await caller.answer('POST', '/api/playback/tokens', {
      job_id: film.jobId,
      jti: 'x',
      uses: 1,
    })
    const { token, stream_url } = body as { token: string; stream_url: string }
    expect(status).toBe(201)
    expect(stream_url).toBe(`${ORIGIN}/api/playback/stream/${film.jobId}/index.m3u8?token=${token}`)
    expect((await open(token)).status).toBe(200)
    expect((await open(token)).status).toBe(403)
    const other = await makeVideo({ playback: 'private' })
    expect(await caller.answer('POST', '/api/playback/tokens', { job_id: other.jobId })).toEqual([
      403,
      { detail: 'Video does not belong to this user' },
    ])
    expect(await caller.answer('POST', '/api/playback/tokens', { job_id: film.jobId, uses: 1 })).toMatchObject([
      422,
      {},
    ])
  })
})

describe('a viewing with a limit of quality', () => {
  it('is shown no variant above it, and refused their files by whatever path is known', async () => {
    const entry = `${MULTIVARIANT}#EXT-X-STREAM-INF:BANDWIDTH=3,RESOLUTION=1920x1080\nhigh/v.m3u8\n`
    const { open, token, service, film } = await scene({ entry })
    await film.putStreamFile('high/v.m3u8', MEDIA)
    await film.putStreamFile('high/seg-1.ts', SEGMENT)
    const text = await (await open(await token({ lines: 720 }))).text()
    const [prefix = ''] = /\/v\/[A-Za-z0-9_-]{82}\//.exec(text) ?? []
    expect(text).not.toContain('high/')
    for (const path of ['high/v.m3u8', 'high/seg-1.ts', 'hi%67h/seg-1.ts']) {
      expect(await detailOf(await service.request(prefix + path))).toEqual([
        403,
        'Playback is not allowed at this quality',
      ])
    }
    expect((await service.request(`${prefix}low/seg-1.ts`)).status).toBe(200)
    const unlimited = await (await open(await token())).text()
    expect(unlimited).toContain('high/v.m3u8')
  })
})

describe('a session', () => {
  it('opens no path outside its stream, in any spelling', async () => {
    const { begin, service, film } = await scene()
    const prefix = await begin()
    await env.MEDIA.put(`users/${film.userId}/film.mp4`, 'the original')
    for (const path of [
      '%2e%2e/film.mp4',
      '..%2ffilm.mp4',
      '..%2f..%2ffilm.mp4',
      '%2e%2e%2f%2e%2e%2ffilm.mp4',
      '..;/film.mp4',
      '%252e%252e/film.mp4',
      '..%5cfilm.mp4',
      '/film.mp4',
      'low//seg-1.ts',
      'low/%00',
      'low/seg-1.ts%00',
      '%c0%ae%c0%ae/film.mp4',
      '.%2e/film.mp4',
    ]) {
      const response = await service.request(prefix + path)
      expect([403, 404], path).toContain(response.status)
    }
  })

  it('is refused before any I/O when it is forged, another film’s or a token', async () => {
    const { begin, service, token } = await scene()
    const prefix = await begin()
    const [, , text = ''] = prefix.split('/')
    service.reset()
    for (const forged of [
      `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`,
      'A'.repeat(82),
      'x',
      await token(),
    ]) {
      expect(await detailOf(await service.request(`/v/${forged}/low/seg-1.ts`))).toEqual([
        403,
        'Playback session is invalid',
      ])
    }
    expect(service.counts).toMatchObject({ d1Reads: 0, r2Reads: 0, kvReads: 0 })
  })

  it('is no token', async () => {
    const { begin, open } = await scene()
    const [, , text = ''] = (await begin()).split('/')
    expect(await detailOf(await open(text))).toEqual([403, 'Playback token is invalid'])
  })

  it('stands in no log line, and neither do token and viewer', async () => {
    const { begin, service, token, open } = await scene()
    const prefix = await begin({ viewer: 'ada@example.com' })
    await service.request(`${prefix}low/seg-1.ts`)
    const given = await token({ viewer: 'ada@example.com' })
    await open(`${given}x`)
    const lines = JSON.stringify(service.logs)
    expect(lines).toContain('/v/{session}/{path}')
    for (const secret of [prefix.split('/')[2] ?? '', given, 'ada@example.com']) expect(lines).not.toContain(secret)
  })
})

describe('ending viewings', () => {
  const ended = [403, 'Playback session has ended']

  it('works at once here, and elsewhere within the bound', async () => {
    const { begin, service, caller } = await scene()
    const other = startService(EDGE_VARIABLES)
    const path = `${await begin({ viewer: 'ada' })}low/seg-1.ts`
    expect((await other.request(path)).status).toBe(200)
    const [status, body] = await caller.answer('POST', '/api/playback/revocations', { viewer: 'ada' })
    expect([status, body]).toMatchObject([201, { begun_before: '2026-11-21T12:07:00.000Z' }])
    expect(await detailOf(await service.request(path))).toEqual(ended)
    other.clock.nowMs += 10_000
    expect(await detailOf(await other.request(path))).toEqual(ended)
  })

  it('ends what began in that very second, and nothing that begins later', async () => {
    const { begin, service, caller } = await scene()
    const before = `${await begin({ viewer: 'ada' })}low/seg-1.ts`
    await caller.answer('POST', '/api/playback/revocations', { viewer: 'ada' })
    service.clock.nowMs += 1000
    const after = `${await begin({ viewer: 'ada' })}low/seg-1.ts`
    expect((await service.request(before)).status).toBe(403)
    expect((await service.request(after)).status).toBe(200)
  })

  it.each(['job_id', 'signing_key_id', 'sid'] as const)('by %s ends those and no others', async (by) => {
    const { begin, service, caller, film, signer } = await scene()
    const prefix = await begin()
    const bystander = await scene()
    const theirs = `${await bystander.begin()}low/seg-1.ts`
    if (by === 'sid') {
      const bytes = base64url.decode(prefix.split('/')[2] ?? '')
      const sid = hex(bytes.slice(17, 25))
      expect(await caller.answer('DELETE', `/api/playback/sessions/${sid}`)).toEqual([200, { ok: true }])
    } else {
      const value = by === 'job_id' ? film.jobId : signer.keyId
      expect((await caller.answer('POST', '/api/playback/revocations', { [by]: value }))[0]).toBe(201)
    }
    expect(await detailOf(await service.request(`${prefix}low/seg-1.ts`))).toEqual(ended)
    expect((await bystander.service.request(theirs)).status).toBe(200)
  })

  it('reaches viewings of a viewer that began before the secret was changed', async () => {
    const { begin, caller, service } = await scene()
    const path = `${await begin({ viewer: 'ada' })}low/seg-1.ts`
    const rotated = { ...EDGE_VARIABLES, EDGE_SIGNING_SECRET: 'n'.repeat(64), EDGE_SIGNING_SECRET_PREVIOUS: SECRET }
    const after = await knownCaller({ service: startService(rotated), key: caller.key })
    after.service.clock.nowMs = service.clock.nowMs
    expect((await after.service.request(path)).status).toBe(200)
    await after.answer('POST', '/api/playback/revocations', { viewer: 'ada' })
    expect(await detailOf(await after.service.request(path))).toEqual(ended)
  })

  it.each(['x', '0'.repeat(15), 'A'.repeat(16), '0'.repeat(17)])('knows no session named %s', async (sid) => {
    const caller = await knownCaller({ service: startService(EDGE_VARIABLES) })
    expect(await caller.answer('DELETE', `/api/playback/sessions/${sid}`)).toEqual([
      404,
      { detail: 'Playback session not found' },
    ])
  })

  it('ends nothing of another owner, whatever is named', async () => {
    const { begin, service, film } = await scene()
    const path = `${await begin({ viewer: 'ada' })}low/seg-1.ts`
    const stranger = await knownCaller({ service })
    await stranger.answer('POST', '/api/playback/revocations', { viewer: 'ada' })
    await stranger.answer('POST', '/api/playback/revocations', { job_id: film.jobId })
    expect((await service.request(path)).status).toBe(200)
  })

  it('comes with the deletion of a signing key, whose tokens begin nothing more', async () => {
    const { begin, service, caller, signer, open, token } = await scene()
    const path = `${await begin()}low/seg-1.ts`
    const given = await token()
    expect(await caller.answer('DELETE', `/api/signing-keys/${signer.keyId}`)).toEqual([200, { ok: true }])
    expect(await detailOf(await service.request(path))).toEqual(ended)
    service.clock.nowMs += 10_000
    expect(await detailOf(await open(given))).toEqual([403, 'Playback token is invalid'])
    expect(await caller.answer('DELETE', `/api/signing-keys/${signer.keyId}`)).toMatchObject([404, {}])
  })

  it('comes with switching the film off, and with deleting it', async () => {
    for (const [method, body] of [
      ['PATCH', { playback: 'off' }],
      ['DELETE', undefined],
    ] as const) {
      const { begin, service, caller, film } = await scene()
      const path = `${await begin()}low/seg-1.ts`
      expect((await service.request(path)).status).toBe(200)
      await caller.answer(method, `/api/videos/${film.jobId}`, body)
      expect(await detailOf(await service.request(path))).toEqual([404, 'Video not found'])
    }
  })

  it('lets viewings go on for a minute while the database is away, then says so', async () => {
    const { begin, service } = await scene()
    const path = `${await begin()}low/seg-1.ts`
    expect((await service.request(path)).status).toBe(200)
    service.failing.add('DB')
    service.clock.nowMs += 50_000
    expect((await service.request(path)).status).toBe(200)
    service.clock.nowMs += 11_000
    expect(await detailOf(await service.request(path))).toEqual([503, 'Playback is temporarily unavailable'])
    service.failing.clear()
    expect((await service.request(path)).status).toBe(200)
  })
})

describe('signing keys', () => {
  it('are made here on request, and the private half is shown once', async () => {
    const caller = await knownCaller({ service: startService(EDGE_VARIABLES) })
    const [status, made] = await caller.answer('POST', '/api/signing-keys', { name: 'backend' })
    expect([status, made]).toMatchObject([201, { name: 'backend', algorithm: 'EdDSA', private_jwk: { kty: 'OKP' } }])
    const [, listed] = await caller.answer('GET', '/api/signing-keys')
    expect(listed).toMatchObject([{ name: 'backend' }])
    expect(JSON.stringify(listed)).not.toMatch(/private|"d"/)
  })

  it.each([
    ['a private key', { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43), d: 'A'.repeat(43) }],
    ['a symmetric key', { kty: 'oct', k: 'AAAA' }],
    ['another curve', { kty: 'EC', crv: 'P-521', x: 'A', y: 'A' }],
    ['a short RSA key', { kty: 'RSA', n: 'A'.repeat(171), e: 'AQAB' }],
    ['a key for encryption', { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43), use: 'enc' }],
    ['a key of another algorithm', { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43), alg: 'HS256' }],
    ['no key', {}],
    ['a key id that is reserved', { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43), kid: 'gate' }],
  ])('refuse %s', async (_, jwk) => {
    const caller = await knownCaller({ service: startService(EDGE_VARIABLES) })
    expect(await caller.answer('POST', '/api/signing-keys', { name: 'x', public_jwk: jwk })).toMatchObject([422, {}])
  })

  it('are at most twenty, exactly, of thirty at once', async () => {
    const caller = await knownCaller({ service: startService(EDGE_VARIABLES) })
    const answers = await Promise.all(
      Array.from({ length: 30 }, async () => (await caller.ask('POST', '/api/signing-keys', { name: 'x' })).status),
    )
    expect(answers.filter((status) => status === 201)).toHaveLength(20)
    expect(answers.filter((status) => status === 409)).toHaveLength(10)
  })

  it('belong to their owner, and take a scope', async () => {
    const service = startService(EDGE_VARIABLES)
    const owner = await knownCaller({ service })
    const { keyId } = await registerSigner(owner)
    const stranger = await knownCaller({ service })
    expect(await stranger.answer('DELETE', `/api/signing-keys/${keyId}`)).toEqual([
      403,
      { detail: 'Signing key does not belong to this user' },
    ])
    const reader = await knownCaller({ service, scopes: 'playback:read' })
    expect((await reader.ask('POST', '/api/signing-keys', { name: 'x' })).status).toBe(403)
  })
})
