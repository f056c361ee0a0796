// The pure parts of the gate: ids, envelopes, the body of a job, headers, trace and circuit.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { admit, afterFailure, CLOSED_CIRCUIT, type Circuit } from '../../../src/core/engine/circuit.ts'
import { readEnvelope, readJobSnapshot, readJobId } from '../../../src/core/engine/envelope.ts'
import { ownershipKey, parseEngineId, type EngineId } from '../../../src/core/engine/ids.ts'
import { isAddableHeader, requestHeaders } from '../../../src/core/engine/forwarded-headers.ts'
import { readJobRequest, writeJobRequest } from '../../../src/core/engine/job-request.ts'
import { continueTrace } from '../../../src/core/http/traceparent.ts'

describe('parseEngineId', () => {
  it.each(['vid_abc123', 'a', 'A.b~c-d_e', '0', 'x'.repeat(128)])('takes %s as it is', (text) => {
    expect(parseEngineId(text)).toBe(text)
  })

  it.each(['', '.', '..', 'a/b', 'a%2fb', 'a;b', 'a b', 'ü', 'a\0', '{a}', 'urn:uuid:1', 'x'.repeat(129), 7, null])(
    'refuses %j',
    (value) => {
      expect(parseEngineId(value)).toBeUndefined()
    },
  )
})

describe('ownershipKey', () => {
  const key = (text: string) => ownershipKey(text as EngineId)

  it.each([
    '550e8400-e29b-41d4-a716-446655440000',
    '550E8400-E29B-41D4-A716-446655440000',
    '550e8400e29b41d4a716446655440000',
    '550e-8400e29b41d4a71644665544-0000',
  ])('is one for every spelling of a UUID: %s', (spelling) => {
    expect(key(spelling)).toBe('550e8400e29b41d4a716446655440000')
  })

  it('tells ids apart that are no UUIDs', () => {
    expect(new Set(['vid_ABC', 'vid_abc', 'vid-abc', 'vid_ab-c'].map(key)).size).toBe(4)
  })
})

describe('readEnvelope', () => {
  it.each([
    ['{"success":true}', true],
    ['{"success":true,"message":"m","data":{"a":1}}', true],
    ['{"success":false,"message":"m","error":{"detail":"d","code":"C"}}', false],
  ])('takes %s', (text, isSuccess) => {
    expect(readEnvelope(text)?.isSuccess).toBe(isSuccess)
  })

  it.each([
    '',
    '<html></html>',
    'null',
    '[]',
    '"success"',
    '{}',
    '{"success":1}',
    '{"success":"true"}',
    '{"success":true',
    '{"success":false}',
    '{"success":false,"message":"m"}',
    '{"success":false,"message":"m","error":"e"}',
    '{"success":false,"message":"m","error":{"detail":1,"code":"C"}}',
    '{"detail":"Not Found"}',
  ])('refuses %j', (text) => {
    expect(readEnvelope(text)).toBeUndefined()
  })
})

describe('readJobSnapshot', () => {
  it('takes members of another type for absent', () => {
    const odd = { status: 3, progress_percent: '40', current_stage: {}, created_at: 'x'.repeat(300) }
    expect(Object.values(readJobSnapshot(odd)).every((value) => value === undefined)).toBe(true)
  })

  it('F18: reads nothing that a database would give back as something else', () => {
    expect(readJobSnapshot(JSON.parse('{"progress_percent":1e400}')).progressPercent).toBeUndefined()
    expect(readJobSnapshot(JSON.parse('{"progress_percent":-1e400}')).progressPercent).toBeUndefined()
    expect(readJobSnapshot({ progress_percent: Number.NaN }).progressPercent).toBeUndefined()
    expect(readJobSnapshot({ progress_percent: 1e300 }).progressPercent).toBe(1e300)
    expect(readJobSnapshot({ status: 'a\ud800', current_stage: '🎬' })).toMatchObject({
      status: 'a\ufffd',
      currentStage: '🎬',
    })
  })

  it('reads nothing from what is no object', () => {
    expect(readJobId(null)).toBeUndefined()
    expect(readJobSnapshot('job').status).toBeUndefined()
  })
})

