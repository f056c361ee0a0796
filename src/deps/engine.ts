// Composition of the engine's gate.
import type { ConnectedEngine } from '../domain/engine/access.ts'
import { engineCaller } from '../domain/engine/call.ts'
import type { EngineConfig } from '../config/engine.ts'
import { assertions } from '../platform/engine/assertion.ts'
import type { Bindings } from '../platform/bindings.ts'
import type { FetchUrl } from '../platform/bounded-fetch.ts'
import { engineFetch } from '../platform/engine/transport.ts'
import type { World } from './world.ts'

/** The engine behind the gate, by URL or by binding. */
export function connectEngine(config: EngineConfig, { ENGINE }: Bindings, world: World): ConnectedEngine {
  const { baseUrl, maxBodyBytes, timeoutSeconds } = config
  const fetchUrl: FetchUrl = ENGINE === undefined ? world.fetchUrl : (url, init) => ENGINE.fetch(url, init)
  const signer = assertions(config.assertion, world.nowMs)
  return {
    call: engineCaller({
      transport: engineFetch(fetchUrl, { baseUrl, timeoutMs: timeoutSeconds * 1000, maxBodyBytes }),
      assertions: signer,
      secretHeaders: config.headers,
      nowMs: world.nowMs,
      newId: world.newId,
    }),
    maxBodyBytes,
    publicKeys: () => signer.publicKeys(),
  }
}
