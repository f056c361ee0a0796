// Env → Config: read once, every problem reported together by name.
import type { Brand } from '../core/brand.ts'
import type { PageRule } from '../core/playback/page-origin.ts'
import { readConsoleConfig, type ConsoleConfig } from './console.ts'
import { readBrand, readEmbedOrigins } from './pages.ts'
import { readEngineConfig, type EngineConfig } from './engine.ts'
import { parseWebhookSecret } from '../core/events/webhook-signature.ts'
import type { AuthorizedParties } from '../core/auth/session-token.ts'
import type { OriginRule } from '../core/http/origin-rule.ts'
import { isRsaPublicKey } from './pem.ts'
import { readWorkspaceConfig, type WorkspaceConfig } from './workspaces.ts'
import { openVariables, type ConfigProblem, type Variables } from './variables.ts'

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
  readonly authorizedParties: AuthorizedParties
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
  readonly clerk: ClerkConfig
  readonly workspaces: WorkspaceConfig
  /** The revocation bound; 0: every request asks D1. */
  readonly keyCacheSeconds: number
  /** Where the scanner that tells of leaked keys publishes its own. */
  readonly leakedKeysUrl: string
  readonly cors: { readonly api: OriginRule; readonly playback: OriginRule }
  /** Who signs what players fetch. */
  readonly delivery:
    | { readonly kind: 's3'; readonly s3: S3Config }
    | { readonly kind: 'edge'; readonly edge: EdgeConfig }
  /** Undefined: no S3 endpoint is configured, and uploads go through this Worker. */
  readonly s3: S3Config | undefined
  /** Undefined: this Worker serves no media. */
  readonly edge: EdgeConfig | undefined
  /** Undefined: there is no console. */
  readonly console: ConsoleConfig | undefined
  /** Of a film that the start page offers; set by `npm start`. */
  readonly demoJobId: string | undefined
  readonly brand: Brand
  /** Sites that may show films in a frame. */
  readonly embedOrigins: PageRule
  /** The bound within which an ended viewing stops everywhere. */
  readonly playbackRevocationSeconds: number
  /** Of requests from loopback: whether they may say which country and network they come from. */
  readonly believesLocalClients: boolean
  /** Whether events may go to this machine, without TLS: only for a service that runs on it. */
  readonly allowsLoopbackWebhooks: boolean
  readonly signing: { readonly urlTtlSeconds: number; readonly windowSeconds: number }
  readonly processing: {
    /** A user's and a month's; undefined: as many as one likes. */
    readonly engineMinutes: number | undefined
    /** How long an engine may say nothing. */
    readonly timeoutHours: number
  }
  /** Undefined: no engine behind the gate. */
  readonly engine: EngineConfig | undefined
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

/** As many characters as a key of HMAC-SHA-256 has bytes (RFC 2104 §3). */
const MIN_SECRET_LENGTH = 32

const DAY_SECONDS = 86_400

/** Reads every variable the service knows; an empty one counts as unset. */
export function readConfig(env: Readonly<Record<string, unknown>>): ConfigResult {
  const problems: ConfigProblem[] = []
  const read = openVariables(env, problems)

  const config: Config = {
    clerk: readClerk(read),
    workspaces: readWorkspaceConfig(read),
    keyCacheSeconds: read.integer('KEY_CACHE_SECONDS', 30, 0, 3600),
    leakedKeysUrl: read.safeUrl('LEAKED_KEYS_URL', 'https://api.github.com/meta/public_keys/secret_scanning'),
    cors: { api: read.origins('CORS_ORIGINS', ''), playback: read.origins('PLAYBACK_CORS_ORIGINS', '*') },
    ...readDelivery(read),
    console: readConsoleConfig(read),
    demoJobId: read.text('DEMO_JOB_ID'),
    brand: readBrand(read),
    embedOrigins: readEmbedOrigins(read),
    playbackRevocationSeconds: read.integer('PLAYBACK_REVOCATION_SECONDS', 10, 1, 60),
    believesLocalClients: read.choice('LOCAL_CLIENT_FACTS', ['on', 'off'], 'off') === 'on',
    allowsLoopbackWebhooks: read.choice('LOCAL_WEBHOOKS', ['on', 'off'], 'off') === 'on',
    signing: {
      urlTtlSeconds: read.integer('URL_TTL_SECONDS', 3600, 60, 604_800),
      windowSeconds: readWindow(read),
    },
    processing: {
      engineMinutes:
        read.text('USAGE_ENGINE_MINUTES') === undefined
          ? undefined
          : read.integer('USAGE_ENGINE_MINUTES', 0, 0, 1_000_000_000),
      timeoutHours: read.integer('PROCESSING_TIMEOUT_HOURS', 24, 1, 168),
    },
    engine: readEngineConfig(read, typeof env['ENGINE'] === 'object'),
  }
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems }
}

/** URLs of live lists change at midnight UTC: where a window went over it, one ETag would stand for two texts. */
function readWindow(read: Variables): number {
  const seconds = read.integer('SIGN_WINDOW_SECONDS', 900, 1, DAY_SECONDS)
  if (DAY_SECONDS % seconds !== 0) read.problem('SIGN_WINDOW_SECONDS', 'must divide a day of 86400 seconds')
  return seconds
}

function readClerk(read: Variables): ClerkConfig {
  const issuer = read.safeUrl('CLERK_ISSUER', undefined)
  const pem = read.pem('CLERK_JWT_KEY', isRsaPublicKey, 'must be an RSA public key in PEM (BEGIN PUBLIC KEY)')
  const jwksUrl = read.safeUrl('CLERK_JWKS_URL', `${issuer}/.well-known/jwks.json`)
  const secretKey = read.text('CLERK_SECRET_KEY')
  const apiUrl = read.safeUrl('CLERK_API_URL', 'https://api.clerk.com')
  return {
    issuer,
    keys: pem === undefined ? { jwksUrl } : { pem },
    authorizedParties: {
      origins: new Set(read.list('CLERK_AUTHORIZED_PARTIES')),
      allowsMissing: read.choice('CLERK_ALLOW_MISSING_AZP', ['true', 'false'], 'false') === 'true',
    },
    api: secretKey === undefined ? undefined : { url: apiUrl, secretKey },
    webhookSecret: read.matching(
      'CLERK_WEBHOOK_SECRET',
      (text) => parseWebhookSecret(text) !== undefined,
      'must be whsec_ and base64',
    ),
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
    read.matching(
      name,
      (value) => value.length >= MIN_SECRET_LENGTH,
      `must have at least ${MIN_SECRET_LENGTH} characters`,
    )
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
