// Worker entry. Everything is made once per isolate, on the first request, so that bad configuration never
// keeps a deployment from starting.
import type { Hono } from 'hono'
import { createApp, createMisconfiguredApp } from './app.ts'
import { readConfig } from './config/config.ts'
import { makeDeps } from './deps/deps.ts'
import { realWorld } from './deps/world.ts'
import type { HttpEnv } from './http/context.ts'
import type { Bindings } from './platform/bindings.ts'

let app: Hono<HttpEnv> | undefined

export default {
  fetch(request, env, ctx) {
    app ??= assemble(env)
    return app.fetch(request, undefined, ctx)
  },
} satisfies ExportedHandler<Bindings & Readonly<Record<string, unknown>>>

function assemble(env: Bindings & Readonly<Record<string, unknown>>): Hono<HttpEnv> {
  const result = readConfig(env)
  if (result.ok) return createApp(makeDeps(result.config, env))
  realWorld.log({ level: 'error', message: 'misconfigured', problems: result.problems })
  return createMisconfiguredApp(result.problems, realWorld)
}
