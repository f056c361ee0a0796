// Everything one soak has: the soaked process, stand-ins of what is not ours, two owners, and what was promised to them.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient, type Client } from '../../src/client/client.ts'
import { openLocalState } from '../../src/cli/local-state.ts'
import { startStandInEngine } from '../../src/cli/start/stand-in-engine.ts'
import { startStandInIssuer } from '../../src/cli/start/stand-in-issuer.ts'
import { readVariablesFile } from '../../src/cli/variables-file.ts'
import { startFaultyProxy, type FaultyProxy } from './faulty-proxy.ts'
import { startLedger, type Ledger } from './ledger.ts'
import { startMeter, type Meter } from './meter.ts'
import { migrate } from './migrate.ts'
import { startSoaked, type SoakedProcess } from './process.ts'
import { startReceiver, type Receiver } from './receiver.ts'
import { startWeather, type Weather } from './weather.ts'

export interface Owner {
  readonly name: string
  readonly userId: string
  readonly rawKey: string
  /** By a key of every scope; each request is sent once. */
  readonly client: Client
  /** A session of theirs, for a minute. */
  token(): Promise<string>
}

export interface World {
  readonly service: SoakedProcess
  /** The engine itself, past its proxy. */
  readonly engineUrl: string
  readonly engine: FaultyProxy
  readonly issuer: FaultyProxy
  readonly receiver: Receiver
  readonly weather: Weather
  readonly meter: Meter
  readonly ledger: Ledger
  readonly ada: Owner
  readonly bob: Owner
  /** When the load ends, by the machine's clock. */
  readonly isOver: () => boolean
  stop(): Promise<void>
}

export async function makeWorld(terms: {
  readonly port: number
  readonly stores: string
  readonly minutes: number
}): Promise<World> {
  const state = openLocalState(join(terms.stores, 'state'))
  const realEngine = await startStandInEngine()
  const realIssuer = await startStandInIssuer(await readFile(state.issuerKeyFile, 'utf8'), ['http://console.soak'])
  const [engine, issuer, receiver] = await Promise.all([
    startFaultyProxy(realEngine.url),
    startFaultyProxy(realIssuer.url),
    startReceiver(),
  ])
  await migrate(terms.stores)
  const service = await startSoaked({
    port: terms.port,
    stores: terms.stores,
    variables: {
      ...Object.fromEntries(readVariablesFile(state.envFile)),
      CLERK_JWT_KEY: '',
      CLERK_JWKS_URL: `${issuer.url}/.well-known/jwks.json`,
      DELIVERY: 'edge',
      R2_ACCESS_KEY_ID: '',
      CLIPZY_ORIGIN: engine.url,
      LOCAL_CLIENT_FACTS: 'on',
      LOCAL_WEBHOOKS: 'on',
    },
  })
  const health = await fetch(`${service.url}/api/health`)
  if (!health.ok) throw new Error(`the service is not well: ${await health.text()}`)
  const weather = startWeather()
  const owner = async (name: string): Promise<Owner> => await makeOwner(name, service.url, realIssuer.url)
  const [ada, bob] = [await owner('user_ada'), await owner('user_bob')]
  const endpoint = await ada.client.createWebhookEndpoint({ url: receiver.url })
  receiver.secret = endpoint.secret
  const endMs = Date.now() + terms.minutes * 60_000
  return {
    service,
    engineUrl: realEngine.url,
    engine,
    issuer,
    receiver,
    weather,
    meter: startMeter(weather),
    ledger: startLedger(),
    ada,
    bob,
    isOver: () => Date.now() >= endMs,
    async stop() {
      await service.stop()
      await Promise.all([engine.close(), issuer.close(), receiver.close(), realEngine.close(), realIssuer.close()])
    },
  }
}

async function makeOwner(name: string, baseUrl: string, issuerUrl: string): Promise<Owner> {
  const token = async (): Promise<string> => {
    const response = await fetch(`${issuerUrl}/tokens`, {
      method: 'POST',
      headers: { Origin: 'http://console.soak' },
      body: JSON.stringify({ sub: name }),
    })
    const { token: session } = (await response.json()) as { readonly token: string }
    return session
  }
  const bySession = createClient({ baseUrl, getToken: token })
  const { user_id: userId } = await bySession.getCaller()
  const { raw_key: rawKey } = await bySession.createApiKey({ name: 'soak', scopes: ['*', 'keys:write'] })
  return { name, userId, rawKey, client: createClient({ baseUrl, key: rawKey, attempts: 1 }), token }
}
