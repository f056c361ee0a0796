import { exportSPKI, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { readConfig, type Config } from '../../src/config/config.ts'
import { VARIABLES } from '../support/service.ts'

function read(variables: Readonly<Record<string, string>>): Config {
  const result = readConfig({ ...VARIABLES, ...variables })
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.config
}

function problemsOf(variables: Readonly<Record<string, string>>): string[] {
  const result = readConfig({ ...VARIABLES, ...variables })
  return result.ok ? [] : result.problems.map(({ name }) => name)
}

describe('readConfig', () => {
  it('counts an empty variable as unset', () => {
    expect(read({ S3_REGION: ' ', URL_TTL_SECONDS: '' })).toMatchObject({
      s3: { region: 'auto' },
      signing: { urlTtlSeconds: 3600, windowSeconds: 900 },
    })
  })

  it('derives the endpoint of R2 from the account', () => {
    expect(read({ S3_ENDPOINT: '', R2_ACCOUNT_ID: 'abc123' }).s3?.endpoint).toBe(
      'https://abc123.r2.cloudflarestorage.com',
    )
  })

  it.each([
    ['https://S3.Example.com:443/base/', 'https://s3.example.com/base'],
    ['http://localhost:9000', 'http://localhost:9000'],
    ['/cdn-cgi/local/r2/s3/', '/cdn-cgi/local/r2/s3'],
  ])('spells the endpoint %s as clients do: %s', (given, endpoint) => {
    expect(read({ S3_ENDPOINT: given }).s3?.endpoint).toBe(endpoint)
  })

  it.each([
    'ftp://s3.example.com',
    'https://user:pass@s3.example.com',
    'https://s3.example.com/?x',
    '//s3.example.com',
  ])('refuses the endpoint %s', (endpoint) => {
    expect(problemsOf({ S3_ENDPOINT: endpoint })).toEqual(['S3_ENDPOINT'])
  })

  it.each(['https://a.example.com/', 'a.example.com', 'https://*.example.com', 'null', 'https://a.example.com;b'])(
    'refuses %s as an origin',
    (origin) => {
      expect(problemsOf({ CORS_ORIGINS: origin })).toEqual(['CORS_ORIGINS'])
    },
  )

  it.each(['0', '-1', '1e3', '3600.5', '86401', ' x'])('refuses a signing window of %s', (seconds) => {
    expect(problemsOf({ SIGN_WINDOW_SECONDS: seconds })).toEqual(['SIGN_WINDOW_SECONDS'])
  })

  it.each(['7', '901', '3601', '43201', '86399'])(
    'F31: refuses a signing window of %s, which does not divide a day',
    (seconds) => {
      expect(problemsOf({ SIGN_WINDOW_SECONDS: seconds })).toEqual(['SIGN_WINDOW_SECONDS'])
    },
  )

  it.each(['1', '60', '900', '3600', '5400', '86400'])('F31: takes a signing window of %s', (seconds) => {
    expect(read({ SIGN_WINDOW_SECONDS: seconds }).signing.windowSeconds).toBe(Number(seconds))
  })

  it('has the defaults of the contract for Clerk', () => {
    expect(read({ CLERK_ISSUER: 'https://clerk.example.com' })).toMatchObject({
      clerk: {
        issuer: 'https://clerk.example.com',
        keys: { jwksUrl: 'https://clerk.example.com/.well-known/jwks.json' },
        authorizedParties: { origins: new Set(), allowsMissing: false },
        api: undefined,
        webhookSecret: undefined,
      },
      keyCacheSeconds: 30,
    })
  })

  it('reads parties and addresses', () => {
    const variables = {
      CLERK_AUTHORIZED_PARTIES: 'https://a.example.com, https://b.example.com,',
      CLERK_JWKS_URL: 'http://127.0.0.1:9999/keys',
      CLERK_SECRET_KEY: 'sk_test_x',
      CLERK_ALLOW_MISSING_AZP: 'true',
    }
    expect(read(variables).clerk).toMatchObject({
      keys: { jwksUrl: 'http://127.0.0.1:9999/keys' },
      authorizedParties: { origins: new Set(['https://a.example.com', 'https://b.example.com']), allowsMissing: true },
      api: { url: 'https://api.clerk.com', secretKey: 'sk_test_x' },
    })
  })

  it.each([
    ['CLERK_ISSUER', 'clerk.example.com'],
    ['CLERK_ISSUER', 'https://clerk.example.com/'],
    ['CLERK_ISSUER', 'http://clerk.example.com'],
    ['CLERK_JWKS_URL', 'http://clerk.example.com/jwks.json'],
    ['CLERK_API_URL', 'http://api.clerk.com'],
    ['CLERK_JWT_KEY', 'secret'],
    ['CLERK_JWT_KEY', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'],
    ['CLERK_JWT_KEY', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'],
    ['CLERK_WEBHOOK_SECRET', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['CLERK_WEBHOOK_SECRET', 'whsec_'],
    ['CLERK_WEBHOOK_SECRET', 'whsec_not base64'],
    ['CLERK_ALLOW_MISSING_AZP', 'yes'],
    ['KEY_CACHE_SECONDS', '-1'],
    ['KEY_CACHE_SECONDS', '3601'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([name])
  })

  it('takes a pinned key in PEM, but for one too small for RS256', async () => {
    const pemOf = async (modulusLength: number) =>
      await exportSPKI((await generateKeyPair('RS256', { modulusLength, extractable: true })).publicKey)
    const pem = (await pemOf(2048)).trim()
    expect(read({ CLERK_JWT_KEY: pem.replaceAll('\n', '\\n') }).clerk.keys).toEqual({ pem })
    const small = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]) }
    const pair = await crypto.subtle.generateKey({ ...small, hash: 'SHA-256' }, true, ['sign', 'verify'])
    const weak = btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))))
    const weakPem = `-----BEGIN PUBLIC KEY-----\n${weak}\n-----END PUBLIC KEY-----`
    expect(problemsOf({ CLERK_JWT_KEY: weakPem })).toEqual(['CLERK_JWT_KEY'])
  })
})

