// Valibot schemas → JSON Schema (draft 2020-12) as OpenAPI 3.1 has it; named schemas stand by reference. Pure.
import { isRecord } from '../core/json.ts'
import { toJsonSchema } from '@valibot/to-json-schema'
import type * as v from 'valibot'
import { namedSchemas } from './contract.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export interface SchemaDescription extends JsonObject {
  readonly properties?: JsonObject | undefined
  readonly required?: readonly string[] | undefined
}

/** What a schema takes (`input`) or gives (`output`). */
export function jsonSchema(schema: v.GenericSchema, typeMode: 'input' | 'output'): SchemaDescription {
  return convert(schema, typeMode, namedSchemas)
}

/** The components: each named schema, with the others by reference. */
export function describeNamed(): JsonObject {
  return Object.fromEntries(
    Object.entries<v.GenericSchema>(namedSchemas).map(([name, schema]) => {
      const others = Object.fromEntries(Object.entries(namedSchemas).filter(([other]) => other !== name))
      return [name, convert(schema, 'output', others)]
    }),
  )
}

/** Of `named`, each stands by its reference. */
function convert(
  schema: v.GenericSchema,
  typeMode: 'input' | 'output',
  named: Readonly<Record<string, v.GenericSchema>>,
): SchemaDescription {
  const {
    $schema: _dialect,
    $defs: _named,
    ...rest
  } = toJsonSchema(schema, {
    errorMode: 'ignore',
    typeMode,
    definitions: { ...named },
    overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
    overrideAction: ({ valibotAction, jsonSchema: described }) => describedBy(valibotAction, described),
  })
  return rest
}

/** What a field says of itself; undefined for any other step of its schema. */
function describedBy(
  action: { readonly type: string; readonly metadata?: unknown },
  described: object,
): object | undefined {
  if (action.type !== 'metadata' || !isRecord(action.metadata) || !isRecord(action.metadata['openapi']))
    return undefined
  const own = action.metadata['openapi']
  // A type of its own replaces all that the text's form said; other words stand beside it.
  return 'type' in own
    ? own
    : { ...Object.fromEntries(Object.entries(described).filter(([key]) => key !== 'openapi')), ...own }
}