describe('readJobRequest', () => {
  it.each([
    ['{"video_id":"vid_1"}', ['vid_1']],
    ['{"video_id":"vid_1","template_video_id":"vid_2"}', ['vid_1', 'vid_2']],
    ['{"config":{"video_id":"vid_2"},"video_id":"vid_1"}', ['vid_1']],
    [String.raw`{"video\u005fid":"vid_1"}`, ['vid_1']],
    ['{"video_id":null}', []],
    ['{"note":"\\"video_id\\":"}', []],
    ['{}', []],
  ])('finds the videos of %s', (body, videoIds) => {
    expect(readJobRequest(body)).toEqual({ ok: true, videoIds, webhookUrl: undefined, members: JSON.parse(body) })
  })

  it.each(['', '{', 'NaN', '{"video_id":"a",}', "{'video_id':'a'}", '{"video_id":"a"}{"video_id":"b"}'])(
    'says that %j is no JSON',
    (text) => {
      expect(readJobRequest(text)).toEqual({ ok: false, reason: 'not_json' })
    },
  )

  const WEBHOOK = 'body: must spell webhook_url in no other way, and hold it once'
  const MISSPELT = 'body: must spell video_id and template_video_id in no other way'
  it.each([
    ['[]', 'body: must be an object'],
    ['"vid_1"', 'body: must be an object'],
    ['{"video_id":"mine","video_id":"theirs"}', 'video_id: is given more than once'],
    [String.raw`{"video_id":"mine","video\u005fid":"theirs"}`, 'video_id: is given more than once'],
    ['{"template_video_id":null,"template_video_id" \n:"b"}', 'template_video_id: is given more than once'],
    ['{"video_id":17}', 'video_id: must be 1 to 128 letters, digits, dots, underscores, ~ or -'],
    ['{"video_id":["a"]}', 'video_id: must be 1 to 128 letters, digits, dots, underscores, ~ or -'],
    ['{"video_id":"{550e8400-e29b-41d4-a716-446655440000}"}', expect.stringContaining('video_id: must be')],
    ['{"video_id":" vid_1"}', expect.stringContaining('video_id: must be')],
    ['{"video_id":"mine","VIDEO_ID":"theirs"}', MISSPELT],
    ['{"videoId":"theirs"}', MISSPELT],
    ['{"video_id[]":"theirs"}', MISSPELT],
    ['{"video_id ":"theirs"}', MISSPELT],
    ['{"v\u0131deo_id":"theirs"}', MISSPELT],
    ['{"template.video.id":"theirs"}', MISSPELT],
    ['{"webhookUrl":"https://a.dev/"}', WEBHOOK],
    ['{"WEBHOOK_URL":"https://a.dev/"}', WEBHOOK],
    ['{"webhook_url[]":"https://a.dev/"}', WEBHOOK],
    ['{"webhook_url":"https://a.dev/","webhook-url":"https://b.dev/"}', WEBHOOK],
    ['{"config":{"webhook_url":"https://a.dev/"}}', WEBHOOK],
    ['{"config":[{"x":[{"webhook url":null}]}]}', WEBHOOK],
    ['{"webhook_url":17}', 'webhook_url: must be a URL'],
    ['{"webhook_url":["https://a.dev/"]}', 'webhook_url: must be a URL'],
  ])('refuses %s', (text, detail) => {
    expect(readJobRequest(text)).toEqual({ ok: false, reason: 'invalid', detail })
  })

  it('keeps where the caller wants to be told apart from what the engine is sent', () => {
    const read = readJobRequest('{"video_id":"vid_1","webhook_url":"https://a.dev/","note":"é"}')
    expect(read).toMatchObject({ webhookUrl: 'https://a.dev/', members: { video_id: 'vid_1', note: 'é' } })
    const members = read.ok ? read.members : {}
    expect(writeJobRequest(members, undefined)).toBe('{"video_id":"vid_1","note":"\\u00e9"}')
    expect(JSON.parse(writeJobRequest(members, 'https://gate.dev/'))).toEqual({
      ...members,
      webhook_url: 'https://gate.dev/',
    })
    expect(readJobRequest('{"webhook_url":null}')).toMatchObject({ webhookUrl: undefined, members: {} })
  })

  it('agrees with JSON.parse about every object', () => {
    const text = fc.string({ unit: 'binary' }).filter((unit) => !unit.includes('\0') && unit !== '__proto__')
    const value = fc.oneof(text, fc.boolean(), fc.constant(null), fc.integer(), fc.array(text))
    fc.assert(
      fc.property(fc.dictionary(text, value, { maxKeys: 8 }), fc.nat(4), (body, indent) => {
        const written = JSON.stringify({ ...body, video_id: 'vid_1', template_video_id: undefined }, null, indent)
        const read = readJobRequest(written)
        expect(read).toMatchObject({ ok: true, videoIds: ['vid_1'] })
        expect(read.ok && JSON.parse(writeJobRequest(read.members, undefined))).toEqual(JSON.parse(written))
      }),
      { numRuns: 50 },
    )
  })
})

