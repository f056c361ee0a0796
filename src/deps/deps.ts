// Composition: configuration and bindings become the ports that domain asks for. Only this folder imports platform/.
import type { Config } from '../config/config.ts'
import { VERSION } from '../config/version.ts'
import type { CallbackDeps } from '../domain/engine/callbacks.ts'
import type { LiveViewers, PlayHistory, PlayRollup } from '../domain/analytics/store.ts'
import type { AuditDeps } from '../domain/audit/audit.ts'
import type { FileStore } from '../domain/storage/file-store.ts'
import type { UploadStore } from '../domain/storage/multipart-store.ts'
import type { FileMakers } from '../domain/storage/makers.ts'
import type { Registrations } from '../domain/storage/files.ts'
import { healthCheck, type Health } from '../domain/health.ts'
import type { MediaReader, PlayableVideos } from '../domain/playback/playback.ts'
import type { SharedReportStore } from '../domain/videos/shared-reports.ts'
import { forgottenStreams, type ForgottenStreams } from '../domain/playback/forgotten-streams.ts'
import type { StreamDeps } from '../domain/playback/stream.ts'
import type { DashboardStore } from '../domain/overview/dashboard.ts'
import type { ProjectStore } from '../domain/videos/projects.ts'
import type { AnalysedVideoStore } from '../domain/videos/segments.ts'
import type { VideoStore } from '../domain/videos/store.ts'
import type { Bindings } from '../platform/bindings.ts'
import { d1AnalysedVideos } from '../platform/d1/analysed-videos.ts'
import { d1AuditLog } from '../platform/d1/audit.ts'
import { d1Dashboard } from '../platform/d1/dashboard.ts'
import { d1EngineCallbacks } from '../platform/d1/engine-callbacks.ts'
import { d1EngineOwners } from '../platform/d1/engine-owners.ts'
import { d1PlayHistory } from '../platform/d1/play-history.ts'
import { d1PlayRollup } from '../platform/d1/play-rollup.ts'
import { d1FileMakers } from '../platform/d1/file-makers.ts'
import { d1Projects } from '../platform/d1/projects.ts'
import { d1Registrations } from '../platform/d1/registrations.ts'
import { d1SharedReports } from '../platform/d1/shared-reports.ts'
import { d1Uploads } from '../platform/d1/uploads.ts'
import { d1VideoStore } from '../platform/d1/videos.ts'
import { d1PlayableVideos } from '../platform/d1/playable-videos.ts'
import type { StreamFiles } from '../domain/videos/subtitles.ts'
import { removingFrom } from '../platform/media/edge-cache.ts'
import { gunzip, gzip } from '../platform/gzip.ts'
import { probes } from '../platform/probes.ts'
import { r2Files } from '../platform/media/r2-files.ts'
import { r2Media } from '../platform/media/r2-reader.ts'
import { r2StreamFiles } from '../platform/media/stream-files.ts'
import { createPlaylistCache } from '../platform/media/playlist-cache.ts'
import { drizzle } from 'drizzle-orm/d1'
import { makeAuth, type Auth } from './auth.ts'
import { makeConsole, type Console } from './console.ts'
import { makeServing, type Serving } from './delivery.ts'
import { connectEngine } from './engine.ts'
import { makeEvents, type Events } from './events.ts'
import { makeProcessing, type Processing } from './processing.ts'
import { makePrivatePlayback, type PrivatePlayback } from './playback.ts'
import { realWorld, type World } from './world.ts'

export interface Deps extends World, Auth, AuditDeps, CallbackDeps, Serving, PrivatePlayback, Events, Processing {
  readonly config: Pick<Config, 'cors' | 'demoJobId' | 'brand' | 'embedOrigins'> & { readonly version: string }
  /** Undefined where it is switched off. */
  readonly console: Console | undefined
  readonly health: () => Promise<Health>
  readonly videos: PlayableVideos
  readonly media: MediaReader
  readonly streamFiles: StreamFiles
  readonly playlistCache: StreamDeps['playlistCache']
  readonly forgottenStreams: ForgottenStreams
  readonly gzip: StreamDeps['gzip']
  readonly gunzip: StreamDeps['gunzip']
  readonly videoStore: VideoStore
  readonly analysedVideos: AnalysedVideoStore
  readonly projectStore: ProjectStore
  readonly dashboardStore: DashboardStore
  readonly files: FileStore
  readonly uploadStore: UploadStore
  readonly registrations: Registrations
  readonly fileMakers: FileMakers
  readonly sharedReports: SharedReportStore
  readonly playHistory: PlayHistory
  readonly liveViewers: LiveViewers
  readonly playRollup: PlayRollup
}

/** Once an isolate: nothing in here belongs to a single request. */
export function makeDeps(config: Config, bindings: Bindings, world: World = realWorld): Deps {
  const db = drizzle(bindings.DB)
  const { events, outbox } = makeEvents(config, bindings, world, db)
  const uploads = d1Uploads(db)
  const playHistory = d1PlayHistory(db)
  const serving = makeServing(config, bindings, world, uploads)
  const playlistCache = createPlaylistCache(caches)
  const forgotten = forgottenStreams({ nowMs: world.nowMs, playlistCache })
  return {
    ...world,
    ...events,
    ...makeAuth(config, bindings, world, db, outbox),
    ...serving,
    config: { ...config, version: VERSION },
    console: config.console && makeConsole(config.console, config, bindings, serving.delivery.mediaOrigin),
    health: healthCheck({ probes: probes(bindings), nowMs: world.nowMs, version: VERSION }),
    videos: d1PlayableVideos(db),
    media: r2Media(bindings.MEDIA),
    streamFiles: r2StreamFiles(bindings.MEDIA),
    playlistCache,
    forgottenStreams: forgotten,
    ...makePrivatePlayback(config, bindings, world, db, forgotten, outbox),
    ...makeProcessing(config, bindings, db, outbox),
    gzip,
    gunzip,
    videoStore: d1VideoStore(db, outbox),
    analysedVideos: d1AnalysedVideos(db, outbox),
    projectStore: d1Projects(db),
    auditLog: d1AuditLog(db),
    dashboardStore: d1Dashboard(db),
    files: removingFrom(serving.mediaObjects, r2Files(bindings.MEDIA)),
    uploadStore: uploads,
    registrations: d1Registrations(db),
    fileMakers: d1FileMakers(db),
    sharedReports: d1SharedReports(db, outbox),
    engine: config.engine && connectEngine(config.engine, bindings, world),
    engineOwners: d1EngineOwners(db),
    callbackStore: d1EngineCallbacks(db, outbox),
    playHistory,
    liveViewers: playHistory,
    playRollup: d1PlayRollup(db),
  }
}
