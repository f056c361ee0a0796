// A caller whose key the service already knows, so that what is counted afterwards is the endpoint's own I/O.
import { call, makeKey, type TestKey } from './callers.ts'
import { startService, type Service } from './service.ts'

export const NO_IO = {
  d1Reads: 0,
  d1Writes: 0,
  kvReads: 0,
  kvWrites: 0,
  r2Reads: 0,
  r2Writes: 0,
  streams: 0,
  keyCounters: 0,
  sent: 0,
}

export interface KnownCaller {
  readonly service: Service
  readonly key: TestKey
  /** Of the caller's objects, with its closing slash. */
  readonly folder: string
  readonly ask: (method: string, path: string, body?: unknown) => Promise<Response>
  /** Status and JSON. */
  readonly answer: (method: string, path: string, body?: unknown) => Promise<[number, unknown]>
}

export async function knownCaller(
  options: { service?: Service; key?: TestKey; scopes?: string } = {},
): Promise<KnownCaller> {
  const key = options.key ?? (await makeKey(options.scopes === undefined ? {} : { scopes: options.scopes }))
  const service = options.service ?? startService()
  const ask = (method: string, path: string, body?: unknown) => call(service, key.rawKey, method, path, body)
  await ask('GET', '/api/me')
  await service.settle()
  service.reset()
  return {
    service,
    key,
    folder: `users/${key.userId}/`,
    ask,
    async answer(method, path, body) {
      const response = await ask(method, path, body)
      return [response.status, await response.json()]
    },
  }
}
