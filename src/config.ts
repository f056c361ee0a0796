// Env → Config: read once, every problem reported together by name. Values never leave this file in a message.
import { version } from '../package.json'
import { readEngineConfig, type EngineConfig } from './engine-config.ts'

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

export interface ClerkConfig {
  /** Compared with `iss` as it is: no closing slash. */
  readonly issuer: string
  /** A pinned key needs no network at all; otherwise the address of the key set. */
  readonly keys: { readonly pem: string } | { readonly jwksUrl: string }
  /** Empty: `azp` is not looked at. */
  readonly authorizedParties: ReadonlySet<string>
  readonly api: { readonly url: string; readonly secretKey: string } | undefined
  /** `whsec_` and base64; undefined: no webhooks. */
  readonly webhookSecret: string | undefined
}

export interface EdgeConfig {
  /** `https://host[:port]`; undefined: the origin a request came to. */
  readonly origin: string | undefined
  readonly secret: string
  /** URLs signed with it are still served: the one before a rotation. */
  readonly previousSecret: string | undefined
}

export interface Config {
  readonly version: string
  readonly clerk: ClerkConfig
  /** The revocation bound; 0: every request asks D1. */
  readonly keyCacheSeconds: number
  readonly cors: { readonly api: OriginRule; readonly playback: OriginRule }
  /** Who signs what players fetch. */
  readonly delivery: { readonly kind: 's3'; readonly s3: S3Config } | { readonly kind: 'edge'; readonly edge: EdgeConfig }
  /** Undefined: no S3 endpoint is configured, and uploads go through this Worker. */
  readonly s3: S3Config | undefined
  /** Undefined: this Worker serves no media. */
  readonly edge: EdgeConfig | undefined
  /** Of a film that the start page offers; set by `npm start`. */
  readonly demoJobId: string | undefined
  readonly signing: { readonly urlTtlSeconds: number; readonly windowSeconds: number }
  /** Undefined: no engine behind the gate. */
  readonly engine: EngineConfig | undefined
}

export interface ConfigProblem {
  readonly name: string
  readonly reason: string
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

export const VERSION: string = version

/** As many characters as a key of HMAC-SHA-256 has bytes (RFC 2104 §3). */
const MIN_SECRET_LENGTH = 32

/** Reads every variable the service knows; an empty one counts as unset. */
export function readConfig(env: Readonly<Record<string, unknown>>): ConfigResult {
  const problems: ConfigProblem[] = []
  const read = variables(env, problems)

  const config: Config = {
    version,
    clerk: readClerk(read),
    keyCacheSeconds: read.integer('KEY_CACHE_SECONDS', 30, 0, 3600),
    cors: { api: read.origins('CORS_ORIGINS', ''), playback: read.origins('PLAYBACK_CORS_ORIGINS', '*') },
    ...readDelivery(read),
    demoJobId: read.text('DEMO_JOB_ID'),
    signing: {
      urlTtlSeconds: read.integer('URL_TTL_SECONDS', 3600, 60, 604_800),
      windowSeconds: read.integer('SIGN_WINDOW_SECONDS', 900, 1, 86_400),
    },
    engine: readEngineConfig(read, typeof env['ENGINE'] === 'object'),
  }
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems }
}

function readClerk(read: Variables): ClerkConfig {
  const issuer = read.safeUrl('CLERK_ISSUER', undefined)
  const pem = read.matching('CLERK_JWT_KEY', isRsaPublicKeyPem, 'must be an RSA public key in PEM (BEGIN PUBLIC KEY)')
  const jwksUrl = read.safeUrl('CLERK_JWKS_URL', `${issuer}/.well-known/jwks.json`)
  const secretKey = read.text('CLERK_SECRET_KEY')
  const apiUrl = read.safeUrl('CLERK_API_URL', 'https://api.clerk.com')
  return {
    issuer,
    keys: pem === undefined ? { jwksUrl } : { pem: pem.replaceAll('\\n', '\n') },
    authorizedParties: new Set(read.list('CLERK_AUTHORIZED_PARTIES')),
    api: secretKey === undefined ? undefined : { url: apiUrl, secretKey },
    webhookSecret: read.matching('CLERK_WEBHOOK_SECRET', isWebhookSecret, 'must be whsec_ and base64'),
  }
}

