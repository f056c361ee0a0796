import { describe, expect, it } from 'vitest'
import { readConfig, type Config } from '../src/config.ts'
import { VARIABLES } from './support/service.ts'

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
    expect(read({ S3_ENDPOINT: '', R2_ACCOUNT_ID: 'abc123' }).s3.endpoint).toBe(
      'https://abc123.r2.cloudflarestorage.com',
    )
  })

  it.each([
    ['https://S3.Example.com:443/base/', 'https://s3.example.com/base'],
    ['http://localhost:9000', 'http://localhost:9000'],
    ['/cdn-cgi/local/r2/s3/', '/cdn-cgi/local/r2/s3'],
  ])('spells the endpoint %s as clients do: %s', (given, endpoint) => {
    expect(read({ S3_ENDPOINT: given }).s3.endpoint).toBe(endpoint)
  })

  it.each(['ftp://s3.example.com', 'https://user:pass@s3.example.com', 'https://s3.example.com/?x', '//s3.example.com'])(
    'refuses the endpoint %s',
    (endpoint) => {
      expect(problemsOf({ S3_ENDPOINT: endpoint })).toEqual(['S3_ENDPOINT'])
    },
  )

  it.each(['https://a.example.com/', 'a.example.com', 'https://*.example.com', 'null', 'https://a.example.com;b'])(
    'refuses %s as an origin',
    (origin) => {
      expect(problemsOf({ CORS_ORIGINS: origin })).toEqual(['CORS_ORIGINS'])
    },
  )

  it.each(['0', '-1', '1e3', '3600.5', '86401', ' x'])('refuses a signing window of %s', (seconds) => {
    expect(problemsOf({ SIGN_WINDOW_SECONDS: seconds })).toEqual(['SIGN_WINDOW_SECONDS'])
  })
})
