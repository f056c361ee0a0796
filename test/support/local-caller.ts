// A person of the local service: signed in with its own issuer's key, as `npm start` keeps it, and holding an API key.
import { importPKCS8 } from 'jose'
import { readFile } from 'node:fs/promises'
import { LOCAL_ISSUER, LOCAL_KEY_ID, openLocalState } from '../../src/cli/local-state.ts'
import { signSession } from './clerk.ts'
import type { LocalService } from './local-service.ts'

export interface LocalCaller {
  readonly userId: string
  readonly rawKey: string
  /** Status and JSON. */
  answer(method: string, path: string, body?: unknown): Promise<[number, unknown]>
}

export async function localCaller(service: LocalService, sub: string): Promise<LocalCaller> {
  if (service.stateFolder === undefined) throw new Error('the shared service is only read from')
  const issuerKey = await readFile(openLocalState(service.stateFolder).issuerKeyFile, 'utf8')
  const signingKey = await importPKCS8(issuerKey, 'RS256')
  const session = await signSession(signingKey, LOCAL_ISSUER, Date.now(), { sub }, { kid: LOCAL_KEY_ID })
  const ask = async (credential: string, method: string, path: string, body?: unknown): Promise<[number, unknown]> => {
    const response = await fetch(service.url + path, {
      method,
      headers: { Authorization: credential, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return [response.status, await response.json()]
  }
  const [, me] = await ask(`Bearer ${session}`, 'GET', '/api/me')
  const [status, key] = await ask(`Bearer ${session}`, 'POST', '/api/keys', {
    name: 'a test',
    scopes: ['*', 'keys:write'],
  })
  if (status !== 201) throw new Error(`no key for ${sub}: ${status} ${JSON.stringify(key)}`)
  const { raw_key: rawKey } = key as { raw_key: string }
  return {
    userId: (me as { user_id: string }).user_id,
    rawKey,
    answer: async (method, path, body) => await ask(rawKey, method, path, body),
  }
}
