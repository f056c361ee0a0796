// The contract → an OpenAPI 3.1 document. Pure.
import { isRecord } from '../core/json.ts'
import type * as v from 'valibot'
import { contract } from './contract.ts'
import { describeNamed, jsonSchema, type JsonObject } from './json-schema.ts'
import { splitRoute, type Access, type Answer, type Body, type Operation } from './operation.ts'
import { errorFormatOf, exampleOf, refusalsOf } from './refusals.ts'

/** The document without `servers`, which depend on who asks. */
export function describeApi(version: string): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {}
  for (const [id, operation] of Object.entries<Operation>(contract)) {
    const { method, path } = splitRoute(operation.route)
    const item = (paths[path] ??= {})
    item[method.toLowerCase()] = describeOperation(id, operation, path)
    if (operation.head !== undefined) item['head'] = describeHead(id, operation, path)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'lynxgate',
      version,
      description: 'The edge gate for video APIs. Errors are `{"detail": "…"}`, under `/api/v1` an envelope.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    tags: TAGS,
    paths,
    components: {
      securitySchemes: {
        session: { type: 'http', scheme: 'bearer', description: 'A Clerk session token, or an API key.' },
        apiKey: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'An API key by itself: `lvz_live_` and 64 hexadecimal digits.',
        },
      },
      schemas: { ...describeNamed(), ...ERROR_SCHEMAS },
    },
  }
}

/** In the order of a reader: who is calling, then a film's way from the disk to a viewer. */
const TAGS: readonly { readonly name: string; readonly description: string }[] = [
  { name: 'Authentication', description: 'Who is calling: an API key, or a session of Clerk.' },
  { name: 'API keys', description: 'Keys of the caller: scopes, expiry, rotation and their trail.' },
  { name: 'Audit', description: 'Who changed what, from where: a trail that nothing is taken out of.' },
  { name: 'Storage', description: "Presigned uploads and downloads, in the caller's own folder." },
  { name: 'Videos', description: 'Uploaded films as videos, with their status and their words.' },
  { name: 'Processing', description: 'Having the engine analyse a video, however long it takes.' },
  { name: 'Projects', description: 'What a user sorts videos into.' },
  { name: 'Shared reports', description: 'Links to a video and its analysis, open to those who have one.' },
  { name: 'Webhooks', description: 'Having events sent to your systems, signed, and seeing how that went.' },
  { name: 'Signing keys', description: 'Keys that a backend signs playback tokens of private films with.' },
  {
    name: 'Playback',
    description: 'What players ask for. The job id is the secret of a public film; a private one wants a token.',
  },
  { name: 'Analytics', description: 'Who watched what, for how long and how well, and who is watching now.' },
  { name: 'Media', description: 'Bytes behind presigned URLs, where this Worker serves them itself.' },
  { name: 'Engine', description: 'The ML engine behind the gate. Errors come as its envelope.' },
  { name: 'Pages', description: 'HTML for people.' },
  { name: 'Service', description: 'The API about itself.' },
]

const ERROR_SCHEMAS: JsonObject = {
  Error: { type: 'object', required: ['detail'], properties: { detail: { type: 'string' } } },
  EngineError: {
    type: 'object',
    required: ['success', 'message', 'error'],
    properties: {
      success: { const: false },
      message: { type: 'string' },
      error: {
        type: 'object',
        required: ['detail', 'code'],
        properties: { detail: { type: 'string' }, code: { type: 'string' } },
      },
    },
  },
}

function describeOperation(id: string, operation: Operation, path: string): JsonObject {
  return {
    operationId: id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.description === undefined && operation.openQuery === undefined
      ? {}
      : { description: [operation.description, operation.openQuery].filter((text) => text !== undefined).join(' ') }),
    security: security(operation.access),
    parameters: [...pathParameters(path), ...queryParameters(operation.query)],
    ...describeBody(operation.body),
    responses: {
      ...describeAnswers(operation),
      ...describeRefusals(operation, path),
      ...(operation.passesOn === undefined ? {} : { default: { description: operation.passesOn } }),
    },
  }
}

