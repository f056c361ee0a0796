// What crosses to the engine has one reading. Every message here that names another user's video does so in a way that
// some engine understands and a gate can overlook; none of them may arrive.
import { describe, expect, it } from 'vitest'
import { makeKey } from '../support/callers.ts'
import { fieldPart, filmPart, FORM_TYPE, formOf } from '../support/forms.ts'
import { bytesOf, hostileForms, hostileJson } from '../support/hostile-bodies.ts'
import { newVideoId, recordingEngine, startGate, success, type ReceivedCall } from '../support/recording-engine.ts'

const UPLOAD = '/api/v1/videos/upload'
const JOBS = '/api/v1/jobs'

/** A gate, a video of Bob's behind it, and Alice, who is about to ask for it. The engine has received nothing yet. */
async function openGate() {
  const engine = recordingEngine()
  const service = await startGate(engine)
  const [alice, bob] = [await makeKey(), await makeKey()]
  const foreign = newVideoId()
  engine.script = () => success({ video_id: foreign })
  const send = async (credential: string, path: string, body: BodyInit, headers: Record<string, string>) =>
    await service.request(path, { method: 'POST', headers: { Authorization: credential, ...headers }, body })
  const uploaded = await send(bob.rawKey, UPLOAD, formOf(filmPart()), { 'Content-Type': FORM_TYPE })
  expect(uploaded.status).toBe(200)
  engine.script = () => success({ video_id: newVideoId(), job_id: newVideoId() })
  engine.received.length = 0
  return { engine, service, foreign, bob, send: send.bind(undefined, alice.rawKey) }
}

const form = (boundary: string, ...parts: readonly string[]) =>
  `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`

/** Latin-1 and then UTF-7, as Python's codec writes what needs no more than this. */
const utf7 = (text: string) => text.replaceAll('"', '+ACI-')

describe('the same video, written plainly', () => {
  it('F1: is 403 as a field of an upload and as a member of a job', async () => {
    const { engine, foreign, send } = await openGate()
    const upload = formOf(filmPart(), fieldPart('template_video_id', foreign))
    expect((await send(UPLOAD, upload, { 'Content-Type': FORM_TYPE })).status).toBe(403)
    expect(
      (await send(JOBS, JSON.stringify({ video_id: foreign }), { 'Content-Type': 'application/json' })).status,
    ).toBe(403)
    expect(engine.received).toEqual([])
  })
})

