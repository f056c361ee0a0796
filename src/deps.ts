// Composition: configuration and bindings become the ports that domain asks for. The only file that imports platform/.
import { drizzle } from 'drizzle-orm/d1'
import type { ClerkConfig, Config } from './config.ts'
import type { EngineConfig } from './engine-config.ts'
import { EDGE_REGION, edgeCredentials } from './core/edge-credentials.ts'
import { createPresignedVerifier } from './core/presigned-request.ts'
import type { GuardDeps } from './domain/authenticate.ts'
import type { ClerkEventDeps, WebhookSignature } from './domain/clerk-events.ts'
import { edgeDelivery, s3Delivery, type Delivery } from './domain/delivery.ts'
import type { ConnectedEngine, EngineDeps } from './domain/engine-access.ts'
import { engineCaller } from './domain/engine-call.ts'
import type { FileStore } from './domain/file-store.ts'
import type { Registrations } from './domain/files.ts'
import { healthCheck, type Health } from './domain/health.ts'
import { identity } from './domain/identity.ts'
import { keyAuthentication } from './domain/key-authentication.ts'
import type { KeyDeps } from './domain/keys.ts'
import { CALLER_POLICY, FAILURE_POLICY, limit } from './domain/limits.ts'
import { causeName, type Log } from './domain/log.ts'
import type { MediaDeps } from './domain/media.ts'
import type { MediaReader, PlayableVideos } from './domain/playback.ts'
import { revocations } from './domain/revocations.ts'
import { sessionAuthentication } from './domain/session-authentication.ts'
import type { SharedReportStore } from './domain/shared-reports.ts'
import { pinnedKey, signingKeys, type SigningKeys } from './domain/signing-keys.ts'
import type { StreamDeps } from './domain/stream.ts'
import type { VideoStore } from './domain/video-store.ts'
import { assertions } from './platform/assertion.ts'
import type { Bindings } from './platform/bindings.ts'
import type { FetchUrl } from './platform/bounded-fetch.ts'
import { clerkApi } from './platform/clerk-api.ts'
import { d1ClerkDeliveries } from './platform/d1-clerk-deliveries.ts'
import { d1EngineOwners } from './platform/d1-engine.ts'
import { d1KeyWriter } from './platform/d1-key-changes.ts'
import { d1KeyLookup, d1KeyReader } from './platform/d1-keys.ts'
import { d1Registrations } from './platform/d1-registrations.ts'
import { d1SharedReports } from './platform/d1-shared-reports.ts'
import { d1UserEnding, d1Users } from './platform/d1-users.ts'
import { d1VideoStore } from './platform/d1-video-store.ts'
import { d1PlayableVideos } from './platform/d1-videos.ts'
import { edgeCache, removingFrom } from './platform/edge-cache.ts'
import { engineFetch } from './platform/engine-fetch.ts'
import { gunzip, gzip } from './platform/gzip.ts'
import { jwksSource } from './platform/jwks.ts'
import { kvIdentity } from './platform/kv-identity.ts'
import { consoleLog } from './platform/log.ts'
import { probes } from './platform/probes.ts'
import { r2Files } from './platform/r2-files.ts'
import { r2Media } from './platform/r2-media.ts'
import { r2Objects, type ByteStream } from './platform/r2-objects.ts'
import { rateLimiter } from './platform/rate-limiters.ts'
import { importPinnedKey, sessionVerifier } from './platform/session-verifier.ts'
import { signText } from './platform/simd-signer.ts'
import { textShelf } from './platform/text-shelf.ts'
import { deriveKey } from './platform/wasm-sha256.ts'
import { webhookSignature } from './platform/webhook-signature.ts'

