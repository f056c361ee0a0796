// Users and API keys as a test needs them, put straight into D1: each call makes its own.
import { formatApiKey, hashApiKey, keyPrefix } from '../../src/core/auth/api-key.ts'
import { env } from './env.ts'
import type { Service } from './service.ts'

export interface TestUser {
  readonly userId: string
  readonly clerkUserId: string
}

export interface TestKey extends TestUser {
  readonly keyId: string
  readonly rawKey: string
}

export function randomKey(): string {
  return formatApiKey(crypto.getRandomValues(new Uint8Array(32)))
}

export function newClerkUserId(): string {
  return `user_${crypto.randomUUID().replaceAll('-', '')}`
}

export async function makeUser(options: { clerkUserId?: string; deletedAtMs?: number } = {}): Promise<TestUser> {
  const userId = crypto.randomUUID()
  const clerkUserId = options.clerkUserId ?? newClerkUserId()
  await env.DB.prepare('INSERT INTO users (id, clerk_user_id, created_at, deleted_at) VALUES (?, ?, 0, ?)')
    .bind(userId, clerkUserId, options.deletedAtMs ?? null)
    .run()
  return { userId, clerkUserId }
}

export async function makeKey(
  options: {
    user?: TestUser
    scopes?: string
    isActive?: boolean
    expiresAtMs?: number
    createdAtMs?: number
    name?: string
    rawKey?: string
  } = {},
): Promise<TestKey> {
  const user = options.user ?? (await makeUser())
  const keyId = crypto.randomUUID()
  const rawKey = options.rawKey ?? randomKey()
  await env.DB.prepare(
    'INSERT INTO api_keys (id, user_id, name, key_hash, key_prefix, scopes, is_active, expires_at, created_at)' +
      ' VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
    .bind(
      keyId,
      user.userId,
      options.name ?? 'a key',
      hashApiKey(rawKey),
      keyPrefix(rawKey),
      options.scopes ?? '* keys:write',
      (options.isActive ?? true) ? 1 : 0,
      options.expiresAtMs ?? null,
      options.createdAtMs ?? 0,
    )
    .run()
  return { ...user, keyId, rawKey }
}

/** Asks with a credential, and with a JSON body if there is one. */
export async function call(
  service: Service,
  credential: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  return await service.request(path, {
    method,
    headers: {
      Authorization: credential,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

/** One column of one row; undefined when there is no row. */
export async function readColumn(sql: string, ...values: unknown[]): Promise<unknown> {
  const row = await env.DB.prepare(sql)
    .bind(...values)
    .first()
  return row === null ? undefined : Object.values(row)[0]
}
