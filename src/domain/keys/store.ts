// API keys as the service knows them, and what it needs from their store. No hash is in anything that can
// be shown.
import type { KeyHash } from '../../core/auth/api-key.ts'
import type { Principal, UserId } from '../../core/auth/principal.ts'
import type { KeyLimits } from '../../core/auth/key-limits.ts'
import type { Scopes } from '../../core/auth/scope.ts'

export interface ApiKey {
  readonly id: string
  readonly userId: UserId
  readonly name: string
  readonly keyPrefix: string
  readonly isActive: boolean
  readonly scopes: Scopes
  /** Epoch milliseconds; undefined: never. */
  readonly expiresAtMs: number | undefined
  readonly lastUsedAtMs: number | undefined
  /** Truncated: a /24 or /48. */
  readonly lastUsedIp: string | undefined
  /** CIDR blocks; undefined: from anywhere. */
  readonly allowedIps: readonly string[] | undefined
  /** Undefined: no more than every caller's. */
  readonly limits: KeyLimits | undefined
  /** The person who made it in an organisation; undefined: the owner themselves. */
  readonly memberId: UserId | undefined
  /** Undefined for a key of an operator's. */
  readonly createdBy: KeyCreator | undefined
  readonly createdAtMs: number
  /** Undefined unless another key replaced it. */
  readonly rotatedAtMs: number | undefined
}

export interface KeyCreator {
  readonly type: 'clerk' | 'api_key'
  /** A Clerk user id or a key id. */
  readonly id: string
}

export type KeyAction =
  | 'created'
  | 'imported'
  | 'renamed'
  | 'addresses_changed'
  | 'activated'
  | 'deactivated'
  | 'rotated'
  | 'deleted'

export interface KeyEvent {
  readonly action: KeyAction
  readonly actorType: 'clerk' | 'api_key' | 'operator' | 'webhook'
  readonly actorId: string | undefined
  readonly createdAtMs: number
}

export interface KeyReader {
  /** Not the deleted ones; newest first. `memberId`: only those that they made. */
  list(userId: UserId, memberId: UserId | undefined): Promise<readonly ApiKey[]>
  /** Undefined when there is no such key, or when it was deleted. */
  find(keyId: string): Promise<ApiKey | undefined>
  /** Newest first. */
  events(keyId: string): Promise<readonly KeyEvent[]>
}

export interface NewSecret {
  readonly id: string
  readonly hash: KeyHash
  readonly keyPrefix: string
}

/** What became of a change: `refused` when the key, or the number of keys, was no longer what it was. */
export type KeyChange =
  | {
      readonly outcome: 'done'
      readonly key: ApiKey
      /** The keys made with it, and with those, that ended along with it. */
      readonly descendantIds: readonly string[]
    }
  | { readonly outcome: 'refused' }
  /** The principal itself was revoked, or no longer has the scopes: a cache may still have held the old answer. */
  | { readonly outcome: 'actor_ended' }

/** Each is one transaction that checks again that the principal is still valid, and records an event. */
export interface KeyWriter {
  create(
    actor: Principal,
    key: NewSecret & {
      readonly name: string
      readonly scopes: Scopes
      readonly expiresAtMs: number | undefined
      readonly allowedIps: readonly string[] | undefined
      readonly limits: KeyLimits | undefined
    },
    rules: { readonly nowMs: number; readonly maxLive: number },
  ): Promise<KeyChange>
  update(
    actor: Principal,
    keyId: string,
    change: {
      readonly name: string | undefined
      readonly isActive: boolean | undefined
      /** Null: from anywhere; undefined: as it is. */
      readonly allowedIps: readonly string[] | null | undefined
      /** Null: none; undefined: as they are. */
      readonly limits: KeyLimits | null | undefined
    },
    rules: { readonly nowMs: number; readonly cascade: boolean },
  ): Promise<KeyChange>
  /** The successor takes over name, scopes, expiry and addresses; the old key expires at `graceEndsMs`, or earlier by its own expiry. */
  rotate(
    actor: Principal,
    keyId: string,
    successor: NewSecret,
    rules: { readonly nowMs: number; readonly graceEndsMs: number; readonly maxInGrace: number },
  ): Promise<KeyChange>
  /** `cascade`: every key that was made with it ends too, and every one that was made with those. */
  remove(
    actor: Principal,
    keyId: string,
    rules: { readonly nowMs: number; readonly cascade: boolean },
  ): Promise<KeyChange>
}
