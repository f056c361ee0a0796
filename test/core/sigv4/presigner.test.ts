// Presigned URLs against AWS's published one, and against aws4fetch as a second opinion on random input.
import { AwsV4Signer } from 'aws4fetch'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPresigner, type PresignBatchInput, type SigningCredentials } from '../../../src/core/sigv4/presigner.ts'
import { awsDateTime } from '../../../src/core/sigv4/steps.ts'
import { encodeComponent, encodePath } from '../../../src/core/uri-encoding.ts'

const CREDENTIALS: SigningCredentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
}

const INPUT: PresignBatchInput = {
  method: 'GET',
  origin: 'https://examplebucket.s3.amazonaws.com',
  signedAtSeconds: 1_369_353_600,
  expiresSeconds: 86_400,
}

const CHARACTER = fc.constantFrom(
  ...'azAZ09-_.~ +%&=?#:;@,$!\'()*"<>[]{}|\\^`\u{0}\u{7f}'.split(''),
  'é',
  'e\u{301}',
  'ß',
  'ሴ',
  '日',
  '\u{200b}',
  '\u{ffff}',
  '😀',
  '𝒳',
  '%2F',
  '%2e',
  '%zz',
  '..',
  '//',
)

const METHOD = fc.constantFrom('GET', 'HEAD', 'PUT', 'DELETE')

const ORIGIN = fc.constantFrom(
  'https://account.r2.cloudflarestorage.com',
  'https://media.example',
  'https://media.example:443',
  'http://media.example:80',
  'http://media.example:443',
  'https://media.example:8443',
  'http://127.0.0.1:8787',
  'http://[::1]:9000',
  'http://localhost:80',
  'https://under_score.example',
)

const SIGNING_TIME = fc.record({
  signedAtSeconds: fc.integer({ min: 0, max: 4_102_444_800 }),
  expiresSeconds: fc.integer({ min: 1, max: 604_800 }),
})

/** Any key but one that a URL parser would fold: no segment is one or two dots, however they are spelt. */
function pathOf(maxLength: number): fc.Arbitrary<string> {
  return fc
    .string({ unit: CHARACTER, maxLength })
    .map((key) => `/${key}`)
    .filter((path) => !path.split('/').some((segment) => segment === '.' || segment === '..'))
}

const QUERY = fc.dictionary(
  fc.constantFrom(
    'response-content-disposition',
    'response-content-type',
    'x-id',
    'x-amz-checksum-mode',
    'Before',
    'é a',
  ),
  fc.string({ unit: CHARACTER, maxLength: 12 }),
  { noNullPrototype: true },
)

const CREDENTIAL = fc.record(
  {
    accessKeyId: fc.string({ unit: fc.constantFrom(...'aZ09-+/= '.split('')), minLength: 1, maxLength: 40 }),
    secretAccessKey: fc.string({ unit: CHARACTER, minLength: 1, maxLength: 80 }),
    region: fc.constantFrom('auto', 'us-east-1', 'a-region-with-a-long-name-that-moves-the-blocks'),
    sessionToken: fc.string({ unit: fc.constantFrom(...'aZ09+/='.split('')), minLength: 1, maxLength: 300 }),
  },
  { requiredKeys: ['accessKeyId', 'secretAccessKey', 'region'] },
)