describe('delivery', () => {
  const SECRET = 'x'.repeat(32)
  const NO_S3 = { S3_ENDPOINT: '', S3_BUCKET: '', R2_ACCESS_KEY_ID: '', R2_SECRET_ACCESS_KEY: '' }

  it('is s3 when there is an access key, and edge when there is none', () => {
    expect(read({}).delivery.kind).toBe('s3')
    expect(read({}).edge).toBeUndefined()
    const edge = read({ ...NO_S3, EDGE_SIGNING_SECRET: SECRET })
    expect(edge.delivery).toEqual({ kind: 'edge', edge: edge.edge })
    expect(edge.s3).toBeUndefined()
  })

  it('is what it is told to be, and keeps the other ready when it is configured', () => {
    const both = { EDGE_SIGNING_SECRET: SECRET }
    expect(read({ ...both, DELIVERY: 'edge' })).toMatchObject({ delivery: { kind: 'edge' }, s3: { bucket: 'media' } })
    expect(read({ ...both, DELIVERY: 's3' })).toMatchObject({ delivery: { kind: 's3' }, edge: { secret: SECRET } })
  })

  it('wants the variables of s3 only for s3', () => {
    expect(problemsOf({ ...NO_S3, EDGE_SIGNING_SECRET: SECRET })).toEqual([])
    expect(problemsOf({ ...NO_S3, DELIVERY: 's3' })).toEqual([
      'S3_ENDPOINT',
      'S3_BUCKET',
      'R2_ACCESS_KEY_ID',
      'R2_SECRET_ACCESS_KEY',
    ])
    expect(problemsOf(NO_S3)).toEqual(['EDGE_SIGNING_SECRET'])
  })

  it.each<[string, Record<string, string>]>([
    ['DELIVERY', { DELIVERY: 'S3' }],
    ['EDGE_SIGNING_SECRET', { EDGE_SIGNING_SECRET: 'x'.repeat(31) }],
    ['EDGE_SIGNING_SECRET_PREVIOUS', { EDGE_SIGNING_SECRET: SECRET, EDGE_SIGNING_SECRET_PREVIOUS: 'short' }],
    ['EDGE_ORIGIN', { EDGE_SIGNING_SECRET: SECRET, EDGE_ORIGIN: 'https://cdn.example.com/media' }],
    ['EDGE_ORIGIN', { EDGE_SIGNING_SECRET: SECRET, EDGE_ORIGIN: 'cdn.example.com' }],
  ])('refuses a wrong %s', (name, variables) => {
    expect(problemsOf(variables)).toEqual([name])
  })

  it('takes an edge origin with or without its closing slash', () => {
    for (const origin of ['https://cdn.example.com', 'https://cdn.example.com/']) {
      expect(read({ EDGE_SIGNING_SECRET: SECRET, EDGE_ORIGIN: origin }).edge?.origin).toBe('https://cdn.example.com')
    }
  })
})

describe('the pages', () => {
  it('have our brand and let every site embed films, unless told', () => {
    expect(read({})).toMatchObject({ brand: { name: 'lynxgate', isCustom: false }, embedOrigins: '*' })
    expect(read({ EMBED_ORIGINS: 'none' }).embedOrigins).toEqual({ exact: new Set(), wildcards: [] })
    expect(read({ BRAND_NAME: ' Nordlicht ', BRAND_COLOR: '#0aF' }).brand).toEqual({
      name: 'Nordlicht',
      logoUrl: undefined,
      color: '#00aaFF',
      isCustom: true,
    })
  })

  it.each([
    ['BRAND_NAME', 'x'.repeat(65)],
    ['BRAND_NAME', 'two\nlines'],
    ['BRAND_COLOR', 'red'],
    ['BRAND_COLOR', '#12345'],
    ['BRAND_COLOR', '#fff}body{display:none'],
    ['BRAND_LOGO_URL', 'http://cdn.example.com/logo.svg'],
    ['BRAND_LOGO_URL', '//cdn.example.com/logo.svg'],
    ['BRAND_LOGO_URL', 'https://user:pass@cdn.example.com/logo.svg'],
    ['BRAND_LOGO_URL', 'https://cdn.example.com;script-src/logo.svg'],
    ['BRAND_LOGO_URL', 'data:image/svg+xml,x'],
    ['EMBED_ORIGINS', 'example.com'],
    ['EMBED_ORIGINS', 'https://*.com'],
    ['EMBED_ORIGINS', "https://a.example 'unsafe-inline'"],
  ])('refuse %s=%s', (name, value) => {
    expect(problemsOf({ BRAND_NAME: 'Nordlicht', [name]: value })).toEqual([name])
  })

  it('want a name for a logo', () => {
    expect(problemsOf({ BRAND_LOGO_URL: '/logo.svg' })).toEqual(['BRAND_NAME'])
  })
})
