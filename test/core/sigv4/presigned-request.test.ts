// Every part of a presigned URL, changed one at a time. What the signer made is accepted, and nothing else.
import { describe, expect, it } from 'vitest'
import { edgeCredentials } from '../../../src/core/sigv4/edge-credentials.ts'
import { createPresignedVerifier, type PresignedRequest } from '../../../src/core/sigv4/presigned-request.ts'
import { createPresigner, type PresignInput } from '../../../src/core/sigv4/presigner.ts'

const CURRENT = edgeCredentials('the current secret of this table, long')
const PREVIOUS = edgeCredentials('the previous secret of this table, long')
const NOW = Date.UTC(2026, 10, 21, 12) / 1000
const verifier = createPresignedVerifier([CURRENT, PREVIOUS], 'auto')

function sign(input: Partial<PresignInput> = {}, credentials = CURRENT, region = 'auto'): URL {
  return new URL(
    createPresigner({ ...credentials, region }).presign({
      method: 'GET',
      origin: 'https://cdn.example.com',
      path: '/media/users/u/film.mp4',
      signedAtSeconds: NOW,
      expiresSeconds: 3600,
      ...input,
    }),
  )
}

function verify(url: URL, request: Partial<PresignedRequest> = {}, nowSeconds = NOW) {
  return verifier.verify(
    {
      methods: ['GET'],
      host: url.host,
      rawPath: url.pathname,
      rawQuery: url.search.slice(1),
      headers: {},
      ...request,
    },
    nowSeconds,
  )
}

const reasonOf = (verdict: ReturnType<typeof verify>) => (verdict.ok ? 'ok' : verdict.reason)

describe('a URL as it was signed', () => {
  it('is accepted, with the decoded path and its last second', () => {
    expect(verify(sign())).toEqual({
      ok: true,
      path: '/media/users/u/film.mp4',
      expiresAtSeconds: NOW + 3600,
      signedHeaders: ['host'],
      contentDisposition: undefined,
      part: undefined,
    })
  })

  it.each([
    "/media/a b+c%ä漢😀/x!'()*.ts",
    '/media/a//b',
    '/media/100%25.ts',
    '/media/~user/-_.mp4',
    '/media/?#&=.mp4',
  ])('is accepted for %s', (path) => {
    expect(verify(sign({ path }))).toMatchObject({ ok: true, path })
  })

  it('is accepted when a proxy spells unreserved characters in another way', () => {
    const url = sign()
    expect(verify(url, { rawPath: '/media/%75sers/u/film%2Emp4' })).toMatchObject({
      ok: true,
      path: '/media/users/u/film.mp4',
    })
  })

  it('is accepted with the previous secret during a rotation', () => {
    expect(verify(sign({}, PREVIOUS)).ok).toBe(true)
    const afterRotation = createPresignedVerifier([CURRENT], 'auto')
    const url = sign({}, PREVIOUS)
    const verdict = afterRotation.verify(
      { methods: ['GET'], host: url.host, rawPath: url.pathname, rawQuery: url.search.slice(1), headers: {} },
      NOW,
    )
    expect(verdict).toEqual({ ok: false, reason: 'unknown_key' })
  })

  it('brings the signed name of a download', () => {
    const url = sign({ query: { 'response-content-disposition': 'attachment; filename="a b.mp4"' } })
    expect(verify(url)).toMatchObject({ ok: true, contentDisposition: 'attachment; filename="a b.mp4"' })
  })

  it.each(['CMCD=br%3D3200', 'CMSD=x', '_HLS_msn=3&_HLS_part=1', '_HLS_primary_id=a', 'CMCD', 'CMCD=%ff%zz'])(
    'is accepted with what players add: %s',
    (added) => {
      const url = sign()
      expect(verify(url, { rawQuery: `${url.search.slice(1)}&${added}` }).ok).toBe(true)
      expect(verify(url, { rawQuery: `${added}&${url.search.slice(1)}` }).ok).toBe(true)
    },
  )
})

describe('time', () => {
  it.each([
    [0, 'ok'],
    [3599, 'ok'],
    [3600, 'expired'],
    [86_400 * 30, 'expired'],
    [-900, 'ok'],
    [-901, 'not_yet_valid'],
  ])('%i seconds after it was signed: %s', (seconds, expected) => {
    expect(reasonOf(verify(sign(), {}, NOW + seconds))).toBe(expected)
  })

  it('holds for seven days and no second longer', () => {
    const url = sign({ expiresSeconds: 604_800 })
    expect(verify(url, {}, NOW + 604_799).ok).toBe(true)
    expect(reasonOf(verify(url, {}, NOW + 604_800))).toBe('expired')
    url.searchParams.set('X-Amz-Expires', '604801')
    expect(reasonOf(verify(url))).toBe('malformed')
  })
})

