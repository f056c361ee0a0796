// Operations of the API on the app: each gets its route, its 405, its guard, its checks and its JSON.
import type { Hono } from 'hono'
import * as v from 'valibot'
import {
  splitRoute,
  type Access,
  type Answers,
  type JsonReply,
  type Method,
  type Operation,
  type ParameterOf,
  type Reply,
} from '../api/operation.ts'
import { Fault } from '../core/fault.ts'
import type { Principal } from '../core/auth/principal.ts'
import type { Defer } from '../domain/defer.ts'
import type { Log } from '../domain/log.ts'
import { readJson, readOptionalJson } from './body.ts'
import { requestOrigin, type HttpContext, type HttpEnv } from './context.ts'
import { deferWith } from './defer.ts'

/** Proves who is calling and that they may; throws 401, 403, 429 or 503. */
export type Guard = (c: HttpContext, operation: SecuredOperation, defer: Defer) => Promise<Principal>

/** Who may call it. */
export interface SecuredOperation {
  readonly access: Exclude<Access, 'public'>
  readonly adminsOnly?: true
}

export interface PublicRequest<O extends Operation> {
  readonly c: HttpContext
  /** `https://host[:port]` the caller used. */
  readonly origin: string
  /** A path parameter, decoded once; malformed escapes come as they are. */
  readonly param: (name: ParameterOf<O['route']>) => string
  readonly query: v.InferOutput<O['query']>
  readonly body: v.InferOutput<O['body']['schema']>
  /** Work that the response does not wait for. */
  readonly defer: Defer
}

export interface SecuredRequest<O extends Operation> extends PublicRequest<O> {
  readonly principal: Principal
}

/** A declared status with its body, or the response itself where the operation declares bytes. */
type Handler<Request, A extends Answers> = (request: Request) => Reply<A> | Promise<Reply<A>>

export interface Router {
  /** An operation that everyone may call. */
  public<O extends Operation & { readonly access: 'public' }>(
    operation: O,
    handle: Handler<PublicRequest<O>, O['answers']>,
  ): void
  /** An operation behind the guard. */
  secured<O extends Operation & { readonly access: Exclude<Access, 'public'> }>(
    operation: O,
    handle: Handler<SecuredRequest<O>, O['answers']>,
  ): void
  /** After the last route: a known path with another method is a 405, before any authentication. */
  close(): void
}

/** Registers operations on the app, in order; the guard stands before every one that is not public. */
export function createRouter(app: Hono<HttpEnv>, deps: { readonly guard: Guard; readonly log: Log }): Router {
  const methods = new Map<string, Method[]>()

  function register(operation: Operation, handle: (c: HttpContext, defer: Defer) => Promise<Response>): void {
    const { method, path } = splitRoute(operation.route)
    const pattern = honoPattern(path, operation)
    methods.set(pattern, [...(methods.get(pattern) ?? []), method])
    app.on(method, pattern, async function handleRoute(c) {
      c.set('route', path)
      return await handle(c, deferWith(c, deps.log))
    })
  }

  return {
    public(operation, handle) {
      register(operation, async (c, defer) => {
        const origin = requestOrigin(c.req.raw)
        return render(c, await handle({ ...(await readInput(c, operation)), origin, defer }))
      })
    },
    secured(operation, handle) {
      register(operation, async (c, defer) => {
        const origin = requestOrigin(c.req.raw)
        const principal = await deps.guard(c, operation, defer)
        return render(c, await handle({ ...(await readInput(c, operation)), origin, defer, principal }))
      })
    },
    close() {
      for (const [pattern, known] of methods) {
        const allow = known.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
        app.all(pattern, (c) => {
          c.set('route', pattern)
          throw new Fault('method_not_allowed', 'Method Not Allowed', { allow })
        })
      }
    },
  }
}

/** What the caller sent, checked: 422, or what is wrong with a JSON body. */
async function readInput<O extends Operation>(
  c: HttpContext,
  operation: O,
): Promise<Pick<PublicRequest<O>, 'c' | 'param' | 'query' | 'body'>> {
  return {
    c,
    param: (name) => c.req.param(name) ?? '',
    query: check<O['query']>(operation.query, readParameters(c.req.url, operation)),
    body: check<O['body']['schema']>(operation.body.schema, await readBody(c.req.raw, operation)),
  }
}

async function readBody(request: Request, { body }: Operation): Promise<unknown> {
  if (body.kind !== 'json') return undefined
  return await (body.isOptional ? readOptionalJson : readJson)(request, body.maxBytes)
}

function honoPattern(path: string, { isDeep }: Operation): string {
  const pattern = path.replace(/\{(\w+)\}/g, ':$1')
  return isDeep === undefined ? pattern : `${pattern}${isDeep === true ? '{.+}' : '{.*}'}`
}

/** Of the query: what the operation knows. A parameter given twice is read as its first or its last, by two parsers. */
function readParameters(url: string, { query, openQuery }: Operation): Readonly<Record<string, string>> {
  const values: Record<string, string> = Object.create(null)
  if (!url.includes('?')) return values
  for (const [name, value] of new URL(url).searchParams) {
    if (!Object.hasOwn(query.entries, name)) {
      if (openQuery !== undefined) continue
      throw new Fault('validation_error', `${shown(name) || 'query'}: is not a known parameter`)
    }
    if (name in values) throw new Fault('validation_error', `${shown(name)}: is given more than once`)
    values[name] = value
  }
  return values
}

function check<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
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

function render(c: HttpContext, reply: JsonReply | Response): Response {
  if (reply instanceof Response) return reply
  return c.json(reply.body, reply.status, reply.headers)
}
