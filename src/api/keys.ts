// /api/keys: a user's API keys. The raw key is in two answers and in no other.
import * as v from 'valibot'
import { SCOPES } from '../core/auth/scope.ts'
import { LIMIT_NAMES } from '../core/auth/key-limits.ts'
import { parseBlock } from '../core/http/network.ts'
import { doneSchema, instant, text, timestampSchema, uuidSchema, wholeNumber } from './fields.ts'
import { json, jsonBody, noBody, noQuery, operation } from './operation.ts'

const tag = 'API keys'

/** A week. */
export const MAX_GRACE_SECONDS = 604_800
export const DEFAULT_GRACE_SECONDS = 86_400

const keyName = text(1, 100)
const scope = v.picklist(['*', ...SCOPES])

const MAX_BLOCKS = 50
const allowedIps = v.pipe(
  v.array(
    v.pipe(
      v.string(),
      v.check((block) => parseBlock(block) !== undefined, 'must be CIDR blocks such as 192.0.2.0/24 or 2001:db8::/32'),
    ),
  ),
  v.minLength(1, 'must not be empty: null allows every address'),
  v.maxLength(MAX_BLOCKS, `must be at most ${MAX_BLOCKS} blocks`),
)
const MAX_LIMIT = 1_000_000_000_000_000
const limit = v.optional(wholeNumber(1, MAX_LIMIT))
const limits = v.pipe(
  v.strictObject({
    requests_per_minute: limit,
    requests_per_day: limit,
    engine_minutes_per_month: limit,
    bytes_per_day: limit,
  }),
  v.description('Whole numbers, by name; what is not named is not limited'),
)
const cascadeQuery = v.strictObject({ cascade: v.optional(v.picklist(['true', 'false']), 'false') })

export const apiKeySchema = v.object({
  id: uuidSchema,
  name: v.string(),
  key_prefix: v.pipe(v.string(), v.examples(['lvz_live_0123abcd...'])),
  is_active: v.boolean(),
  scopes: v.array(scope),
  expires_at: v.nullable(timestampSchema),
  last_used_at: v.nullable(timestampSchema),
  last_used_ip: v.pipe(
    v.nullable(v.string()),
    v.description('The /24 or /48 it was used from'),
    v.examples(['203.0.113.0/24']),
  ),
  allowed_ips: v.pipe(v.nullable(v.array(v.string())), v.description('CIDR blocks; null: from anywhere')),
  limits: v.nullable(v.record(v.picklist(LIMIT_NAMES), v.number())),
  created_by: v.pipe(
    v.nullable(v.object({ type: v.picklist(['user', 'api_key']), id: v.string() })),
    v.description('A Clerk user or an API key; null for a key that an operator made'),
  ),
  created_at: timestampSchema,
})
export const keyUsageSchema = v.object({
  limits: v.array(
    v.object({
      name: v.picklist(LIMIT_NAMES),
      limit: v.number(),
      used: v.number(),
      remaining: v.number(),
      resets_at: timestampSchema,
    }),
  ),
})
export const issuedApiKeySchema = v.object({
  ...apiKeySchema.entries,
  raw_key: v.pipe(v.string(), v.regex(/^lvz_live_[0-9a-f]{64}$/)),
})
export const keyEventSchema = v.object({
  action: v.picklist([
    'created',
    'imported',
    'renamed',
    'addresses_changed',
    'activated',
    'deactivated',
    'rotated',
    'deleted',
  ]),
  actor_type: v.picklist(['clerk', 'api_key', 'operator', 'webhook']),
  actor_id: v.nullable(v.string()),
  created_at: timestampSchema,
})

const STRONGER = [
  'API key lacks the scope {scope}',
  'Role in the workspace lacks the scope {scope}',
  'API key expires before the key it would make or change',
  'API key is allowed from fewer addresses than the key it would make or change',
  'API key has lower limits than the key it would make or change',
] as const
const CHANGED = 'API key was changed at the same time'
const foreignKey = { 403: ['API key does not belong to this user', ...STRONGER], 404: ['API key not found'] } as const