describe('method', () => {
  it.each([
    ['GET', ['GET'], 'ok'],
    ['GET', ['GET', 'HEAD'], 'ok'],
    ['HEAD', ['GET', 'HEAD'], 'ok'],
    ['HEAD', ['GET'], 'mismatch'],
    ['PUT', ['GET', 'HEAD'], 'mismatch'],
    ['DELETE', ['GET', 'HEAD'], 'mismatch'],
    ['GET', ['PUT'], 'mismatch'],
  ] as const)('signed for %s, allowed %j: %s', (method, methods, expected) => {
    expect(reasonOf(verify(sign({ method }), { methods }))).toBe(expected)
  })
})

describe('signed headers', () => {
  const put = { method: 'PUT', headers: { 'content-length': '5', 'content-type': 'video/mp4' } } as const

  it('must be there and be the same', () => {
    const url = sign(put)
    const sent = (headers: Record<string, string | undefined>) => reasonOf(verify(url, { methods: ['PUT'], headers }))
    expect(sent({ 'content-length': '5', 'content-type': 'video/mp4' })).toBe('ok')
    expect(sent({ 'content-length': '6', 'content-type': 'video/mp4' })).toBe('mismatch')
    expect(sent({ 'content-length': '5', 'content-type': 'text/html' })).toBe('mismatch')
    expect(sent({ 'content-length': undefined, 'content-type': 'video/mp4' })).toBe('malformed')
    expect(sent({})).toBe('malformed')
  })

  it('may only be those the caller allows: for a read, host alone', () => {
    expect(reasonOf(verify(sign({ headers: { range: 'bytes=0-1' } })))).toBe('malformed')
    expect(reasonOf(verify(sign({ headers: { 'x-amz-acl': 'public-read' } }), { headers: {} }))).toBe('malformed')
  })

  it.each([
    '',
    'content-type',
    'host;host',
    'host;content-type',
    'Host',
    'host;',
    ';host',
    'host, host',
    'constructor;host',
  ])('listed as %j are refused', (names) => {
    const url = sign()
    url.searchParams.set('X-Amz-SignedHeaders', names)
    expect(reasonOf(verify(url, { headers: { 'content-type': 'a' } }))).toBe('malformed')
  })
})

describe('the address', () => {
  it('is bound to its host', () => {
    for (const host of ['cdn.example.org', 'CDN.example.com', 'cdn.example.com:8443', 'cdn.example.com.', '']) {
      expect(reasonOf(verify(sign(), { host }))).toBe('mismatch')
    }
  })

  it.each([
    '/media/users/u/film.mp3',
    '/media/users/u/film.mp4/',
    '/media/users/u//film.mp4',
    '/media/users/U/film.mp4',
    '/media/users/u/film.mp4%20',
    '/media/users/v/film.mp4',
    '/other/users/u/film.mp4',
    '/',
  ])('is bound to its path: %s', (rawPath) => {
    expect(reasonOf(verify(sign(), { rawPath }))).toBe('mismatch')
  })

  it.each([
    '/media/users%2fu/film.mp4',
    '/media/users%2Fu/film.mp4',
    '/media/users%5cu/film.mp4',
    '/media/users\\u/film.mp4',
    '/media/users/u/film.mp4%00',
    '/media/users/u/film.mp4%',
    '/media/users/u/film.mp4%zz',
    '/media/users/u/%c0%ae.mp4',
  ])('has no ambiguous spelling: %s', (rawPath) => {
    expect(reasonOf(verify(sign(), { rawPath }))).toBe('malformed')
  })
})