describe('an upload', () => {
  const field = (name: string, value: string) => fieldPart(name, value)
  const typed = (type: string, value: string) =>
    `Content-Disposition: form-data; name="template_video_id"\r\nContent-Type: ${type}\r\n\r\n${value}`

  it.each<[string, number, string, (id: string) => string]>([
    [
      'Starlette: the form’s charset is utf-7',
      415,
      'multipart/form-data; boundary=x; charset=utf-7',
      (id) => form('x', filmPart(), field('+AHQ-emplate_video_id', id)),
    ],
    [
      'Starlette: the form’s charset is utf-8-sig',
      415,
      'multipart/form-data; boundary=x; charset=utf-8-sig',
      (id) => form('x', filmPart(), field('\xef\xbb\xbftemplate_video_id', id)),
    ],
    [
      'Starlette: the form’s charset is hz',
      415,
      'multipart/form-data; boundary=x; charset=hz',
      (id) => form('x', filmPart(), field('template~~_video_id', id)),
    ],
    [
      'Starlette: the form’s charset is iso-2022-jp',
      415,
      'multipart/form-data; charset=iso-2022-jp; boundary=x',
      (id) => form('x', filmPart(), field('\x1b(Btemplate_video_id', id)),
    ],
    [
      'Starlette: a boundary with a comma',
      422,
      'multipart/form-data; boundary=x,y',
      (id) => form('x', filmPart(), field('template_video_id', id)),
    ],
    [
      'Starlette: a name in utf-7, whatever the charset',
      422,
      'multipart/form-data; boundary=x',
      (id) => form('x', filmPart(), field('+AHQ-emplate_video_id', id)),
    ],
    [
      'aiohttp: a part’s charset is punycode',
      422,
      'multipart/form-data; boundary=x',
      (id) => form('x', filmPart(), typed('text/plain; charset=punycode', `${id}-`)),
    ],
    [
      'aiohttp: a boundary that ends with a blank',
      422,
      'multipart/form-data; boundary="x "',
      (id) => form('x', filmPart(), field('template_video_id', id)),
    ],
    [
      'aiohttp: an upload that is urlencoded',
      415,
      'application/x-www-form-urlencoded',
      (id) => `template_video_id=${id}`,
    ],
    [
      'aiohttp: the field that sets the charset',
      422,
      'multipart/form-data; boundary=x',
      (id) => form('x', field('_charset_', 'punycode'), field('template_video_id', `${id}-`)),
    ],
    ['no boundary', 422, 'multipart/form-data', (id) => form('x', field('template_video_id', id))],
    [
      'two boundaries',
      422,
      'multipart/form-data; boundary=a; boundary=x',
      (id) => form('x', field('template_video_id', id)),
    ],
    [
      'two types',
      422,
      'multipart/form-data; boundary=a, multipart/form-data; boundary=x',
      (id) => form('x', field('template_video_id', id)),
    ],
    [
      'a boundary in RFC 2231',
      415,
      "multipart/form-data; boundary*=utf-8''x",
      (id) => form('x', field('template_video_id', id)),
    ],
    ['another multipart', 415, 'multipart/mixed; boundary=x', (id) => form('x', field('template_video_id', id))],
    ['plain bytes', 415, 'application/octet-stream', (id) => id],
    ['JSON', 415, 'application/json', (id) => JSON.stringify({ template_video_id: id })],
    ['no type', 415, '', (id) => form('x', field('template_video_id', id))],
    [
      'a boundary that never occurs',
      422,
      'multipart/form-data; boundary=y',
      (id) => form('x', field('template_video_id', id)),
    ],
    ['no end', 422, 'multipart/form-data; boundary=x', (id) => form('x', field('template_video_id', id)).slice(0, -8)],
    [
      'a form behind the form',
      422,
      'multipart/form-data; boundary=x',
      (id) => form('x', filmPart()) + form('x', field('template_video_id', id)),
    ],
    [
      'a boundary behind a line feed',
      422,
      'multipart/form-data; boundary=x',
      (id) => form('x', filmPart(`\n--x\r\n${field('template_video_id', id)}`)),
    ],
    [
      'Go: a name in other letters',
      422,
      'multipart/form-data; boundary=x',
      (id) => form('x', field('TEMPLATE_VIDEO_ID', id)),
    ],
    [
      'PHP: a name with a dot',
      422,
      'multipart/form-data; boundary=x',
      (id) => form('x', field('template_video.id', id)),
    ],
    [
      'PHP: a name with brackets',
      422,
      'multipart/form-data; boundary=x',
      (id) => form('x', field('template_video_id[]', id)),
    ],
    [
      'a field twice',
      422,
      'multipart/form-data; boundary=x',
      (id) => form('x', field('template_video_id', 'vid_mine'), field('template_video_id', id)),
    ],
    [
      'a value in Base64',
      422,
      'multipart/form-data; boundary=x',
      (id) =>
        form(
          'x',
          field('template_video_id', btoa(id)).replace('\r\n\r\n', '\r\nContent-Transfer-Encoding: base64\r\n\r\n'),
        ),
    ],
  ])('F1: never arrives: %s', async (_case, status, contentType, body) => {
    const { engine, foreign, send } = await openGate()
    const response = await send(UPLOAD, bytesOf(body(foreign)), { 'Content-Type': contentType })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({
      error: { code: status === 415 ? 'UNSUPPORTED_MEDIA_TYPE' : 'VALIDATION_ERROR' },
    })
    expect(engine.received).toEqual([])
  })

  it('F1: never arrives without a body', async () => {
    const { engine, service, bob } = await openGate()
    const headers = { Authorization: bob.rawKey, 'Content-Type': FORM_TYPE }
    expect((await service.request(UPLOAD, { method: 'POST', headers })).status).toBe(422)
    expect((await service.request(UPLOAD, { method: 'POST', headers, body: '' })).status).toBe(422)
    expect(engine.received).toEqual([])
  })
})

