// Routes that carry their own description: from one declaration come the route, its 405, its checks and OpenAPI.
import type { Hono } from 'hono'
import * as v from 'valibot'
import { Fault } from '../core/fault.ts'
import type { Principal } from '../core/auth/principal.ts'
import type { Scope } from '../core/auth/scope.ts'
import type { Defer } from '../domain/defer.ts'
import type { Log } from '../domain/log.ts'
import { isEmptyBody, readJson } from './body.ts'
import { requestOrigin, type HttpContext, type HttpEnv } from './context.ts'
import { deferWith } from './defer.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT'

export interface Answer {
  readonly description: string
  /** JSON answers: their shape. */
  readonly schema?: v.GenericSchema
  /** Other answers: their media type. */
  readonly contentType?: string
}

/** Everybody; any proven caller; or a caller with this scope. */
export type Access = 'public' | 'caller' | Scope

/** Proves who is calling and that he may; throws 401, 403, 429 or 503. */
export type Guard = (c: HttpContext, access: 'caller' | Scope, defer: Defer) => Promise<Principal>

/** Its entries are all the parameters that the route knows. */
export type QuerySchema<Query> = v.GenericSchema<unknown, Query> & { readonly entries: v.ObjectEntries }

export interface RouteSpec<Query = unknown, Body = unknown, A extends Access = Access> {
  readonly method: Method
  /** OpenAPI spelling: `/api/videos/{job_id}`; a last `{path}` after `…/stream/{job_id}` takes the rest. */
  readonly path: string
  /** The last parameter may contain slashes. */
  readonly isDeep?: true
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly access: A
  /** Each at most once. A parameter that is not in here is refused: a misspelt one must not change what is done. */
  readonly query?: QuerySchema<Query>
  /** Parameters that are not in `query` are accepted: who adds them, in a sentence for OpenAPI. */
  readonly openQuery?: string
  readonly body?: v.GenericSchema<unknown, Body>
  /** No body at all counts as `{}`. */
  readonly isBodyOptional?: true
  /** Of the body, in bytes; 64 KiB when absent. */
  readonly maxBodyBytes?: number
  /** A body that the handler reads itself; only described here. */
  readonly rawBody?: { readonly contentType: string; readonly schema?: v.GenericSchema }
  readonly answers: Readonly<Record<number, Answer>>
}

export interface RouteRequest<Query, Body, A extends Access> {
  readonly c: HttpContext
  /** `https://host[:port]` the caller used. */
  readonly origin: string
  /** A path parameter, decoded once; malformed escapes come as they are. */
  readonly param: (name: string) => string
  readonly query: Query
  readonly body: Body
  readonly principal: A extends 'public' ? undefined : Principal
  /** Work that the response does not wait for. */
  readonly defer: Defer
}

export interface Router {
  add<Query = undefined, Body = undefined, A extends Access = Access>(
    spec: RouteSpec<Query, Body, A>,
    handle: (request: RouteRequest<Query, Body, A>) => Response | Promise<Response>,
  ): void
  /** After the last route: a known path with another method is a 405, before any authentication. */
  close(): void
  readonly specs: readonly RouteSpec[]
}

const DEFAULT_BODY_BYTES = 64 * 1024

/** Registers described routes on the app, in order; the guard stands before every route that is not public. */
export function createRouter(app: Hono<HttpEnv>, deps: { readonly guard: Guard; readonly log: Log }): Router {
  const specs: RouteSpec[] = []
  return {
    specs,
    add(spec, handle) {
      specs.push(spec)
      app.on(spec.method, honoPath(spec), async function handleRoute(c) {
        c.set('route', spec.path)
        const origin = requestOrigin(c.req.raw)
        const defer = deferWith(c, deps.log)
        const principal = spec.access === 'public' ? undefined : await deps.guard(c, spec.access, defer)
        const parameters = readParameters(c.req.url, spec)
        const query = spec.query && check(spec.query, parameters)
        const body = spec.body && check(spec.body, await readBody(c.req.raw, spec))
        return handle({
          c,
          origin,
          param: (name) => c.req.param(name) ?? '',
          principal: principal as never,
          defer,
          // Absent schema means the route asked for nothing: Query and Body are then undefined by default.
          query: query as never,
          body: body as never,
        })
      })
    },
    close() {
      for (const [path, allow] of methodsByPath(specs)) {
        app.all(path, (c) => {
          c.set('route', path)
          throw new Fault('method_not_allowed', 'Method Not Allowed', { allow })
        })
      }
    },
  }
}

async function readBody(request: Request, spec: RouteSpec): Promise<unknown> {
  if (spec.isBodyOptional === true && isEmptyBody(request)) return {}
  return await readJson(request, spec.maxBodyBytes ?? DEFAULT_BODY_BYTES)
}

function honoPath(spec: RouteSpec): string {
  const path = spec.path.replace(/\{(\w+)\}/g, ':$1')
  return spec.isDeep ? `${path}{.+}` : path
}

function methodsByPath(specs: readonly RouteSpec[]): Map<string, string[]> {
  const methods = new Map<string, string[]>()
  for (const spec of specs) {
    const path = honoPath(spec)
    const allow = methods.get(path) ?? []
    allow.push(...(spec.method === 'GET' ? ['GET', 'HEAD'] : [spec.method]))
    methods.set(path, allow)
  }
  return methods
}

/** Of the query: what the route knows. A parameter given twice is read as its first or its last, by two parsers. */
function readParameters(url: string, { query, openQuery }: RouteSpec): Readonly<Record<string, string>> {
  const values: Record<string, string> = Object.create(null)
  if (!url.includes('?') || (query === undefined && openQuery !== undefined)) return values
  for (const [name, value] of new URL(url).searchParams) {
    if (query === undefined || !Object.hasOwn(query.entries, name)) {
      if (openQuery !== undefined) continue
      throw new Fault('validation_error', `${shown(name) || 'query'}: is not a known parameter`)
    }
    if (name in values) throw new Fault('validation_error', `${shown(name)}: is given more than once`)
    values[name] = value
  }
  return values
}

function check<Output>(schema: v.GenericSchema<unknown, Output>, value: unknown): Output {
  const result = v.safeParse(schema, value, { abortEarly: true })
  if (result.success) return result.output
  throw new Fault('validation_error', describeIssue(result.issues[0]))
}

/** `field: what is wrong`, without the value that was given. */
function describeIssue(issue: v.BaseIssue<unknown>): string {
  const field = shown(issue.path?.map((item) => String(item.key)).join('.') ?? '') || 'body'
  if (issue.kind !== 'schema') return `${field}: ${issue.message}`
  if (issue.expected === 'never') return `${field}: is not a known field`
  if (issue.received === 'undefined') return `${field}: is required`
  return `${field}: must be ${issue.expected ?? 'valid'}`
}

/** A field's name can be the caller's invention: printable and short. */
function shown(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, 64)
}