describe('the query', () => {
  const edit = (change: (parts: string[]) => string[]): string => {
    const url = sign()
    return reasonOf(verify(url, { rawQuery: change(url.search.slice(1).split('&')).join('&') }))
  }

  it('may stand in another order', () => {
    expect(edit((parts) => parts.toReversed())).toBe('ok')
  })

  it.each([
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Date',
    'X-Amz-Expires',
    'X-Amz-SignedHeaders',
    'X-Amz-Signature',
  ])('needs %s once', (name) => {
    const isIt = (part: string) => part.startsWith(`${name}=`)
    expect(edit((parts) => parts.filter((part) => !isIt(part)))).toBe('malformed')
    expect(edit((parts) => [...parts, ...parts.filter(isIt)])).toBe('malformed')
    expect(edit((parts) => parts.map((part) => (isIt(part) ? `${name}=` : part)))).toBe('malformed')
    expect(edit((parts) => parts.map((part) => (isIt(part) ? name : part)))).toBe('malformed')
    expect(edit((parts) => parts.map((part) => (isIt(part) ? part.toLowerCase() : part)))).toBe('malformed')
  })

  it.each([
    'x=1',
    'X-Amz-Security-Token=a',
    'X-Amz-Content-Sha256=a',
    'x-id=GetObject',
    'response-content-type=text%2Fhtml',
    'versionId=1',
    'cmcd=1',
    'CMCDX=1',
    '_HLS_=1',
    '_hls_msn=1',
    'partNumber=1',
    '',
    '=',
    '%ff=1',
    '%=1',
  ])('may not grow by %j', (added) => {
    expect(edit((parts) => [...parts, added])).toBe('malformed')
  })

  it('may not gain a download name that was not signed', () => {
    expect(edit((parts) => [...parts, 'response-content-disposition=inline'])).toBe('mismatch')
  })

  it.each([
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA1', 'malformed'],
    ['X-Amz-Algorithm', 'AWS4-ECDSA-P256-SHA256', 'malformed'],
    ['X-Amz-Date', '20261121T120001Z', 'mismatch'],
    ['X-Amz-Date', '20261122T120000Z', 'malformed'],
    ['X-Amz-Date', '20261121T120000', 'malformed'],
    ['X-Amz-Date', '2026-11-21T12:00:00Z', 'malformed'],
    ['X-Amz-Date', '20261121T240000Z', 'malformed'],
    ['X-Amz-Expires', '3601', 'mismatch'],
    ['X-Amz-Expires', '604800', 'mismatch'],
    ['X-Amz-Expires', '0', 'malformed'],
    ['X-Amz-Expires', '-1', 'malformed'],
    ['X-Amz-Expires', '03600', 'malformed'],
    ['X-Amz-Expires', '3600.0', 'malformed'],
    ['X-Amz-Expires', '1e3', 'malformed'],
    ['X-Amz-Signature', '0'.repeat(64), 'mismatch'],
    ['X-Amz-Signature', '0'.repeat(63), 'malformed'],
    ['X-Amz-Signature', 'A'.repeat(64), 'malformed'],
    ['X-Amz-Credential', `${CURRENT.accessKeyId}/20261121/us-east-1/s3/aws4_request`, 'unknown_key'],
    ['X-Amz-Credential', `${CURRENT.accessKeyId}/20261121/auto/ec2/aws4_request`, 'unknown_key'],
    ['X-Amz-Credential', `${CURRENT.accessKeyId}/20261121/auto/s3/aws4`, 'unknown_key'],
    ['X-Amz-Credential', `${CURRENT.accessKeyId}/20261121/auto/s3/aws4_request/x`, 'unknown_key'],
    ['X-Amz-Credential', `${CURRENT.accessKeyId}/20261120/auto/s3/aws4_request`, 'malformed'],
    ['X-Amz-Credential', `${PREVIOUS.accessKeyId}/20261121/auto/s3/aws4_request`, 'mismatch'],
    ['X-Amz-Credential', 'somebody/20261121/auto/s3/aws4_request', 'unknown_key'],
    ['X-Amz-Credential', '/20261121/auto/s3/aws4_request', 'malformed'],
  ])('with %s = %s is refused', (name, value, expected) => {
    expect(
      edit((parts) =>
        parts.map((part) => (part.startsWith(`${name}=`) ? `${name}=${encodeURIComponent(value)}` : part)),
      ),
    ).toBe(expected)
  })

  it('is refused when signed for another region', () => {
    expect(reasonOf(verify(sign({}, CURRENT, 'us-east-1')))).toBe('unknown_key')
  })

  it('takes a date that does not exist for none', () => {
    const url = sign()
    url.searchParams.set('X-Amz-Date', '20260230T120000Z')
    url.searchParams.set('X-Amz-Credential', `${CURRENT.accessKeyId}/20260230/auto/s3/aws4_request`)
    expect(reasonOf(verify(url))).toBe('malformed')
  })
})

describe('edgeCredentials', () => {
  it('names a secret without showing it, the same way every time', () => {
    expect(CURRENT.accessKeyId).toMatch(/^edge-[0-9a-f]{16}$/)
    expect(CURRENT.accessKeyId).not.toBe(PREVIOUS.accessKeyId)
    expect(edgeCredentials(CURRENT.secretAccessKey)).toEqual(CURRENT)
  })
})