/** The same without bodies. */
function describeHead(id: string, operation: Operation, path: string): JsonObject {
  return {
    operationId: `${id}Head`,
    tags: [operation.tag],
    summary: operation.head,
    security: security(operation.access),
    parameters: [...pathParameters(path), ...queryParameters(operation.query)],
    responses: Object.fromEntries([
      ...Object.entries<Answer | undefined>(operation.answers).map(([status, answer]) => [
        status,
        { description: answer?.description ?? '', ...describeHeaders(answer?.headers) },
      ]),
      ...[...refusalsOf(operation)].map(([status, details]) => [
        String(status),
        { description: [...new Set(details)].join(' · '), ...describeHeaders(HEADERS_OF_REFUSALS[status]) },
      ]),
    ]),
  }
}

function describeAnswers({ answers }: Operation): JsonObject {
  return Object.fromEntries(
    Object.entries<Answer | undefined>(answers).flatMap(([status, answer]) =>
      answer === undefined
        ? []
        : [
            [
              status,
              { description: answer.description, ...describeHeaders(answer.headers), ...describeContent(answer) },
            ],
          ],
    ),
  )
}

function describeContent(answer: Answer): JsonObject {
  const contentType = answer.kind === 'json' ? 'application/json' : answer.contentType
  if (contentType === undefined) return {}
  const also = answer.kind === 'json' && answer.alsoAs !== undefined ? { [answer.alsoAs]: {} } : {}
  const schema = answer.schema === undefined ? {} : { schema: jsonSchema(answer.schema, 'output') }
  return {
    content: { [contentType]: schema, ...also },
  }
}

function describeHeaders(headers: Readonly<Record<string, string>> = {}): JsonObject {
  const shown = { 'X-Request-Id': 'Names this request in the log', ...headers }
  return {
    headers: Object.fromEntries(
      Object.entries(shown).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
    ),
  }
}

function describeRefusals(operation: Operation, path: string): JsonObject {
  const format = errorFormatOf(path)
  const schema = { $ref: `#/components/schemas/${format === 'clipzy' ? 'EngineError' : 'Error'}` }
  return Object.fromEntries(
    [...refusalsOf(operation)].map(([status, details]) => [
      String(status),
      {
        description: [...new Set(details)].join(' · '),
        ...describeHeaders(HEADERS_OF_REFUSALS[status]),
        content: {
          'application/json': {
            schema,
            examples: Object.fromEntries(
              [...new Set(details)].map((detail, index) => [
                `example${index + 1}`,
                { value: exampleOf(format, status, detail) },
              ]),
            ),
          },
        },
      },
    ]),
  )
}

const HEADERS_OF_REFUSALS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'WWW-Authenticate': '`Bearer` (RFC 6750)' },
  429: { 'Retry-After': 'In seconds' },
  503: { 'Retry-After': 'In seconds' },
}

/** Either credential; a key needs the scope, which stands where roles do (OpenAPI 3.1 §4.8.30.1). */
function security(access: Access): JsonObject[] {
  if (access === 'public') return []
  return [{ session: [] }, { apiKey: access === 'caller' ? [] : [access] }]
}

function describeBody({ kind, contentType, schema, described, isOptional }: Body): JsonObject {
  if (kind === 'none') return {}
  const shown = kind === 'json' ? schema : described
  const media = shown === undefined ? {} : { schema: jsonSchema(shown, 'input') }
  return { requestBody: { required: !isOptional, content: { [contentType]: media } } }
}

function pathParameters(path: string): JsonObject[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters(schema: v.GenericSchema): JsonObject[] {
  const { properties = {}, required = [] } = jsonSchema(schema, 'input')
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: withOwnDefault(property),
  }))
}

/** A query is text and so is its default: of a number it has to be one here. */
function withOwnDefault(property: unknown): unknown {
  if (!isRecord(property) || property['type'] !== 'integer' || property['default'] === undefined) return property
  return { ...property, default: Number(property['default']) }
}
