// /api/signing-keys: public keys whose playback tokens count.
import type * as v from 'valibot'
import { DONE } from '../../api/fields.ts'
import { reply } from '../../api/operation.ts'
import { signingKeysApi, type signingKeySchema } from '../../api/signing-keys.ts'
import { formatTimestamp } from '../../core/timestamp.ts'
import {
  createTokenKey,
  deleteTokenKey,
  listTokenKeys,
  type PublicJwk,
  type TokenKey,
  type TokenKeyDeps,
} from '../../domain/playback/token-keys.ts'
import type { Router } from '../router.ts'

export function signingKeyRoutes(router: Router, deps: TokenKeyDeps): void {
  router.secured(signingKeysApi.createSigningKey, async ({ principal, body }) => {
    const { key, privateJwk } = await createTokenKey(deps, principal, { name: body.name, publicJwk: body.public_jwk })
    return reply(201, { ...showKey(key), ...(privateJwk && { private_jwk: showJwk(privateJwk) }) })
  })

  router.secured(signingKeysApi.listSigningKeys, async ({ principal }) =>
    reply(200, (await listTokenKeys(deps, principal)).map(showKey)),
  )

  router.secured(signingKeysApi.deleteSigningKey, async ({ principal, param }) => {
    await deleteTokenKey(deps, principal, param('key_id'))
    return reply(200, DONE)
  })
}

function showKey(key: TokenKey): v.InferOutput<typeof signingKeySchema> {
  return {
    id: key.id,
    name: key.name,
    kid: key.kid,
    algorithm: key.algorithm,
    public_jwk: showJwk(key.publicJwk),
    created_at: formatTimestamp(key.createdAtMs),
  }
}

function showJwk(jwk: PublicJwk): { kty: string; [member: string]: unknown } {
  return { ...jwk, kty: String(jwk['kty']) }
}
