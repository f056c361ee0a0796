// What the client's methods take and give, derived from the contract. Types only: nothing of the contract is loaded.
import type * as v from 'valibot'
import type { Contract, OperationId } from '../api/contract.ts'
import type { Operation, ParameterOf } from '../api/operation.ts'

/** Operations whose answers are JSON, but for those that take a stream or are called by Clerk or the engine. */
export type CallId = {
  [Id in OperationId]: [ResultOf<Contract[Id]>] extends [never] ? never : Id
}[Exclude<
  OperationId,
  'receiveClerkWebhook' | 'receiveLeakedKeys' | 'takeCallback' | 'uploadEngineVideo' | 'getOpenApi'
>]

/** Path parameters, query parameters and the body's fields, side by side. */
export type Input<Id extends CallId> = InputOf<Contract[Id]>
export type Result<Id extends CallId> = ResultOf<Contract[Id]>

type InputOf<O extends Operation> = { readonly [Name in ParameterOf<O['route']>]: string } & QueryOf<O> & BodyOf<O>

type QueryOf<O extends Operation> = {
  readonly [Name in keyof v.InferInput<O['query']>]: Name extends keyof v.InferOutput<O['query']>
    ? v.InferInput<O['query']>[Name] | v.InferOutput<O['query']>[Name]
    : v.InferInput<O['query']>[Name]
}

type BodyOf<O extends Operation> = O['body'] extends { readonly described: infer D extends v.GenericSchema }
  ? v.InferInput<D>
  : undefined extends v.InferInput<O['body']['schema']>
    ? unknown
    : v.InferInput<O['body']['schema']>

type Success = 200 | 201 | 202

type ResultOf<O extends Operation> = {
  [Status in keyof O['answers'] & Success]: O['answers'][Status] extends {
    readonly schema: infer S extends v.GenericSchema
  }
    ? v.InferOutput<S>
    : never
}[keyof O['answers'] & Success]