function parametersOf(url: string): [string, string][] {
  return [...new URL(url).searchParams].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** What aws4fetch makes of the same request. It reads `+` in a path as a space, so the path comes encoded. */
async function signByAws4fetch(
  credentials: SigningCredentials,
  input: PresignBatchInput,
  path: string,
): Promise<string> {
  const query = Object.entries({ 'X-Amz-Expires': input.expiresSeconds.toString(), ...input.query })
    .map(([name, value]) => `${encodeComponent(name)}=${encodeComponent(value)}`)
    .join('&')
  const signer = new AwsV4Signer({
    ...credentials,
    method: input.method,
    url: `${input.origin}${encodePath(path)}?${query}`,
    headers: { ...input.headers },
    service: 's3',
    datetime: awsDateTime(input.signedAtSeconds),
    signQuery: true,
    allHeaders: true,
  })
  return (await signer.sign()).url.href
}

describe('createPresigner', () => {
  it.each(['accessKeyId', 'secretAccessKey', 'region', 'service', 'sessionToken'])('refuses an empty %s', (name) => {
    expect(() => createPresigner({ ...CREDENTIALS, [name]: '' })).toThrow(TypeError)
  })

  it('signs the same however many days were signed in between', () => {
    const presigner = createPresigner(CREDENTIALS)
    const days = Array.from({ length: 20 }, (_, day) => INPUT.signedAtSeconds + ((day * 7) % 20) * 86_400)
    for (const signedAtSeconds of [...days, ...days]) {
      const input = { ...INPUT, signedAtSeconds, path: '/test.txt' }
      expect(presigner.presign(input)).toBe(createPresigner(CREDENTIALS).presign(input))
    }
  })
})

describe('presign', () => {
  const presigner = createPresigner(CREDENTIALS)

  it('makes the URL that AWS publishes', () => {
    expect(presigner.presign({ ...INPUT, path: '/test.txt' })).toBe(
      'https://examplebucket.s3.amazonaws.com/test.txt' +
        '?X-Amz-Algorithm=AWS4-HMAC-SHA256' +
        '&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
        '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
        '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    )
  })

  it('signs the same parameters as aws4fetch does, whatever the key, method, region and port', async () => {
    await fc.assert(
      fc.asyncProperty(
        CREDENTIAL,
        METHOD,
        ORIGIN,
        SIGNING_TIME,
        QUERY,
        pathOf(60),
        async (credentials, method, origin, time, query, path) => {
          const input = { method, origin, ...time, query } as const
          const url = createPresigner(credentials).presign({ ...input, path })
          const expected = await signByAws4fetch(credentials, input, path)
          expect(parametersOf(url)).toEqual(parametersOf(expected))
          expect(new URL(url).pathname).toBe(new URL(expected).pathname)
          expect(new URL(url).origin).toBe(new URL(expected).origin)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('signs the headers of a PUT as aws4fetch does', async () => {
    const headers = { 'Content-Type': 'video/mp4', 'content-length': '1234', 'x-amz-meta-a': ' two  spaces ' }
    const input: PresignBatchInput = { ...INPUT, method: 'PUT', headers }
    const url = presigner.presign({ ...input, path: '/up.mp4' })
    const names = new URL(url).searchParams.get('X-Amz-SignedHeaders')
    expect(names).toBe('content-length;content-type;host;x-amz-meta-a')
    expect(parametersOf(url)).toEqual(parametersOf(await signByAws4fetch(CREDENTIALS, input, '/up.mp4')))
  })

  it('writes a URL that every parser leaves as it is', () => {
    fc.assert(
      fc.property(QUERY, pathOf(60), (query, path) => {
        const url = presigner.presign({ ...INPUT, query, path })
        expect(new URL(url).href).toBe(url)
        expect(url).not.toMatch(/[+\s"']/)
      }),
    )
  })

  it('begins its query with X-Amz- and ends it with the signature, whatever the extra names sort to', () => {
    const disposition = 'attachment; filename="a b.mp4"'
    const query = { Before: 'all', 'response-content-disposition': disposition, 'x-id': 'GetObject' }
    const search = presigner.presign({ ...INPUT, query, path: '/a' }).split('?')[1]
    expect(search).toMatch(/^X-Amz-Algorithm=AWS4-HMAC-SHA256&.*&X-Amz-Signature=[0-9a-f]{64}$/)
    expect(search).toContain(
      '&X-Amz-SignedHeaders=host&Before=all' +
        '&response-content-disposition=attachment%3B%20filename%3D%22a%20b.mp4%22' +
        '&x-id=GetObject&X-Amz-Signature=',
    )
  })

  it.each([
    ['https://media.example:443', 'https://media.example'],
    ['http://media.example:80', 'http://media.example'],
  ])('signs %s as %s, since no client sends a default port', (written, meant) => {
    const signed = presigner.presign({ ...INPUT, origin: written, path: '/a' })
    expect(signed).toBe(presigner.presign({ ...INPUT, origin: meant, path: '/a' }))
    expect(signed.startsWith(`${meant}/a?`)).toBe(true)
  })

  it('gives each method, path, host, port, time, expiry, header and parameter a signature of its own', () => {
    const base = { ...INPUT, path: '/a' }
    const urls = [
      base,
      { ...base, method: 'HEAD' as const },
      { ...base, path: '/a/' },
      { ...base, origin: 'https://other.example' },
      { ...base, origin: 'https://other.example:8443' },
      { ...base, signedAtSeconds: base.signedAtSeconds + 1 },
      { ...base, expiresSeconds: base.expiresSeconds + 1 },
      { ...base, headers: { 'content-type': 'video/mp4' } },
      { ...base, headers: { 'content-type': 'video/mp2t' } },
      { ...base, query: { 'x-id': 'GetObject' } },
    ].map((input) => presigner.presign(input).slice(-64))
    expect(new Set(urls).size).toBe(urls.length)
  })

  it.each([0, -1, 604_801, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses to live %d seconds',
    (expiresSeconds) => {
      expect(() => presigner.presign({ ...INPUT, path: '/a', expiresSeconds })).toThrow(TypeError)
    },
  )

  it.each([1, 604_800])('lives %i seconds', (expiresSeconds) => {
    const url = presigner.presign({ ...INPUT, path: '/a', expiresSeconds })
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe(expiresSeconds.toString())
  })

  it.each([-1, 0.5, Number.NaN])('refuses %d as the time it is signed at', (signedAtSeconds) => {
    expect(() => presigner.presign({ ...INPUT, path: '/a', signedAtSeconds })).toThrow(TypeError)
  })

  it.each([
    'https://media.example/',
    'https://media.example/path',
    'https://media.example?a',
    'https://media.example#a',
    'https://user@media.example',
    'https://media.example:',
    'https://media.example:0443',
    'https://media.example:65536',
    'https://media.example:-1',
    'https://Media.example',
    'https://média.example',
    'https://',
    '//media.example',
    'media.example',
    'ftp://media.example',
    'https://media.example\n',
    'https://media.example\\evil',
    '',
  ])('refuses the origin %j', (origin) => {
    expect(() => presigner.presign({ ...INPUT, origin, path: '/a' })).toThrow(TypeError)
  })

  it.each(['', 'a', 'bucket/key', '\\a', '?a', ' /a', '/a\ud800', '/\udc00a'])('refuses the path %j', (path) => {
    expect(() => presigner.presign({ ...INPUT, path })).toThrow(TypeError)
  })

  it.each(['', 'X-Amz-Expires', 'x-amz-signature', 'X-AMZ-CREDENTIAL', 'X-Amz-Security-Token', '\ud800'])(
    'refuses the extra parameter %j',
    (name) => {
      expect(() => presigner.presign({ ...INPUT, path: '/a', query: { [name]: '1' } })).toThrow(TypeError)
    },
  )

  it.each([{ Host: 'evil.example' }, { 'content-type': 'a\nb' }, { 'a b': 'c' }, { 'x-a': '\ud800' }])(
    'refuses the header %j',
    (headers: Record<string, string>) => {
      expect(() => presigner.presign({ ...INPUT, path: '/a', headers })).toThrow(TypeError)
    },
  )
})

describe('presignAll', () => {
  const presigner = createPresigner(CREDENTIALS)

  function expectSameAsPresign(input: PresignBatchInput, paths: string[], of = presigner): void {
    expect(of.presignAll(input, paths)).toEqual(paths.map((path) => of.presign({ ...input, path })))
  }

  it('makes the URL that AWS publishes', () => {
    expect(presigner.presignAll(INPUT, ['/test.txt'])[0]?.slice(-64)).toBe(
      'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    )
  })

  it('equals presign for paths of every length from 1 to 300', () => {
    const name = 'segment'.repeat(50)
    expectSameAsPresign(
      INPUT,
      Array.from({ length: 300 }, (_, length) => `/${name.slice(0, length)}`),
    )
  })

  it('equals presign for a folder of every length', () => {
    for (let length = 0; length <= 300; length++) {
      const folder = `/${'f'.repeat(length)}/`
      expectSameAsPresign(INPUT, [`${folder}0.ts`, `${folder}init.mp4`, `${folder}1.ts`])
    }
  })

  it('equals presign for any paths, methods, credentials and parameters', () => {
    const batch = fc.array(pathOf(300), { maxLength: 70 })
    fc.assert(
      fc.property(
        CREDENTIAL,
        METHOD,
        ORIGIN,
        SIGNING_TIME,
        QUERY,
        batch,
        fc.constantFrom('', '/bucket/users/é 1'),
        (credentials, method, origin, time, query, paths, folder) => {
          const input = { method, origin, ...time, query }
          expectSameAsPresign(
            input,
            paths.map((path) => folder + path),
            createPresigner(credentials),
          )
        },
      ),
      { numRuns: 60 },
    )
  })

  it('equals presign when headers are signed', () => {
    const headers = { 'content-type': 'video/mp4', 'content-length': '9' }
    expectSameAsPresign({ ...INPUT, method: 'PUT', headers }, ['/b/a.mp4', '/b/b.mp4'])
  })

  it.each([
    ['nothing in common', ['/a/1', '/b/1', '/c']],
    ['one path inside another’s folder', ['/a/b/1', '/a/b/c/1', '/a/1']],
    ['a folder itself', ['/a/', '/a/b', '/a/']],
    ['repeated paths', ['/a/1', '/a/1', '/a/1']],
    ['empty segments', ['//', '///a', '//b', '/']],
    ['characters that share a half', ['/a/😀', '/a/😁', '/a/😀😀']],
    ['folders that differ in half a character', ['/😀/1', '/😁/1']],
  ])('equals presign for %s', (_, paths) => {
    expectSameAsPresign(INPUT, paths)
  })

  it('gives nothing for nothing', () => {
    expect(presigner.presignAll(INPUT, [])).toEqual([])
  })

  it.each([[['/a', 'b']], [['']], [['/a', '/b\ud800']], [['\ud800/a', '/b']], [['/\ud800/a', '/\ud800/b']]])(
    'refuses the paths %j',
    (paths) => {
      expect(() => presigner.presignAll(INPUT, paths)).toThrow(TypeError)
    },
  )

  it.each([
    { expiresSeconds: 0 },
    { expiresSeconds: 604_801 },
    { origin: 'https://media.example/' },
    { signedAtSeconds: -1 },
  ])('refuses %j even for no paths', (wrong) => {
    expect(() => presigner.presignAll({ ...INPUT, ...wrong }, [])).toThrow(TypeError)
  })
})
