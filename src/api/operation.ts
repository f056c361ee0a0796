// What an operation of the API is, as data: its route, who may call it, what it takes and what it answers. No handler:
// the router, the OpenAPI document, the typed client and the tests all read these.
import * as v from 'valibot'
import type { Scope } from '../core/auth/scope.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT'

/** Everyone; any proven caller; or a caller with this scope. */
export type Access = 'public' | 'caller' | Scope

/** Statuses of answers with a JSON body; a service that is down says so in the same shape. */
export type JsonStatus = 200 | 201 | 202 | 503

/** Statuses that an operation may declare. */
export type AnswerStatus = JsonStatus | 204 | 206 | 302 | 304

export interface JsonAnswer<S extends v.GenericSchema = v.GenericSchema> {
  readonly kind: 'json'
  readonly description: string
  readonly schema: S
  /** Another media type that a handler may answer with instead, as bytes. */
  readonly alsoAs?: string
  /** Name → what it says. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Bytes of some media type; a handler makes this response itself. */
export interface RawAnswer<S extends v.GenericSchema | undefined = v.GenericSchema | undefined> {
  readonly kind: 'raw'
  readonly description: string
  /** Undefined: no body. */
  readonly contentType: string | undefined
  /** Of JSON that a handler passes on as text. */
  readonly schema: S
  readonly headers?: Readonly<Record<string, string>>
}

export type Answer = JsonAnswer | RawAnswer
export type Answers = Readonly<Partial<Record<AnswerStatus, Answer>>>

/** Its entries are all the parameters that the operation knows. */
export type QuerySchema = v.GenericSchema & { readonly entries: v.ObjectEntries }

export interface Body<S extends v.GenericSchema = v.GenericSchema> {
  /** `raw`: the handler reads it itself. */
  readonly kind: 'none' | 'json' | 'raw'
  readonly contentType: string
  /** What a JSON body is checked against. */
  readonly schema: S
  /** Of a raw body, for those who read the description. */
  readonly described?: v.GenericSchema
  /** No body at all counts as `{}`. */
  readonly isOptional: boolean
  /** In bytes. Of a raw body the handler knows the bound. */
  readonly maxBytes: number
}

/**
 * 4xx and 5xx that are the operation's own, each with the texts it really answers; `{…}` stands for what differs.
 * Common ones are implied.
 */
export type Refusals = Readonly<Record<number, readonly string[]>>

export interface Operation {
  /** Method and path in OpenAPI's spelling: `GET /api/videos/{job_id}`. */
  readonly route: `${Method} /${string}`
  /** The last parameter may contain slashes, or be empty too. */
  readonly isDeep?: true | 'or empty'
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly access: Access
  /** Not for a member of an organisation, nor for a key that one made. */
  readonly adminsOnly?: true
  /** Each at most once. A parameter that is not in here is refused: a misspelt one must not change what is done. */
  readonly query: QuerySchema
  /** Parameters that are not in `query` are accepted: who adds them, in a sentence. */
  readonly openQuery?: string
  readonly body: Body
  /** What HEAD answers, where it says more than the headers of a GET. */
  readonly head?: string
  readonly answers: Answers
  readonly refusals: Refusals
  /** Other statuses may be answered too: whose they are, in a sentence. */
  readonly passesOn?: string
}

/** Keeps the literal types of one operation. */
export function operation<const O extends Operation>(spec: O): O {
  return spec
}

/** No parameter is known. */
export const noQuery = v.strictObject({})

export const noBody: Body<v.UndefinedSchema<undefined>> = {
  kind: 'none',
  contentType: '',
  schema: v.undefined(),
  isOptional: true,
  maxBytes: 0,
}

const DEFAULT_BODY_BYTES = 64 * 1024

/** `application/json`, at most 64 KiB unless it says otherwise. */
export function jsonBody<const S extends v.GenericSchema>(
  schema: S,
  { isOptional = false, maxBytes = DEFAULT_BODY_BYTES }: { isOptional?: boolean; maxBytes?: number } = {},
): Body<S> {
  return { kind: 'json', contentType: 'application/json', schema, isOptional, maxBytes }
}

/** A body that the handler reads itself. */
export function rawBody<const D extends v.GenericSchema>(
  contentType: string,
  described: D,
): Body<v.UndefinedSchema<undefined>> & { readonly described: D } {
  return { ...noBody, kind: 'raw', contentType, isOptional: false, described }
}

export function json<const S extends v.GenericSchema>(
  description: string,
  schema: S,
  headers: Readonly<Record<string, string>> = {},
): JsonAnswer<S> {
  return { kind: 'json', description, schema, headers }
}

export function raw(
  description: string,
  contentType: string | undefined,
  headers: Readonly<Record<string, string>> = {},
): RawAnswer<undefined> {
  return { kind: 'raw', description, contentType, schema: undefined, headers }
}

/** JSON that the handler has as text and passes on: the engine's answers, an uploaded report. */
export function rawJson<const S extends v.GenericSchema>(description: string, schema: S): RawAnswer<S> {
  return { kind: 'raw', description, contentType: 'application/json', schema }
}

export type MethodOf<Route extends string> = Route extends `${infer M extends Method} ${string}` ? M : never
export type PathOf<Route extends string> = Route extends `${Method} ${infer Path}` ? Path : never

/** The names between braces. */
export type ParameterOf<Route extends string> = Route extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never

export interface JsonReply {
  readonly status: JsonStatus
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>> | undefined
}

/** What a handler returns: a declared status with the body of its schema; a response where bytes are declared. */
export type Reply<A extends Answers> = (JsonReply | Response) & DeclaredReply<A>

type DeclaredReply<A extends Answers> = {
  [Status in keyof A]: A[Status] extends JsonAnswer<infer S>
    ? { readonly status: Status; readonly body: v.InferOutput<S> } | AlsoReply<A[Status]>
    : Response
}[keyof A]

type AlsoReply<One> = One extends { readonly alsoAs: string } ? Response : never

/** A JSON answer: one of the operation's statuses, and what its schema describes. */
export function reply<const Status extends JsonStatus, Content>(
  status: Status,
  body: Content,
  headers?: Readonly<Record<string, string>>,
): { [One in Status]: JsonReply & { readonly status: One; readonly body: Content } }[Status]
export function reply(status: JsonStatus, body: unknown, headers?: Readonly<Record<string, string>>): JsonReply {
  return { status, body, headers }
}

/** A route's method and path. */
export function splitRoute(route: Operation['route']): { readonly method: Method; readonly path: string } {
  const space = route.indexOf(' ')
  const method = METHODS.find((known) => known === route.slice(0, space)) ?? 'GET'
  return { method, path: route.slice(space + 1) }
}

const METHODS: readonly Method[] = ['GET', 'POST', 'PATCH', 'DELETE', 'PUT']
