// What the audit trail says of a row, before and after a change: nothing that could be used, and no secret.
import { sql, type SQL } from 'drizzle-orm'
import { apiKeys } from './schema/keys.ts'
import { webhookEndpoints } from './schema/events.ts'
import { playbackKeys } from './schema/playback.ts'
import { videos } from './schema/videos.ts'

/** A stored value instead of a column's; undefined: as it is. */
type Instead = SQL | string | number | null | undefined

const or = (value: Instead, column: SQL): SQL => (value === undefined ? column : sql`${value}`)

export function keyAudit(
  change: { name?: Instead; isActive?: SQL; allowedIps?: Instead; limits?: Instead; expiresAt?: Instead } = {},
): SQL {
  const isActive = change.isActive ?? sql`${apiKeys.isActive}`
  return sql`json_object('name', ${or(change.name, sql`${apiKeys.name}`)}, 'scopes', ${apiKeys.scopes},
    'is_active', json(CASE WHEN ${isActive} THEN 'true' ELSE 'false' END),
    'expires_at_ms', ${or(change.expiresAt, sql`${apiKeys.expiresAt}`)},
    'allowed_ips', ${or(change.allowedIps, sql`${apiKeys.allowedIps}`)},
    'limits', json(${or(change.limits, sql`${apiKeys.limits}`)}))`
}

export function endpointAudit(
  change: { url?: Instead; description?: Instead; events?: Instead; isActive?: boolean | undefined } = {},
): SQL {
  const isActive = change.isActive === undefined ? sql`${webhookEndpoints.isActive}` : sql`${Number(change.isActive)}`
  return sql`json_object('url', ${or(change.url, sql`${webhookEndpoints.url}`)},
    'description', ${or(change.description, sql`${webhookEndpoints.description}`)},
    'events', ${or(change.events, sql`${webhookEndpoints.events}`)},
    'is_active', json(CASE WHEN ${isActive} THEN 'true' ELSE 'false' END))`
}

export function signingKeyAudit(): SQL {
  return sql`json_object('name', ${playbackKeys.name}, 'kid', ${playbackKeys.kid})`
}

/** `playback`: the stored word. */
export function videoAudit(playback?: string): SQL {
  const mode = playback === undefined ? sql`${videos.playback}` : sql`${playback}`
  return sql`json_object('name', ${videos.name}, 'playback', CASE ${mode} WHEN 'on' THEN 'public' ELSE ${mode} END)`
}
