// Worker entry. Everything is made once per isolate, on the first event, so that bad configuration never
// keeps a deployment from starting.
import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from 'cloudflare:workers'
import type { Hono } from 'hono'
import { createApp, createMisconfiguredApp } from './app.ts'
import { runDaily } from './background/daily.ts'
import { runProcessing, workflowSteps } from './background/processing.ts'
import { runOften } from './background/often.ts'
import { consumeQueue, MISCONFIGURED_DELAY_SECONDS } from './background/queues.ts'
import { readConfig } from './config/config.ts'
import { makeDeps, type Deps } from './deps/deps.ts'
import { realWorld } from './deps/world.ts'
import type { HttpEnv } from './http/context.ts'
import type { Bindings } from './platform/bindings.ts'

export { KeyCounter } from './platform/key-counter.ts'
export { ViewerStreams } from './platform/viewer-streams.ts'

type Env = Bindings & Readonly<Record<string, unknown>>

/** The other one of wrangler.toml. */
const DAILY = '17 3 * * *'

interface Service {
  readonly app: Hono<HttpEnv>
  /** Undefined when configuration is wrong. */
  readonly deps: Deps | undefined
}

let service: Service | undefined

/** One analysis of a film, from its start to its end. */
export class ProcessingWorkflow extends WorkflowEntrypoint<Env, { readonly runId: string }> {
  override async run(event: Readonly<WorkflowEvent<{ readonly runId: string }>>, step: WorkflowStep): Promise<void> {
    service ??= assemble(this.env)
    // Misconfigured: the sweep begins it again, once there is a configuration to do it with.
    if (service.deps !== undefined) await runProcessing(service.deps, workflowSteps(step), event.payload.runId)
  }
}

export default {
  fetch(request, env, ctx) {
    service ??= assemble(env)
    return service.app.fetch(request, undefined, ctx)
  },
  async scheduled(controller, env) {
    service ??= assemble(env)
    if (service.deps !== undefined) await (controller.cron === DAILY ? runDaily : runOften)(service.deps)
  },
  async queue(batch, env) {
    service ??= assemble(env)
    if (service.deps === undefined) batch.retryAll({ delaySeconds: MISCONFIGURED_DELAY_SECONDS })
    else await consumeQueue(service.deps, batch)
  },
} satisfies ExportedHandler<Env>

function assemble(env: Env): Service {
  const result = readConfig(env)
  if (result.ok) {
    const deps = makeDeps(result.config, env)
    return { app: createApp(deps), deps }
  }
  realWorld.log({ level: 'error', message: 'misconfigured', problems: result.problems })
  return { app: createMisconfiguredApp(result.problems, realWorld), deps: undefined }
}
