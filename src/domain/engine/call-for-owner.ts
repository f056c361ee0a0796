// A call of the engine by the service itself, on behalf of an owner.
import type { UserId } from '../../core/auth/principal.ts'
import { connected, type EngineDeps } from './access.ts'
import type { CheckedAnswer } from './call.ts'
import type { EngineBody, EngineMethod } from './transport.ts'

export interface RunCall {
  readonly method: EngineMethod
  readonly path: string
  readonly body?: EngineBody
}

export async function callFor(
  deps: Pick<EngineDeps, 'engine'> & { readonly newId: () => string },
  userId: UserId,
  { method, path, body }: RunCall,
): Promise<CheckedAnswer> {
  const context = { requestId: deps.newId(), address: undefined, header: () => undefined }
  return await connected(deps).call({ method, path, body, principal: { kind: 'system', userId }, context })
}
