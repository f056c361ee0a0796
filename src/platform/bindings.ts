// What Cloudflare hands the Worker, as declared in wrangler.toml.

export interface Bindings {
  readonly DB: D1Database
  readonly CACHE: KVNamespace
  readonly MEDIA: R2Bucket
  readonly ASSETS: Fetcher
}
