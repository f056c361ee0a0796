// /api/keys: a user's API keys. The raw key is in two answers and in no other.
import * as v from 'valibot'
import { parseScopes, SCOPES } from '../../core/auth/scope.ts'
import { formatTimestamp } from '../../core/timestamp.ts'
import type { ApiKey, KeyEvent } from '../../domain/keys/store.ts'
import {
  changeKey,
  createKey,
  DEFAULT_GRACE_SECONDS,
  deleteKey,
  listKeyEvents,
  listKeys,
  MAX_GRACE_SECONDS,
  rotateKey,
  type IssuedKey,
  type KeyDeps,
} from '../../domain/keys/keys.ts'
import { instant, shownId, shownTime, text, wholeNumber } from '../fields.ts'
import type { Router } from '../router.ts'

const TAG = 'API keys'

const keyName = text(1, 100)

const createBody = v.strictObject({
  name: keyName,
  scopes: v.optional(
    v.pipe(
      v.array(v.picklist(['*', ...SCOPES])),
      v.minLength(1, 'must not be empty'),
      v.maxLength(SCOPES.length + 1, 'must not repeat scopes'),
    ),
  ),
  expires_at: v.optional(v.nullable(instant)),
})

const changeBody = v.strictObject({ is_active: v.optional(v.boolean()), name: v.optional(keyName) })

const rotateBody = v.strictObject({
  grace_seconds: v.optional(wholeNumber(0, MAX_GRACE_SECONDS), DEFAULT_GRACE_SECONDS),
})

const keySchema = v.object({
  id: shownId,
  name: v.string(),
  key_prefix: v.string(),
  is_active: v.boolean(),
  scopes: v.array(v.picklist(['*', ...SCOPES])),
  expires_at: v.nullable(shownTime),
  last_used_at: v.nullable(shownTime),
  created_at: shownTime,
})
const issuedKeySchema = v.object({ ...keySchema.entries, raw_key: v.string() })
const eventSchema = v.object({
  action: v.picklist(['created', 'imported', 'renamed', 'activated', 'deactivated', 'rotated', 'deleted']),
  actor_type: v.picklist(['clerk', 'api_key', 'operator', 'webhook']),
  actor_id: v.nullable(v.string()),
  created_at: shownTime,
})

export function keyRoutes(router: Router, deps: KeyDeps): void {
  router.add(
    {
      method: 'POST',
      path: '/api/keys',
      tag: TAG,
      summary: 'Make a key',
      description: 'A key that makes a key without naming scopes or an expiry passes on its own.',
      access: 'keys:write',
      body: createBody,
      answers: { 201: { description: 'The key; `raw_key` is shown this once', schema: issuedKeySchema } },
    },
    async ({ c, principal, body }) => {
      const issued = await createKey(deps, principal, {
        name: body.name,
        scopes: body.scopes && parseScopes(body.scopes),
        expiresAtMs: body.expires_at,
      })
      return c.json(showIssued(issued), 201)
    },
  )

  router.add(
    {
      method: 'GET',
      path: '/api/keys',
      tag: TAG,
      summary: 'The keys of the caller, newest first',
      access: 'keys:read',
      answers: { 200: { description: 'The keys', schema: v.array(keySchema) } },
    },
    async ({ c, principal }) => c.json((await listKeys(deps, principal)).map(showKey)),
  )

  router.add(
    {
      method: 'PATCH',
      path: '/api/keys/{key_id}',
      tag: TAG,
      summary: 'Rename a key, or switch it off and on',
      access: 'keys:write',
      body: changeBody,
      answers: { 200: { description: 'The key', schema: keySchema } },
    },
    async ({ c, principal, param, body }) => {
      const change = { keyId: param('key_id'), name: body.name, isActive: body.is_active }
      return c.json(showKey(await changeKey(deps, principal, change)))
    },
  )

  router.add(
    {
      method: 'DELETE',
      path: '/api/keys/{key_id}',
      tag: TAG,
      summary: 'End a key for good',
      access: 'keys:write',
      answers: { 200: { description: 'Done', schema: v.object({ ok: v.literal(true) }) } },
    },
    async ({ c, principal, param }) => {
      await deleteKey(deps, principal, param('key_id'))
      return c.json({ ok: true })
    },
  )

  router.add(
    {
      method: 'POST',
      path: '/api/keys/{key_id}/rotate',
      tag: TAG,
      summary: 'Replace a key by a new one of the same name, scopes and expiry',
      description: 'The old key works until the grace ends, and never past its own expiry.',
      access: 'keys:write',
      body: rotateBody,
      isBodyOptional: true,
      answers: { 200: { description: 'The new key; `raw_key` is shown this once', schema: issuedKeySchema } },
    },
    async ({ c, principal, param, body }) => {
      const rotation = { keyId: param('key_id'), graceSeconds: body.grace_seconds }
      return c.json(showIssued(await rotateKey(deps, principal, rotation)))
    },
  )

  router.add(
    {
      method: 'GET',
      path: '/api/keys/{key_id}/events',
      tag: TAG,
      summary: 'What happened to a key, newest first',
      access: 'keys:read',
      answers: { 200: { description: 'The events', schema: v.array(eventSchema) } },
    },
    async ({ c, principal, param }) => c.json((await listKeyEvents(deps, principal, param('key_id'))).map(showEvent)),
  )
}

function showKey(key: ApiKey) {
  return {
    id: key.id,
    name: key.name,
    key_prefix: key.keyPrefix,
    is_active: key.isActive,
    scopes: key.scopes,
    expires_at: showTime(key.expiresAtMs),
    last_used_at: showTime(key.lastUsedAtMs),
    created_at: formatTimestamp(key.createdAtMs),
  }
}

function showIssued({ key, rawKey }: IssuedKey) {
  return { ...showKey(key), raw_key: rawKey }
}

function showEvent(event: KeyEvent) {
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
