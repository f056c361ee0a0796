// The SQL behind `npm run key`. Text only: every value in it is checked here or written in hexadecimal, because a
// command line has no bound parameters.

export interface KeyOrder {
  readonly keyId: string
  /** By our id, made if it is new; or by Clerk's, with the id he gets if he is new. */
  readonly user: { readonly userId: string } | { readonly clerkUserId: string; readonly newUserId: string }
  readonly name: string
  readonly hash: string
  readonly keyPrefix: string
  readonly action: 'created' | 'imported'
  readonly nowMs: number
  readonly maxLive: number
}

/**
 * Statements that make the user if needed, then the key, then its audit row, each only if the one before did, and
 * last one that tells `user_id`, `is_deleted`, `is_made` and `is_known`.
 */
export function keyStatements(order: KeyOrder): string {
  const { user } = order
  const keyId = text(order.keyId)
  const hash = text(order.hash)
  const now = String(Math.trunc(order.nowMs))
  const isUser = 'userId' in user ? `id = ${text(user.userId)}` : `clerk_user_id = ${text(user.clerkUserId)}`
  const newUser = 'userId' in user ? [text(user.userId), 'NULL'] : [text(user.newUserId), text(user.clerkUserId)]
  const isLive = `deleted_at IS NULL AND rotated_at IS NULL AND (expires_at IS NULL OR expires_at > ${now})`
  const statements = [
    `INSERT INTO users (id, clerk_user_id, created_at) SELECT ${newUser.join(', ')}, ${now}
      WHERE NOT EXISTS (SELECT 1 FROM users WHERE ${isUser})`,
    `INSERT INTO api_keys (id, user_id, name, key_hash, key_prefix, scopes, created_at)
      SELECT ${keyId}, id, ${text(order.name)}, ${hash}, ${text(order.keyPrefix)}, '* keys:write', ${now} FROM users
      WHERE ${isUser} AND deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM api_keys WHERE key_hash = ${hash})
      AND (SELECT count(*) FROM api_keys WHERE user_id = users.id AND ${isLive}) < ${order.maxLive}`,
    `INSERT INTO key_events (key_id, action, actor_type, created_at)
      SELECT id, '${order.action}', 'operator', ${now} FROM api_keys WHERE id = ${keyId}`,
    `INSERT INTO audit_events (id, user_id, at, actor_type, action, target_type, target_id, after)
      SELECT 'aud_' || lower(hex(randomblob(20))), user_id, ${now}, 'operator', 'key.${order.action}', 'key', id,
      json_object('name', name, 'scopes', scopes) FROM api_keys WHERE id = ${keyId}`,
    `SELECT id AS user_id, deleted_at IS NOT NULL AS is_deleted,
      EXISTS (SELECT 1 FROM api_keys WHERE id = ${keyId}) AS is_made,
      EXISTS (SELECT 1 FROM api_keys WHERE key_hash = ${hash}) AS is_known FROM users WHERE ${isUser}`,
  ]
  return `${statements.map((statement) => statement.replace(/\s+/g, ' ')).join('; ')};`
}

/** A text literal that no content can end. */
function text(value: string): string {
  return `CAST(X'${Buffer.from(value, 'utf8').toString('hex')}' AS TEXT)`
}
