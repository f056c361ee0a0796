// Env → Config: read once, every problem reported together by name. Values never leave this file in a message.
import { version } from '../package.json'

/** Who may read responses from a browser: everybody, or exactly these origins. */
export type OriginRule = '*' | ReadonlySet<string>

export interface S3Config {
  /** `https://host[:port][/path]` without a closing slash; one that starts with `/` is on the request's own origin. */
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface Config {
  readonly version: string
  readonly cors: { readonly api: OriginRule; readonly playback: OriginRule }
  readonly s3: S3Config
  /** Of a film that the start page offers; set by `npm start`. */
  readonly demoJobId: string | undefined
  readonly signing: { readonly urlTtlSeconds: number; readonly windowSeconds: number }
}

export interface ConfigProblem {
  readonly name: string
  readonly reason: string
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

export const VERSION: string = version

/** Reads every variable the service knows; an empty one counts as unset. */
export function readConfig(env: Readonly<Record<string, unknown>>): ConfigResult {
  const problems: ConfigProblem[] = []
  const read = variables(env, problems)

  read.required('CLERK_ISSUER')
  const accountId = read.text('R2_ACCOUNT_ID')
  const config: Config = {
    version,
    cors: { api: read.origins('CORS_ORIGINS', ''), playback: read.origins('PLAYBACK_CORS_ORIGINS', '*') },
    s3: {
      endpoint: read.endpoint(
        'S3_ENDPOINT',
        accountId === undefined ? undefined : `https://${accountId}.r2.cloudflarestorage.com`,
        'set it, or set R2_ACCOUNT_ID',
      ),
      region: read.text('S3_REGION') ?? 'auto',
      bucket: read.required('S3_BUCKET'),
      accessKeyId: read.required('R2_ACCESS_KEY_ID'),
      secretAccessKey: read.required('R2_SECRET_ACCESS_KEY'),
    },
    demoJobId: read.text('DEMO_JOB_ID'),
    signing: {
      urlTtlSeconds: read.integer('URL_TTL_SECONDS', 3600, 60, 604_800),
      windowSeconds: read.integer('SIGN_WINDOW_SECONDS', 900, 1, 86_400),
    },
  }
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems }
}

/** Readers that never throw: they note the problem and go on with a harmless value. */
function variables(env: Readonly<Record<string, unknown>>, problems: ConfigProblem[]) {
  const text = (name: string): string | undefined => {
    const value = env[name]
    if (typeof value !== 'string') return undefined
    const trimmed = value.trim()
    return trimmed === '' ? undefined : trimmed
  }
  const problem = (name: string, reason: string): void => {
    problems.push({ name, reason })
  }
  return {
    text,
    required(name: string): string {
      const value = text(name)
      if (value === undefined) problem(name, 'is required')
      return value ?? ''
    },
    integer(name: string, fallback: number, min: number, max: number): number {
      const value = text(name)
      if (value === undefined) return fallback
      const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
      if (number >= min && number <= max) return number
      problem(name, `must be a whole number from ${min} to ${max}`)
      return fallback
    },
    origins(name: string, fallback: string): OriginRule {
      const value = text(name) ?? fallback
      if (value === '*') return '*'
      const list = value
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '')
      if (list.some((entry) => !isOrigin(entry))) {
        problem(name, 'must be * or comma-separated origins such as https://app.example.com')
      }
      return new Set(list)
    },
    endpoint(name: string, fallback: string | undefined, hint: string): string {
      const value = text(name) ?? fallback
      if (value === undefined) {
        problem(name, `is required: ${hint}`)
        return ''
      }
      if (value.startsWith('/') && !value.startsWith('//')) return value.replace(/\/+$/, '')
      if (!isHttpUrl(value)) {
        problem(name, 'must be an http(s) URL or start with /')
        return ''
      }
      // In the spelling clients send: lower-case host, no default port.
      const { origin, pathname } = new URL(value)
      return origin + pathname.replace(/\/+$/, '')
    },
  }
}

/** A browser sends exactly this spelling; a wildcard or a list would never match and only look as if it did. */
function isOrigin(text: string): boolean {
  return /^https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d+)?$/.test(text) && URL.parse(text)?.origin === text
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text)
  return (
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === ''
  )
}
