// Uploads to /media as clients really send them: compressed, without a length, too long, cut off.
import { gzipSync } from 'node:zlib'
import { request, type ClientRequest, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { spawnLocalService, type OwnLocalService } from '../support/local-service.ts'
import { numberedBytes, signMedia } from '../support/media.ts'

const now = Math.floor(Date.now() / 1000)
let service: OwnLocalService
let secret = ''

beforeAll(async () => {
  service = await spawnLocalService(['--delivery', 'edge'])
  secret = await service.variable('EDGE_SIGNING_SECRET')
})
afterAll(() => service.stop())

const sign = (key: string, method: 'GET' | 'PUT'): string =>
  signMedia({ key, method, origin: service.url, signedAtSeconds: now, secret })

/** Opens a PUT; what is sent, and how it ends, is the test's. */
function openPut(
  key: string,
  headers: Record<string, string>,
): { sent: ClientRequest; answer: Promise<IncomingMessage> } {
  const sent = request(sign(key, 'PUT'), { method: 'PUT', headers })
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve).once('error', reject)
  })
  return { sent, answer }
}

async function statusOf(key: string): Promise<number> {
  const response = await fetch(sign(key, 'GET'))
  await response.arrayBuffer()
  return response.status
}

/** The answer's bytes as they came, undecoded. */
async function getRaw(
  url: string,
  headers: Record<string, string>,
): Promise<{ answer: IncomingMessage; body: Buffer }> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { headers }).once('response', resolve).once('error', reject).end()
  })
  const pieces: Buffer[] = []
  for await (const piece of answer) pieces.push(piece as Buffer)
  return { answer, body: Buffer.concat(pieces) }
}

describe('PUT /media/{key} over HTTP', () => {
  it('F26: stores compressed cues as they are and serves them so, to clients that decode and in ranges', async () => {
    const cues = Buffer.from('WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n'.repeat(200))
    const stored = gzipSync(cues)
    const headers = { 'Content-Encoding': 'gzip', 'Content-Language': 'de', 'Cache-Control': 'public, max-age=60' }
    const put = await fetch(sign('users/up/words.vtt', 'PUT'), { method: 'PUT', body: new Uint8Array(stored), headers })
    expect(put.status).toBe(200)
    const url = sign('users/up/words.vtt', 'GET')
    for (const method of ['first', 'second']) {
      const { answer, body } = await getRaw(url, { 'Accept-Encoding': 'gzip' })
      expect([method, answer.statusCode, answer.headers['content-encoding']]).toEqual([method, 200, 'gzip'])
      expect(answer.headers['content-language']).toBe('de')
      expect(answer.headers['cache-control']).toBe('private, max-age=60')
      expect(Buffer.compare(body, stored)).toBe(0)
    }
    expect(await (await fetch(url)).text()).toBe(cues.toString())
    const part = await getRaw(url, { 'Accept-Encoding': 'gzip', Range: 'bytes=5-14' })
    expect(part.answer.statusCode).toBe(206)
    expect(Buffer.compare(part.body, stored.subarray(5, 15))).toBe(0)
    // As browsers and fetch ask for a range: they take no coding then, and decode what comes all the same.
    const whole = await fetch(url, { headers: { Range: 'bytes=5-14' } })
    expect(whole.status).toBe(200)
    expect(await whole.text()).toBe(cues.toString())
  })

  it('stores what has a length and serves it back', async () => {
    const bytes = numberedBytes(300_000)
    const put = await fetch(sign('users/up/whole.mp4', 'PUT'), { method: 'PUT', body: bytes })
    expect(put.status).toBe(200)
    const response = await fetch(sign('users/up/whole.mp4', 'GET'))
    expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), bytes)).toBe(0)
    expect(response.headers.get('ETag')).toBe(put.headers.get('ETag'))
  })

  it('refuses a chunked body, whose length is unknown', async () => {
    const { sent, answer } = openPut('users/up/chunked.mp4', { 'Transfer-Encoding': 'chunked' })
    sent.write('some')
    sent.end('thing')
    expect((await answer).statusCode).toBe(411)
    expect(await statusOf('users/up/chunked.mp4')).toBe(404)
  })

  it('refuses a body over 100 MB', async () => {
    const { sent, answer } = openPut('users/up/large.mp4', { 'Content-Length': '100000001' })
    // None of it is sent: it is refused by its length, and what was on its way could overtake the answer as a reset.
    sent.flushHeaders()
    expect((await answer).statusCode).toBe(413)
    sent.destroy()
    expect(await statusOf('users/up/large.mp4')).toBe(404)
  })

  it('stores nothing of an upload that is cut off', async () => {
    const { sent, answer } = openPut('users/up/cut.mp4', { 'Content-Length': '1000000' })
    const failed = answer.then(
      ({ statusCode = 0 }) => statusCode >= 400,
      () => true,
    )
    await new Promise<void>((resolve) => sent.write(numberedBytes(400_000), () => resolve()))
    sent.destroy()
    expect(await failed).toBe(true)
    expect(await statusOf('users/up/cut.mp4')).toBe(404)
  })
})