describe('a job', () => {
  it.each<[string, number, string, (id: string) => string]>([
    [
      'aiohttp, Express: the charset is utf-7',
      415,
      'application/json; charset=utf-7',
      (id) => `{"video_id":"mine","note":"x${utf7(`","video_id":"${id}`)}"}`,
    ],
    [
      'the charset is utf-16',
      415,
      'application/json; charset=utf-16',
      (id) => JSON.stringify({ video_id: id }).replace(/[^]/g, (unit) => `${unit}\0`),
    ],
    [
      'two charsets',
      415,
      'application/json; charset=utf-8; charset=utf-7',
      (id) => `{"video_id":"mine","note":"x${utf7(`","video_id":"${id}`)}"}`,
    ],
    [
      'two types',
      415,
      'application/json; charset=utf-8, application/json; charset=utf-7',
      (id) => `{"note":"${utf7(id)}"}`,
    ],
    ['urlencoded', 415, 'application/x-www-form-urlencoded', (id) => `{"video_id":"mine","x":"&video_id=${id}&"}`],
    ['a form', 415, 'multipart/form-data; boundary=x', (id) => form('x', fieldPart('video_id', id))],
    [
      'utf-16 without a word of it',
      400,
      'application/json',
      (id) => JSON.stringify({ video_id: id }).replace(/[^]/g, (unit) => `${unit}\0`),
    ],
    ['bytes that are no UTF-8', 400, 'application/json', (id) => `{"note":"\xff","video_id":"${id}"}`],
    ['a second value', 400, 'application/json', (id) => `{"video_id":"mine"}{"video_id":"${id}"}`],
    ['a comment', 400, 'application/json', (id) => `{"video_id":"mine"/*,"video_id":"${id}"*/}`],
    ['a byte order mark', 422, 'application/json', (id) => `\xef\xbb\xbf{"video_id":"${id}"}`],
    ['a member twice', 422, 'application/json', (id) => `{"video_id":"mine","video_id":"${id}"}`],
    ['a member twice, far down', 422, 'application/json', (id) => `{"video_id":"mine","config":{"a":1,"a":"${id}"}}`],
    ['a member twice, once escaped', 422, 'application/json', (id) => `{"video_id":"mine","video\\u005fid":"${id}"}`],
    ['Go: a member in other letters', 422, 'application/json', (id) => `{"video_id":"mine","Video_ID":"${id}"}`],
    [
      'Java: a member with a dotless i',
      422,
      'application/json',
      (id) => `{"video_id":"mine","v\xc4\xb1deo_id":"${id}"}`,
    ],
    ['C: a member with a NUL', 422, 'application/json', (id) => `{"video_id\\u0000x":"${id}"}`],
    ['JavaScript: a prototype', 422, 'application/json', (id) => `{"__proto__":{"video_id":"${id}"}}`],
    ['half of a surrogate pair', 422, 'application/json', (id) => `{"video_id":"mine","note":"\\ud800${id}"}`],
    ['a number that no double holds', 422, 'application/json', () => '{"video_id":"mine","n":12345678901234567890}'],
    ['too many levels', 422, 'application/json', () => `{"video_id":"mine","n":${'['.repeat(64)}${']'.repeat(64)}}`],
  ])('F1: never arrives: %s', async (_case, status, contentType, body) => {
    const { engine, foreign, send } = await openGate()
    const response = await send(JOBS, bytesOf(body(foreign)), { 'Content-Type': contentType })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ success: false, error: { detail: expect.any(String) } })
    expect(engine.received).toEqual([])
  })
})

