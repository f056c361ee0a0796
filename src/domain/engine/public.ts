// What every caller may ask of the engine and of the gate before it.
import { connected, type ConnectedEngine, type EngineDeps } from './access.ts'
import type { CallContext } from './call.ts'
import type { EngineAnswer } from './transport.ts'

/** The engine's own health. */
export async function engineHealth(deps: Pick<EngineDeps, 'engine'>, context: CallContext): Promise<EngineAnswer> {
  const { call } = connected(deps)
  const path = '/api/v1/health'
  return (await call({ method: 'GET', path, body: undefined, principal: undefined, context })).answer
}

/** With these the engine proves who is calling. */
export async function enginePublicKeys(deps: Pick<EngineDeps, 'engine'>): ReturnType<ConnectedEngine['publicKeys']> {
  return await connected(deps).publicKeys()
}
