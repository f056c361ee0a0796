// Scopes as the console offers them: sets that fit a purpose, and one by one.
import type { Result } from '../../../client/client.ts'

export type Scope = Result<'listApiKeys'>[number]['scopes'][number]

/** In the order they are shown; every one but `*`. The type holds it against the contract. */
const ORDER: Readonly<Record<Exclude<Scope, '*'>, true>> = {
  'videos:read': true,
  'videos:write': true,
  'storage:read': true,
  'storage:write': true,
  'playback:read': true,
  'playback:write': true,
  'playback:sign': true,
  'reports:read': true,
  'reports:write': true,
  'keys:read': true,
  'keys:write': true,
  'webhooks:read': true,
  'webhooks:write': true,
  'audit:read': true,
  'analytics:read': true,
  'engine:read': true,
  'engine:write': true,
}

export const SCOPES = Object.keys(ORDER) as readonly Exclude<Scope, '*'>[]

export const PRESETS = {
  everything: ['*'],
  upload: ['videos:read', 'videos:write', 'storage:read', 'storage:write'],
  read: SCOPES.filter((scope) => scope.endsWith(':read')),
  sign: ['playback:sign'],
} as const satisfies Readonly<Record<string, readonly Scope[]>>

export type Preset = keyof typeof PRESETS