describe('a message that says it is compressed', () => {
  it.each(['gzip', 'br', 'deflate', 'x-gzip', 'identity, gzip', 'aws-chunked'])(
    'F1: never arrives: %s',
    async (coding) => {
      const { engine, send } = await openGate()
      const encoded = { 'Content-Encoding': coding }
      for (const response of [
        await send(JOBS, '{"video_id":"mine"}', { 'Content-Type': 'application/json', ...encoded }),
        await send(UPLOAD, formOf(filmPart()), { 'Content-Type': FORM_TYPE, ...encoded }),
      ]) {
        expect(response.status).toBe(415)
        expect(await response.json()).toMatchObject({ error: { detail: 'Content-Encoding must be identity' } })
      }
      expect(engine.received).toEqual([])
    },
  )
})

describe('a query', () => {
  it('F1: never reaches the engine, whatever it names', async () => {
    const { engine, foreign, send } = await openGate()
    for (const name of ['video_id', 'template_video_id', '_charset_', 'video%5fid', '_method']) {
      const query = `?${name}=${foreign}`
      const upload = await send(UPLOAD + query, formOf(filmPart()), { 'Content-Type': FORM_TYPE })
      const job = await send(JOBS + query, '{"video_id":"mine"}', { 'Content-Type': 'application/json' })
      expect([upload.status, job.status]).toEqual([422, 422])
    }
    expect(engine.received).toEqual([])
  })
})

describe('three hundred bent messages of each kind', () => {
  const COUNT = 300

  /** What an engine in this very runtime would read of the videos in it. */
  async function readVideos({ headers, bytes, target }: ReceivedCall): Promise<unknown[]> {
    if (target === JOBS) {
      const { video_id: videoId, template_video_id: templateId } = JSON.parse(
        new TextDecoder().decode(bytes),
      ) as Record<string, unknown>
      return [videoId, templateId]
    }
    const response = new Response(bytes, { headers: { 'Content-Type': headers['content-type'] ?? '' } })
    // The runtime's own parser takes names in quotes only, and refuses the rest.
    const read = await response.formData().catch(() => new FormData())
    return [...read].filter(([name]) => /video/i.test(name)).map(([, value]) => value)
  }

  it.each([
    ['forms', UPLOAD, hostileForms, /^multipart\/form-data; boundary=[^,;]+$/],
    ['JSON', JOBS, hostileJson, /^application\/json$/],
  ] as const)(
    'F1: arrive with a type of ours and without another’s video, if at all: %s',
    async (_kind, path, hostile, type) => {
      const { engine, foreign, send } = await openGate()
      const own = newVideoId()
      const statuses = new Set<number>()
      for (const { contentType, body } of hostile(COUNT, 20_261_125, { own, foreign })) {
        const before = engine.received.length
        const { status } = await send(path, bytesOf(body), { 'Content-Type': contentType })
        statuses.add(status)
        expect(engine.received.length - before, `${status} to ${contentType} ${body}`).toBe(status === 200 ? 1 : 0)
      }
      for (const received of engine.received) {
        expect(received.headers['content-type']).toMatch(type)
        expect(await readVideos(received)).not.toContain(foreign)
      }
      expect(engine.received.length).toBeGreaterThan(COUNT / 10)
      expect(statuses).toEqual(new Set(path === JOBS ? [200, 400, 403, 415, 422] : [200, 403, 415, 422]))
    },
  )
})

describe('what clients of every kind write', () => {
  it('crosses: the runtime’s own form, and JSON with every kind of value', async () => {
    const { engine, send } = await openGate()
    const written = new FormData()
    written.set('file', new File(['film'], 'Ä film; final.mp4', { type: 'video/mp4' }))
    written.set('title', 'Größe\r\n--')
    const { body, headers } = new Response(written)
    const response = await send(UPLOAD, new Uint8Array(await new Response(body).arrayBuffer()), {
      'Content-Type': headers.get('Content-Type') ?? '',
    })
    expect(response.status).toBe(200)
    const job = { video_id: 'mine', config: { a: [1, -2.5, 1e21, true, null, 'é\u2028🎬'], 'b c': {} } }
    const created = await send(JOBS, JSON.stringify(job), { 'Content-Type': 'application/json' })
    expect(created.status).toBe(200)
    expect(JSON.parse(engine.received[1]?.body ?? '')).toEqual(job)
  })
})