/** What is not a value: a test hands in its own. */
export interface World {
  readonly nowMs: () => number
  readonly newId: () => string
  readonly randomBytes: (count: number) => Uint8Array
  readonly fetchUrl: FetchUrl
  /** Resolves after about so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>
  readonly log: Log
}

export interface Deps extends World, Auth, EngineDeps, Serving {
  readonly config: Pick<Config, 'version' | 'cors' | 'demoJobId'>
  readonly health: () => Promise<Health>
  readonly videos: PlayableVideos
  readonly media: MediaReader
  readonly shelf: StreamDeps['shelf']
  readonly gzip: StreamDeps['gzip']
  readonly gunzip: StreamDeps['gunzip']
  readonly videoStore: VideoStore
  readonly files: FileStore
  readonly registrations: Registrations
  readonly sharedReports: SharedReportStore
}

export const realWorld: World = {
  nowMs: () => Date.now(),
  newId: () => crypto.randomUUID(),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  fetchUrl: (url, init) => fetch(url, init),
  pause: (milliseconds) => scheduler.wait(milliseconds),
  log: consoleLog,
}

/** Once an isolate: nothing in here belongs to a single request. */
export function makeDeps(config: Config, bindings: Bindings, world: World = realWorld): Deps {
  const db = drizzle(bindings.DB)
  const serving = makeServing(config, bindings, world.nowMs)
  return {
    ...world,
    ...makeAuth(config, bindings, world),
    ...serving,
    config,
    health: healthCheck({ probes: probes(bindings), nowMs: world.nowMs, version: config.version }),
    videos: d1PlayableVideos(db),
    media: r2Media(bindings.MEDIA),
    shelf: textShelf(caches),
    gzip,
    gunzip,
    videoStore: d1VideoStore(db),
    files: removingFrom(serving.mediaObjects, r2Files(bindings.MEDIA)),
    registrations: d1Registrations(db),
    sharedReports: d1SharedReports(db),
    engine: config.engine && connectEngine(config.engine, bindings, world),
    engineOwners: d1EngineOwners(db),
  }
}

function connectEngine(config: EngineConfig, { ENGINE }: Bindings, world: World): ConnectedEngine {
  const { baseUrl, maxBodyBytes, timeoutSeconds } = config
  const fetchUrl: FetchUrl = ENGINE === undefined ? world.fetchUrl : (url, init) => ENGINE.fetch(url, init)
  const signer = assertions(config.assertion, world.nowMs)
  return {
    call: engineCaller({
      transport: engineFetch(fetchUrl, { baseUrl, timeoutMs: timeoutSeconds * 1000, maxBodyBytes }),
      assertions: signer,
      secretHeaders: config.headers,
      nowMs: world.nowMs,
      newId: world.newId,
    }),
    maxBodyBytes,
    publicKeys: () => signer.publicKeys(),
  }
}

/** Everything about who serves the bytes. */
interface Serving extends MediaDeps<ByteStream> {
  readonly delivery: Delivery
}

function makeServing({ delivery, s3, edge, signing }: Config, bindings: Bindings, nowMs: () => number): Serving {
  const signer = { signText, deriveKey }
  const secrets = [edge?.secret, edge?.previousSecret].filter((secret) => secret !== undefined)
  return {
    nowMs,
    mediaObjects: edgeCache(r2Objects(bindings.MEDIA), nowMs),
    mediaVerifier: edge && createPresignedVerifier(secrets.map(edgeCredentials), EDGE_REGION),
    delivery:
      delivery.kind === 's3'
        ? s3Delivery(delivery.s3, signing, nowMs, signer)
        : edgeDelivery(delivery.edge, s3, signing, nowMs, signer),
  }
}

/** Everything about who is calling. */
interface Auth extends GuardDeps, Omit<KeyDeps, 'apiKeys'>, ClerkEventDeps {
  readonly apiKeys: GuardDeps['apiKeys'] & KeyDeps['apiKeys']
  /** Undefined without CLERK_WEBHOOK_SECRET: then there is no webhook either. */
  readonly webhookSignature: WebhookSignature | undefined
}

function makeAuth(config: Config, bindings: Bindings, world: World): Auth {
  const { clerk } = config
  const { nowMs, newId, randomBytes } = world
  const warn = (message: string, cause?: unknown): void => {
    world.log({ level: 'warn', message, cause: causeName(cause) })
  }
  const db = drizzle(bindings.DB)
  const cacheMs = config.keyCacheSeconds * 1000
  const ends = revocations(world, cacheMs)
  const identities = identity(
    {
      users: d1Users(db),
      copy: kvIdentity(bindings.CACHE, clerk.issuer),
      clerkUsers: clerk.api && clerkApi(world.fetchUrl, clerk.api.url, clerk.api.secretKey),
      revocations: ends,
      nowMs,
      newId,
      warn,
    },
    cacheMs,
  )
  const failureLimiter = rateLimiter(bindings.FAILURE_LIMITER)
  const callerLimiter = rateLimiter(bindings.CALLER_LIMITER)
  const failures = failureLimiter && limit({ nowMs, warn }, FAILURE_POLICY, failureLimiter)
  return {
    nowMs,
    newId,
    randomBytes,
    revocations: ends,
    identity: identities,
    apiKeys: keyAuthentication({ keys: d1KeyLookup(db), revocations: ends, failures, nowMs }, cacheMs),
    authenticateSession: sessionAuthentication(
      {
        verifier: sessionVerifier(clerk.issuer, nowMs),
        signingKeys: makeSigningKeys(clerk, bindings, world, warn),
        identity: identities,
        revocations: ends,
        nowMs,
      },
      clerk,
    ),
    callerLimit: callerLimiter && limit({ nowMs, warn }, CALLER_POLICY, callerLimiter),
    limitPolicies: [
      ...(callerLimiter === undefined ? [] : [CALLER_POLICY]),
      ...(failureLimiter === undefined ? [] : [FAILURE_POLICY]),
    ],
    keyReader: d1KeyReader(db),
    keyWriter: d1KeyWriter(db),
    deliveries: d1ClerkDeliveries(db),
    userEnding: d1UserEnding(db),
    webhookSignature: clerk.webhookSecret === undefined ? undefined : webhookSignature(clerk.webhookSecret),
  }
}

function makeSigningKeys(
  { keys }: ClerkConfig,
  bindings: Bindings,
  { nowMs, pause, fetchUrl }: World,
  warn: (message: string, cause?: unknown) => void,
): SigningKeys<CryptoKey> {
  if ('pem' in keys) return pinnedKey(() => importPinnedKey(keys.pem))
  return signingKeys({ nowMs, pause, warn }, jwksSource(fetchUrl, bindings.CACHE, keys.jwksUrl))
}
