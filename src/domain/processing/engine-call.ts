// A call of the engine by the service itself, on behalf of the owner of a run.
import type { UserId } from '../../core/auth/principal.ts'
import { connected, type EngineDeps } from '../engine/access.ts'
import type { CheckedAnswer } from '../engine/call.ts'
import type { EngineBody, EngineMethod } from '../engine/transport.ts'

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
