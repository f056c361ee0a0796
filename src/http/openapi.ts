// Route declarations → an OpenAPI 3.1 document. Pure.
import { toJsonSchema } from '@valibot/to-json-schema'
import type * as v from 'valibot'
import type { Access, RouteSpec } from './router.ts'
import { surfaceOf } from './surface.ts'

/** The document without `servers`, which depend on who asks. */
export function describeApi(specs: readonly RouteSpec[], version: string): object {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const spec of specs) {
    const path = (paths[spec.path] ??= {})
    path[spec.method.toLowerCase()] = describeOperation(spec)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'lynxgate',
      version,
      description:
        'The edge gate for video APIs. Errors are `{"detail": "…"}`, under `/api/v1` an envelope. A field or query' +
        ' parameter that an operation does not list is a 422, but for the operations that say otherwise.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
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
      schemas: {
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
      },
    },
  }
}

function describeOperation(spec: RouteSpec): object {
  return {
    operationId: operationId(spec),
    tags: [spec.tag],
    summary: spec.summary,
    ...describeInWords(spec),
    security: security(spec.access),
    parameters: [...pathParameters(spec.path), ...queryParameters(spec.query)],
    ...describeBody(spec),
    responses: {
      ...Object.fromEntries(
        Object.entries(spec.answers).map(([status, answer]) => [
          status,
          {
            description: answer.description,
            ...(answer.schema === undefined
              ? {}
              : { content: { 'application/json': { schema: jsonSchema(answer.schema) } } }),
            ...(answer.contentType === undefined ? {} : { content: { [answer.contentType]: {} } }),
          },
        ]),
      ),
      default: {
        description: 'Refused or failed',
        content: { 'application/json': { schema: { $ref: `#/components/schemas/${errorOf(spec.path)}` } } },
      },
    },
  }
}

function describeInWords({ description, openQuery }: RouteSpec): { description?: string } {
  const sentences = [description, openQuery].filter((text) => text !== undefined)
  return sentences.length === 0 ? {} : { description: sentences.join(' ') }
}

/** Either credential; a key needs the scope, which stands where roles do (OpenAPI 3.1 §4.8.30.1). */
function security(access: Access): object[] {
  if (access === 'public') return []
  return [{ session: [] }, { apiKey: access === 'caller' ? [] : [access] }]
}

/** Which dialect a path's errors are in. */
function errorOf(path: string): 'Error' | 'EngineError' {
  return surfaceOf(path).name === 'clipzy' ? 'EngineError' : 'Error'
}

function describeBody({ body, rawBody, isBodyOptional }: RouteSpec): object {
  const schema = body ?? rawBody?.schema
  if (schema === undefined && rawBody === undefined) return {}
  const contentType = rawBody?.contentType ?? 'application/json'
  const media = schema === undefined ? {} : { schema: jsonSchema(schema) }
  return { requestBody: { required: isBodyOptional !== true, content: { [contentType]: media } } }
}

/** Stable as long as method and path are: `getApiVideosJobId`. */
function operationId(spec: RouteSpec): string {
  const words = spec.path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  return spec.method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

function pathParameters(path: string): object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters(schema: v.GenericSchema | undefined): object[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = jsonSchema(schema)
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: property,
  }))
}

function jsonSchema(schema: v.GenericSchema): { properties?: Record<string, unknown>; required?: string[] } {
  const { $schema: _dialect, ...rest } = toJsonSchema(schema, {
    errorMode: 'ignore',
    typeMode: 'input',
    overrideAction: ({ valibotAction }) => describedBy(valibotAction),
  }) as {
    $schema?: string
    properties?: Record<string, unknown>
    required?: string[]
  }
  return rest
}

/** What a field says of itself; undefined for any other step of its schema. */
function describedBy(action: { readonly type: string; readonly metadata?: unknown }): object | undefined {
  if (action.type !== 'metadata') return undefined
  return (action.metadata as { readonly openapi?: object }).openapi
}
