// Composition: configuration and bindings become the ports that domain asks for. The only file that imports platform/.
import { drizzle } from 'drizzle-orm/d1'
import type { Config } from './config.ts'
import { s3Delivery, type Delivery } from './domain/delivery.ts'
import { healthCheck, type Health } from './domain/health.ts'
import type { MediaReader, PlayableVideos } from './domain/playback.ts'
import { consoleLog, type Log } from './http/request-log.ts'
import type { Bindings } from './platform/bindings.ts'
import { d1PlayableVideos } from './platform/d1-videos.ts'
import { probes } from './platform/probes.ts'
import { r2Media } from './platform/r2-media.ts'

/** What is not a value: a test hands in its own. */
export interface World {
  readonly nowMs: () => number
  readonly newId: () => string
  readonly log: Log
}

export interface Deps extends World {
  readonly config: Pick<Config, 'version' | 'cors' | 'demoJobId'>
  readonly health: () => Promise<Health>
  readonly videos: PlayableVideos
  readonly media: MediaReader
  readonly delivery: Delivery
}

export const realWorld: World = {
  nowMs: () => Date.now(),
  newId: () => crypto.randomUUID(),
  log: consoleLog,
}

/** Once an isolate: nothing in here belongs to a single request. */
export function makeDeps(config: Config, bindings: Bindings, world: World = realWorld): Deps {
  const db = drizzle(bindings.DB)
  return {
    ...world,
    config,
    health: healthCheck({ probes: probes(bindings), nowMs: world.nowMs, version: config.version }),
    videos: d1PlayableVideos(db),
    media: r2Media(bindings.MEDIA),
    delivery: s3Delivery(config.s3, config.signing, world.nowMs),
  }
}
