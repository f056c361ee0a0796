// What Cloudflare hands the Worker, as declared in wrangler.toml.
import type { RunParameters } from '../domain/processing/store.ts'
import type { KeyCounter } from './key-counter.ts'
import type { ViewerStreams } from './viewer-streams.ts'

export interface Bindings {
  readonly DB: D1Database
  readonly CACHE: KVNamespace
  readonly MEDIA: R2Bucket
  readonly ASSETS: Fetcher
  /** Reminders of events that are to be sent; without it there are no webhooks. */
  readonly EVENTS?: Queue
  /** Without it, refused keys are not counted. */
  readonly FAILURE_LIMITER?: RateLimit
  /** Without it, callers are not counted. */
  readonly CALLER_LIMITER?: RateLimit
  /** Without it, nobody is told who is watching now. */
  readonly PLAYS?: Queue
  /** Without it, tokens that count streams are refused. */
  readonly STREAMS?: DurableObjectNamespace<ViewerStreams>
  /** Without it, keys with limits are refused. */
  readonly LIMITS?: DurableObjectNamespace<KeyCounter>
  /** Without it, no film is processed. */
  readonly PROCESSING?: Workflow<RunParameters>
  /** A service or VPC binding to the engine; wins over CLIPZY_ORIGIN as the way, which then only names the host. */
  readonly ENGINE?: Fetcher
}