/** Only what is in use is required; the other is read when its secret is there. */
function readDelivery(read: Variables): Pick<Config, 'delivery' | 's3' | 'edge'> {
  const hasS3 = read.text('R2_ACCESS_KEY_ID') !== undefined
  const hasEdge = read.text('EDGE_SIGNING_SECRET') !== undefined
  const kind = read.choice('DELIVERY', ['s3', 'edge'], hasS3 ? 's3' : 'edge')
  if (kind === 's3') {
    const s3 = readS3(read)
    return { delivery: { kind, s3 }, s3, edge: hasEdge ? readEdge(read) : undefined }
  }
  const edge = readEdge(read)
  return { delivery: { kind, edge }, s3: hasS3 ? readS3(read) : undefined, edge }
}

function readS3(read: Variables): S3Config {
  const accountId = read.text('R2_ACCOUNT_ID')
  return {
    endpoint: read.endpoint(
      'S3_ENDPOINT',
      accountId === undefined ? undefined : `https://${accountId}.r2.cloudflarestorage.com`,
      'set it, or set R2_ACCOUNT_ID',
    ),
    region: read.text('S3_REGION') ?? 'auto',
    bucket: read.required('S3_BUCKET'),
    accessKeyId: read.required('R2_ACCESS_KEY_ID'),
    secretAccessKey: read.required('R2_SECRET_ACCESS_KEY'),
  }
}

function readEdge(read: Variables): EdgeConfig {
  const secretOf = (name: string): string | undefined =>
    read.matching(name, (value) => value.length >= MIN_SECRET_LENGTH, `must have at least ${MIN_SECRET_LENGTH} characters`)
  const secret = secretOf('EDGE_SIGNING_SECRET')
  if (secret === undefined) {
    read.problem('EDGE_SIGNING_SECRET', 'is required for edge delivery, the default while R2_ACCESS_KEY_ID is unset')
  }
  return {
    origin: read.origin('EDGE_ORIGIN'),
    secret: secret ?? '',
    previousSecret: secretOf('EDGE_SIGNING_SECRET_PREVIOUS'),
  }
}

type Variables = ReturnType<typeof variables>

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
  const list = (name: string): string[] =>
    (text(name) ?? '')
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
  return {
    text,
    list,
    problem,
    choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
      const value = text(name)
      const chosen = value === undefined ? fallback : choices.find((choice) => choice === value)
      if (chosen === undefined) problem(name, `must be ${choices.join(' or ')}`)
      return chosen ?? fallback
    },
    origin(name: string): string | undefined {
      const value = text(name)?.replace(/\/$/, '')
      if (value !== undefined && !isOrigin(value)) problem(name, 'must be an origin such as https://cdn.example.com')
      return value
    },
    /** A text of its own form; undefined when unset. */
    matching(name: string, isRight: (value: string) => boolean, reason: string): string | undefined {
      const value = text(name)
      if (value !== undefined && !isRight(value)) problem(name, reason)
      return value
    },
    /** An address that secrets or trust depend on; without a fallback it is required. */
    safeUrl(name: string, fallback: string | undefined): string {
      const value = text(name) ?? fallback
      if (value === undefined) problem(name, 'is required')
      else if (text(name) !== undefined && !isSafeUrl(value)) {
        problem(name, 'must be an https URL (http only on this machine) without a closing slash')
      }
      return value ?? ''
    },
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
      if ((text(name) ?? fallback) === '*') return '*'
      const origins = list(name)
      if (origins.some((entry) => !isOrigin(entry))) {
        problem(name, 'must be * or comma-separated origins such as https://app.example.com')
      }
      return new Set(origins)
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

/** Over the network only with TLS; in the clear to this machine, for a local issuer. */
function isSafeUrl(text: string): boolean {
  const url = URL.parse(text)
  const isLoopback = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  return isHttpUrl(text) && !text.endsWith('/') && (url?.protocol === 'https:' || isLoopback)
}

// The object identifier 1.2.840.113549.1.1.1, rsaEncryption, as it stands in a SubjectPublicKeyInfo (RFC 8017 §A.1);
// with a modulus of 2048 bits, the least RS256 takes, that has 294 bytes.
const RSA_IDENTIFIER = '\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01'
const MIN_RSA_KEY_BYTES = 294

/** A line feed may be written as a backslash and an n: that is how it survives an env file. */
function isRsaPublicKeyPem(text: string): boolean {
  const pem = /^-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----$/
  const [, base64 = ''] = pem.exec(text.replaceAll('\\n', '\n')) ?? []
  try {
    const der = atob(base64.replace(/\s/g, ''))
    return der.length >= MIN_RSA_KEY_BYTES && der.includes(RSA_IDENTIFIER)
  } catch {
    return false
  }
}

function isWebhookSecret(text: string): boolean {
  return /^whsec_(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
}