export const keysApi = {
  createApiKey: operation({
    route: 'POST /api/keys',
    tag,
    summary: 'Make a key',
    description:
      'What a key does not name of scopes, expiry and addresses, the key that it makes takes over from it. `*` is every scope but `keys:write`: a key that may make and change keys names it, `["*","keys:write"]`.',
    access: 'keys:write',
    query: noQuery,
    body: jsonBody(
      v.strictObject({
        name: keyName,
        scopes: v.optional(
          v.pipe(
            v.array(scope),
            v.minLength(1, 'must not be empty'),
            v.maxLength(SCOPES.length + 1, 'must not repeat scopes'),
          ),
        ),
        expires_at: v.optional(v.nullable(instant)),
        allowed_ips: v.optional(v.nullable(allowedIps)),
        limits: v.optional(v.nullable(limits)),
      }),
    ),
    answers: { 201: json('The key; `raw_key` is shown only here', issuedApiKeySchema) },
    refusals: { 403: STRONGER, 409: ['A user can have at most {count} live API keys'] },
  }),

  listApiKeys: operation({
    route: 'GET /api/keys',
    tag,
    summary: 'The keys of the caller, newest first',
    access: 'keys:read',
    query: noQuery,
    body: noBody,
    answers: { 200: json('The keys', v.array(apiKeySchema)) },
    refusals: {},
  }),

  updateApiKey: operation({
    route: 'PATCH /api/keys/{key_id}',
    tag,
    summary: 'Rename a key, change where from and how much it may be used, or switch it off and on',
    description:
      'With `is_active` false, `cascade=true` switches off every key that was made with it, too. A key can only narrow `allowed_ips` and `limits`; a session can widen them.',
    access: 'keys:write',
    query: cascadeQuery,
    body: jsonBody(
      v.strictObject({
        is_active: v.optional(v.boolean()),
        name: v.optional(keyName),
        allowed_ips: v.optional(v.nullable(allowedIps)),
        limits: v.optional(v.nullable(limits)),
      }),
    ),
    answers: { 200: json('The key', apiKeySchema) },
    refusals: {
      ...foreignKey,
      403: [
        ...foreignKey[403],
        'Only an admin of the workspace may change the limits of a key',
        'Only a session can allow a key from more addresses',
        'Only a session can raise the limits of a key',
      ],
      422: ['cascade: goes with is_active false only'],
      409: ['An expired API key cannot be reactivated', CHANGED],
    },
  }),

  deleteApiKey: operation({
    route: 'DELETE /api/keys/{key_id}',
    tag,
    summary: 'Revoke a key for good',
    description: '`cascade=true` revokes every key that was made with it too, and every one that was made with those.',
    access: 'keys:write',
    query: cascadeQuery,
    body: noBody,
    answers: { 200: json('Done', doneSchema) },
    refusals: { ...foreignKey },
  }),

  rotateApiKey: operation({
    route: 'POST /api/keys/{key_id}/rotate',
    tag,
    summary: 'Replace a key by a new one of the same name, scopes and expiry',
    description:
      'The old key works until the grace period is over, and never past its own expiry. A key that rotates itself leaves at least an hour.',
    access: 'keys:write',
    query: noQuery,
    body: jsonBody(
      v.strictObject({ grace_seconds: v.optional(wholeNumber(0, MAX_GRACE_SECONDS), DEFAULT_GRACE_SECONDS) }),
      { isOptional: true },
    ),
    answers: { 200: json('The new key; `raw_key` is shown only here', issuedApiKeySchema) },
    refusals: {
      ...foreignKey,
      422: ['grace_seconds: must be at least 3600 where a key rotates itself'],
      409: [
        'API key was already rotated',
        'An expired API key cannot be rotated',
        `${CHANGED}, or too many rotated keys are still in their grace`,
      ],
    },
  }),

  getApiKeyUsage: operation({
    route: 'GET /api/keys/{key_id}/usage',
    tag,
    summary: 'What a key has used of its limits',
    description: 'The counters themselves: what is refused, what `RateLimit` says and what stands here is one number.',
    access: 'keys:read',
    query: noQuery,
    body: noBody,
    answers: { 200: json('Each limit; none for a key without limits', keyUsageSchema) },
    refusals: { ...foreignKey },
  }),

  listApiKeyEvents: operation({
    route: 'GET /api/keys/{key_id}/events',
    tag,
    summary: 'What happened to a key, newest first',
    access: 'keys:read',
    query: noQuery,
    body: noBody,
    answers: { 200: json('The events', v.array(keyEventSchema)) },
    refusals: { ...foreignKey },
  }),
}