describe('requestHeaders', () => {
  const gate = {
    requestId: 'request-1',
    traceparent: '00-a',
    address: '203.0.113.7',
    contentType: 'application/json',
    caller: undefined,
  }

  it('takes two of the caller’s headers and nothing else', () => {
    const asked: string[] = []
    requestHeaders((name) => void asked.push(name), {}, gate)
    expect(asked).toEqual(['Accept', 'Accept-Language'])
  })

  it('lets no other header stand in for the gate’s', () => {
    const caller = { userId: 'user-1', assertion: 'a.b.c' }
    const headers = requestHeaders(() => 'inbound', { 'X-Secret': 's' }, { ...gate, caller })
    expect(headers).toMatchObject({
      'X-Secret': 's',
      'Content-Type': 'application/json',
      'X-Request-Id': 'request-1',
      'X-Forwarded-For': '203.0.113.7',
      'X-Lynxgate-User': 'user-1',
      'X-Lynxgate-Assertion': 'a.b.c',
    })
  })
})

describe('isAddableHeader', () => {
  it.each(['CF-Access-Client-Id', 'X-Engine_Secret', 'Authorization'])('takes %s', (name) => {
    expect(isAddableHeader(name)).toBe(true)
  })

  it.each([
    'X-Lynxgate-User',
    'x_lynxgate_user',
    'X-Request_Id',
    'Traceparent',
    'Host',
    'content_length',
    'Transfer-Encoding',
    'Connection',
    'Proxy-Authorization',
    'two words',
    'a\r\nb',
    '',
  ])('refuses %j', (name) => {
    expect(isAddableHeader(name)).toBe(false)
  })
})

describe('continueTrace', () => {
  const newUuid = () => '11111111-2222-4333-8444-555555555555'

  it('keeps a valid trace', () => {
    const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    expect(continueTrace(trace, newUuid)).toBe(trace)
  })

  it.each([
    undefined,
    '',
    '00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01',
    '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
    '01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nX: y',
    'a'.repeat(1024),
  ])('replaces %j', (inbound) => {
    expect(continueTrace(inbound, newUuid)).toBe('00-11111111222243338444555555555555-1111111122224333-00')
  })
})

describe('the circuit', () => {
  const fail = (times: number, nowMs = 0): Circuit =>
    Array.from({ length: times }).reduce<Circuit>((circuit) => afterFailure(circuit, nowMs), CLOSED_CIRCUIT)

  it('stays closed through four failures in a row', () => {
    expect(admit(fail(4), 0).ok).toBe(true)
  })

  it('opens with the fifth and says how long to wait', () => {
    expect(admit(fail(5), 1000)).toEqual({ ok: false, waitMs: 4000 })
  })

  it('lets one probe through after five seconds, and the next five seconds later', () => {
    const probe = admit(fail(5), 5000)
    expect(probe.ok).toBe(true)
    const circuit = probe.ok ? probe.circuit : CLOSED_CIRCUIT
    expect(admit(circuit, 5001)).toEqual({ ok: false, waitMs: 4999 })
    expect(admit(circuit, 10_000).ok).toBe(true)
  })
})
