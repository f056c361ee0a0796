// /api/keys: a user's API keys.
import type * as v from 'valibot'
import type { apiKeySchema, issuedApiKeySchema, keyEventSchema } from '../../api/keys.ts'
import { DONE } from '../../api/fields.ts'
import { keysApi } from '../../api/keys.ts'
import { reply } from '../../api/operation.ts'
import { namedLimits } from '../../core/auth/key-limits.ts'
import { parseScopes } from '../../core/auth/scope.ts'
import { formatTimestamp } from '../../core/timestamp.ts'
import type { ApiKey, KeyCreator, KeyEvent } from '../../domain/keys/store.ts'
import {
  changeKey,
  createKey,
  deleteKey,
  listKeyEvents,
  listKeys,
  readKeyUsage,
  rotateKey,
  type IssuedKey,
  type KeyDeps,
} from '../../domain/keys/keys.ts'
import type { KeyLimitDeps } from '../../domain/keys/limits.ts'
import type { Router } from '../router.ts'

export function keyRoutes(router: Router, deps: KeyDeps & KeyLimitDeps): void {
  router.secured(keysApi.createApiKey, async ({ principal, body }) => {
    const issued = await createKey(deps, principal, {
      name: body.name,
      scopes: body.scopes && parseScopes(body.scopes),
      expiresAtMs: body.expires_at,
      allowedIps: body.allowed_ips,
      limits: body.limits && (namedLimits(body.limits) ?? null),
    })
    return reply(201, showIssued(issued))
  })

  router.secured(keysApi.listApiKeys, async ({ principal }) =>
    reply(200, (await listKeys(deps, principal)).map(showKey)),
  )

  router.secured(keysApi.updateApiKey, async ({ principal, param, query, body }) => {
    const change = {
      keyId: param('key_id'),
      name: body.name,
      isActive: body.is_active,
      allowedIps: body.allowed_ips,
      limits: body.limits && (namedLimits(body.limits) ?? null),
      cascade: query.cascade === 'true',
    }
    return reply(200, showKey(await changeKey(deps, principal, change)))
  })

  router.secured(keysApi.deleteApiKey, async ({ principal, param, query }) => {
    await deleteKey(deps, principal, { keyId: param('key_id'), cascade: query.cascade === 'true' })
    return reply(200, DONE)
  })

  router.secured(keysApi.rotateApiKey, async ({ principal, param, body }) => {
    const rotation = { keyId: param('key_id'), graceSeconds: body.grace_seconds }
    return reply(200, showIssued(await rotateKey(deps, principal, rotation)))
  })

  router.secured(keysApi.getApiKeyUsage, async ({ principal, param }) => {
    const states = await readKeyUsage(deps, principal, param('key_id'))
    const limits = states.map(({ name, limit, used, resetsAtMs }) => ({
      name,
      limit,
      used,
      remaining: Math.max(0, limit - used),
      resets_at: formatTimestamp(resetsAtMs),
    }))
    return reply(200, { limits })
  })

  router.secured(keysApi.listApiKeyEvents, async ({ principal, param }) =>
    reply(200, (await listKeyEvents(deps, principal, param('key_id'))).map(showEvent)),
  )
}

function showKey(key: ApiKey): v.InferOutput<typeof apiKeySchema> {
  return {
    id: key.id,
    name: key.name,
    key_prefix: key.keyPrefix,
    is_active: key.isActive,
    scopes: [...key.scopes],
    expires_at: showTime(key.expiresAtMs),
    last_used_at: showTime(key.lastUsedAtMs),
    last_used_ip: key.lastUsedIp ?? null,
    allowed_ips: key.allowedIps === undefined ? null : [...key.allowedIps],
    limits: key.limits === undefined ? null : { ...key.limits },
    created_by: key.createdBy === undefined ? null : showCreator(key.createdBy),
    created_at: formatTimestamp(key.createdAtMs),
  }
}

function showCreator({ type, id }: KeyCreator): { type: 'user' | 'api_key'; id: string } {
  return { type: type === 'clerk' ? 'user' : type, id }
}

function showIssued({ key, rawKey }: IssuedKey): v.InferOutput<typeof issuedApiKeySchema> {
  return { ...showKey(key), raw_key: rawKey }
}

function showEvent(event: KeyEvent): v.InferOutput<typeof keyEventSchema> {
  return {
    action: event.action,
    actor_type: event.actorType,
    actor_id: event.actorId ?? null,
    created_at: formatTimestamp(event.createdAtMs),
  }
}

function showTime(epochMs: number | undefined): string | null {
  return epochMs === undefined ? null : formatTimestamp(epochMs)
}
