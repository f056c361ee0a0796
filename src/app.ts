// The map of the service: what surrounds a request, and which routes there are.
import { Hono } from 'hono'
import { VERSION } from './config/version.ts'
import { DEFAULT_BRAND } from './core/brand.ts'
import { Fault } from './core/fault.ts'
import type { Deps } from './deps/deps.ts'
import type { World } from './deps/world.ts'
import { misconfiguredHealth } from './domain/health.ts'
import { callerGuard } from './http/auth.ts'
import { rawPath, type HttpEnv } from './http/context.ts'
import type { CorsRules } from './http/cors.ts'
import { faultAnswers } from './http/faults.ts'
import { frame } from './http/frame.ts'
import { pageLook, type PageLook } from './http/pages/look.ts'
import { createRouter } from './http/router.ts'
import { analyticsRoutes } from './http/routes/analytics.ts'
import { auditRoutes } from './http/routes/audit.ts'
import { clerkWebhookRoutes } from './http/routes/clerk-webhooks.ts'
import { consoleRoutes } from './http/routes/console.ts'
import { dashboardRoutes } from './http/routes/dashboard.ts'
import { engineRoutes } from './http/routes/engine.ts'
import { healthRoutes } from './http/routes/health.ts'
import { keyRoutes } from './http/routes/keys.ts'
import { leakedKeyRoutes } from './http/routes/leaked-keys.ts'
import { meRoutes } from './http/routes/me.ts'
import { mediaRoutes } from './http/routes/media.ts'
import { multipartRoutes } from './http/routes/multipart.ts'
import { oembedRoutes } from './http/routes/oembed.ts'
import { openApiRoutes } from './http/routes/openapi.ts'
import { pageRoutes } from './http/routes/pages.ts'
import { playbackRoutes } from './http/routes/playback.ts'
import { processingRoutes } from './http/routes/processing.ts'
import { projectRoutes } from './http/routes/projects.ts'
import { resultRoutes } from './http/routes/results.ts'
import { sharedReportRoutes } from './http/routes/shared-reports.ts'
import { signingKeyRoutes } from './http/routes/signing-keys.ts'
import { storageRoutes } from './http/routes/storage.ts'
import { webhookEndpointRoutes } from './http/routes/webhook-endpoints.ts'
import { subtitleRoutes } from './http/routes/subtitles.ts'
import { videoRoutes } from './http/routes/videos.ts'
import type { ConfigProblem } from './config/variables.ts'

/** The whole service over its ports. */
export function createApp(deps: Deps): Hono<HttpEnv> {
  const look = pageLook(deps.config.brand)
  const app = startApp(deps, deps.config.cors, look)
  const router = createRouter(app, { guard: callerGuard(deps), log: deps.log })
  healthRoutes(router, deps)
  meRoutes(router)
  keyRoutes(router, deps)
  auditRoutes(router, deps)
  leakedKeyRoutes(router, deps)
  // Without a secret to check signatures with there is no such route.
  if (deps.clerkWebhooks !== undefined) clerkWebhookRoutes(router, deps.clerkWebhooks)
  webhookEndpointRoutes(router, deps)
  storageRoutes(router, deps)
  multipartRoutes(router, deps)
  videoRoutes(router, deps)
  processingRoutes(router, deps)
  projectRoutes(router, deps)
  dashboardRoutes(router, deps)
  resultRoutes(router, deps)
  subtitleRoutes(router, deps)
  sharedReportRoutes(router, deps)
  playbackRoutes(router, deps)
  analyticsRoutes(router, deps)
  signingKeyRoutes(router, deps)
  mediaRoutes(router, deps)
  engineRoutes(router, deps)
  pageRoutes(router, deps, look)
  oembedRoutes(router, deps)
  if (deps.console !== undefined) consoleRoutes(router, deps.console)
  openApiRoutes(router, deps)
  router.close()
  return app
}

/** What answers when configuration is wrong: health says what is, everything else is a 500 in its error format. */
export function createMisconfiguredApp(problems: readonly ConfigProblem[], world: World): Hono<HttpEnv> {
  const app = startApp(world, { api: new Set(), playback: new Set() }, pageLook(DEFAULT_BRAND))
  const misconfigured = (): never => {
    throw new Fault('misconfigured', 'Server is misconfigured')
  }
  const router = createRouter(app, { guard: misconfigured, log: world.log })
  healthRoutes(router, { health: async () => misconfiguredHealth(VERSION, problems) })
  app.all('*', misconfigured)
  return app
}

/** The frame around every request, and the one place where faults of any depth become responses. */
function startApp(world: World, corsRules: CorsRules, look: PageLook): Hono<HttpEnv> {
  const answerFault = faultAnswers(look)
  const app = new Hono<HttpEnv>({ getPath: rawPath })
  app.use(frame(world, corsRules, answerFault))
  app.notFound((c) => answerFault(c, new Fault('not_found', 'Not Found')))
  app.onError((error, c) => answerFault(c, error))
  return app
}
