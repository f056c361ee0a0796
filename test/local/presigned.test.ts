// URLs made by our signer against a real S3 endpoint: the local R2 verifies them as the real one does.
import { describe, expect, it } from 'vitest'
import { DEMO_USER_ID } from '../../src/cli/start/demo.ts'
import { createPresigner, type PresignInput } from '../../src/core/sigv4/presigner.ts'
import { startLocalService } from '../support/local-service.ts'

const { url: origin, demoJobId } = await startLocalService()
const presigner = createPresigner({
  accessKeyId: 'lynxgate-local',
  secretAccessKey: 'lynxgate-local-secret',
  region: 'auto',
})
const BUCKET = '/cdn-cgi/local/r2/s3/lynxgate-media/'
const FILM = `users/${DEMO_USER_ID}/lynxgate-demo.mp4`
const now = Math.floor(Date.now() / 1000)

const sign = (key: string, input: Partial<PresignInput> = {}): string =>
  presigner.presign({
    method: 'GET',
    origin,
    path: BUCKET + key,
    signedAtSeconds: now - 60,
    expiresSeconds: 3600,
    ...input,
  })

describe('a presigned GET', () => {
  it('is served, whole and in ranges', async () => {
    const whole = await fetch(sign(FILM))
    expect(whole.status).toBe(200)
    const bytes = new Uint8Array(await whole.arrayBuffer())
    const part = await fetch(sign(FILM), { headers: { Range: 'bytes=100-199' } })
    expect(part.status).toBe(206)
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.slice(100, 200))
  })

  it('is refused when any byte of the signature, the key or the time is changed', async () => {
    const good = new URL(sign(FILM))
    const changed = [
      good.href.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      good.href.replace('lynxgate-demo.mp4', 'another.mp4'),
      good.href.replace('X-Amz-Expires=3600', 'X-Amz-Expires=7200'),
      `${good.href}&x=1`,
    ]
    for (const url of changed) expect((await fetch(url)).status).toBe(403)
  })

  it('is refused after it expired', async () => {
    const response = await fetch(sign(FILM, { signedAtSeconds: now - 7200, expiresSeconds: 3600 }))
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('ExpiredRequest')
  })

  it('is refused for another method, which needs its own signature', async () => {
    expect((await fetch(sign(FILM), { method: 'HEAD' })).status).toBe(403)
    expect((await fetch(sign(FILM, { method: 'HEAD' }), { method: 'HEAD' })).status).toBe(200)
  })
})

describe('a presigned PUT', () => {
  const names = [
    'plain.txt',
    'a b+c%25.txt',
    "quotes 'and' (marks)!*.txt",
    'ümlaut 漢字 😀.txt',
    '...txt',
    '~tilde.txt',
  ]

  it.each(names)('stores %j, which a presigned GET then reads', async (name) => {
    const key = `users/${DEMO_USER_ID}/presigned-test/${name}`
    const body = `content of ${name}`
    const headers = { 'content-type': 'text/plain' }
    const put = await fetch(sign(key, { method: 'PUT', headers }), { method: 'PUT', body, headers })
    expect(put.status).toBe(200)
    expect(await (await fetch(sign(key))).text()).toBe(body)
    expect((await fetch(sign(key, { method: 'DELETE' }), { method: 'DELETE' })).status).toBe(204)
  })

  it('is refused when a signed header differs', async () => {
    const url = sign(`users/${DEMO_USER_ID}/presigned-test/typed.txt`, {
      method: 'PUT',
      headers: { 'content-type': 'text/plain' },
    })
    const response = await fetch(url, { method: 'PUT', body: 'x', headers: { 'content-type': 'text/html' } })
    expect(response.status).toBe(403)
  })
})

describe('every URL that playback hands out', () => {
  it('is served: thumbnail, original and each object of the demo stream', async () => {
    for (const path of [`thumbnail/${demoJobId}`, `direct?job_id=${demoJobId}`]) {
      const response = await fetch(`${origin}/api/playback/${path}`)
      expect(response.status).toBe(200)
      await response.body?.cancel()
    }
    const urls = await mediaUrls(`${origin}/api/playback/stream/${demoJobId}`)
    expect(urls.size).toBeGreaterThan(20)
    for (const url of urls) {
      const response = await fetch(url)
      expect(response.status, url.split('?')[0]).toBe(200)
      await response.body?.cancel()
    }
  })
})

/** Follows a playlist as a player does, to the media it names. */
async function mediaUrls(playlistUrl: string): Promise<Set<string>> {
  const response = await fetch(playlistUrl)
  expect(response.status, playlistUrl).toBe(200)
  const text = await response.text()
  const found = new Set<string>()
  const references = [...text.matchAll(/^(?!#)(\S+)$|URI="([^"]+)"/gm)].map(([, line, quoted]) => line ?? quoted ?? '')
  for (const reference of references) {
    const url = new URL(reference, playlistUrl)
    if (url.searchParams.has('X-Amz-Signature')) found.add(url.href)
    else for (const media of await mediaUrls(url.href)) found.add(media)
  }
  return found
}
