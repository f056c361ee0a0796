// The service over its real bindings, which can be made to refuse, to lose their answers and to stall; its clock can jump.
import service, { KeyCounter, ProcessingWorkflow, ViewerStreams } from '../../src/index.ts'
import type { Bindings } from '../../src/platform/bindings.ts'
import { CRON_PATH, FAULTS_PATH, NO_FAULTS, type Faults } from './faults.ts'

export { KeyCounter, ViewerStreams }

type Env = Bindings & Readonly<Record<string, unknown>>

const OFTEN = '*/5 * * * *'

let faults = NO_FAULTS
const realNow = Date.now
Date.now = () => realNow() + faults.clockMs

let disturbed: Env | undefined

/** One env for all events: the service keeps what it made of the first. */
function disturbedOnce(env: Env): Env {
  return (disturbed ??= {
    ...env,
    DB: disturbDatabase(env.DB),
    CACHE: disturb(env.CACHE, ['get', 'put', 'delete']),
    MEDIA: disturb(env.MEDIA, ['get', 'put', 'head', 'list', 'delete', 'createMultipartUpload']),
    ...(env.EVENTS && { EVENTS: disturb(env.EVENTS, ['send', 'sendBatch']) }),
    ...(env.PLAYS && { PLAYS: disturb(env.PLAYS, ['send', 'sendBatch']) }),
  })
}

export class SoakedProcessing extends ProcessingWorkflow {
  constructor(ctx: ExecutionContext, env: Env) {
    super(ctx, disturbedOnce(env))
  }
}

export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url)
    if (pathname === FAULTS_PATH) {
      faults = await request.json<Faults>()
      return new Response()
    }
    if (pathname === CRON_PATH) {
      await service.scheduled({ cron: OFTEN, scheduledTime: Date.now(), noRetry: () => undefined }, disturbedOnce(env))
      return new Response()
    }
    return await service.fetch(request, disturbedOnce(env), ctx)
  },
  queue: async (batch, env) => await service.queue(batch, disturbedOnce(env)),
} satisfies ExportedHandler<Env>

async function meet<T>(call: () => Promise<T>): Promise<T> {
  const chance = Math.random()
  if (chance < faults.refused) throw new Error('soak: the store refused')
  if (chance < faults.refused + faults.stalled) return await new Promise(() => undefined)
  const answer = await call()
  if (chance < faults.refused + faults.stalled + faults.lost) throw new Error('soak: the answer was lost')
  return answer
}

/** The same object, whose methods of these names may fail. */
function disturb<T extends object>(target: T, names: readonly string[]): T {
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name)
      if (typeof value !== 'function') return value
      const call = (...args: unknown[]): unknown => Reflect.apply(value, object, args)
      return names.includes(String(name)) ? (...args: unknown[]) => meet(async () => await call(...args)) : call
    },
  })
}

/** Statements fail when they run, a batch as one. */
function disturbDatabase(database: D1Database): D1Database {
  const real = new WeakMap<object, D1PreparedStatement>()
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = new Proxy(disturb(statement, ['first', 'run', 'all', 'raw']), {
      get: (object, name) =>
        name === 'bind' ? (...values: unknown[]) => wrap(statement.bind(...values)) : Reflect.get(object, name),
    })
    real.set(wrapped, statement)
    return wrapped
  }
  return new Proxy(database, {
    get(object, name) {
      if (name === 'prepare') return (sql: string) => wrap(object.prepare(sql))
      if (name === 'batch') {
        return (statements: D1PreparedStatement[]) =>
          meet(async () => await object.batch(statements.map((one) => real.get(one) ?? one)))
      }
      const value: unknown = Reflect.get(object, name)
      return typeof value === 'function' ? value.bind(object) : value
    },
  })
}
