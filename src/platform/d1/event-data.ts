// What events say of a row, as JSON that SQLite makes in the statement that writes the event.
import { sql, type SQL } from 'drizzle-orm'
import type { VideoChange } from '../../domain/videos/store.ts'
import { storedPlayback } from './playback-mode.ts'
import { apiKeys } from './schema/keys.ts'
import { processingRuns } from './schema/processing.ts'
import { playbackRevocations } from './schema/playback.ts'
import { sharedReports } from './schema/shared-reports.ts'
import { videos } from './schema/videos.ts'

/** Epoch milliseconds of a column as ISO 8601 in UTC; null stays null. */
function timestamp(epochMs: SQL): SQL {
  return sql`strftime('%Y-%m-%dT%H:%M:%fZ', ${epochMs} / 1000.0, 'unixepoch')`
}

export type ChangedVideo = Partial<VideoChange> & { readonly fileSizeBytes?: number }

/** A video as it is once the change is made. */
export function videoData(change: ChangedVideo): SQL {
  const { name, description, status, playback, durationSeconds, fileSizeBytes } = change
  const mode = playback === undefined ? sql`${videos.playback}` : sql`${storedPlayback(playback)}`
  return sql`json_object('job_id', ${videos.jobId}, 'name', ${name ?? videos.name},
    'description', ${description ?? videos.description}, 'status', ${status ?? videos.status},
    'playback', CASE ${mode} WHEN 'on' THEN 'public' ELSE ${mode} END,
    'duration', ${durationSeconds === undefined ? videos.durationSeconds : durationSeconds},
    'file_size', ${fileSizeBytes ?? videos.fileSize}, 'created_at', ${timestamp(sql`${videos.createdAt}`)})`
}

/** A key without anything that could be used. */
export function keyData(more: SQL = sql``): SQL {
  return sql`json_object('key_id', ${apiKeys.id}, 'name', ${apiKeys.name}, 'key_prefix', ${apiKeys.keyPrefix},
    'expires_at', ${timestamp(sql`${apiKeys.expiresAt}`)}${more})`
}

/** A shared report without its secret hash. */
export function reportData(): SQL {
  return sql`json_object('id', ${sharedReports.id}, 'job_id', ${sharedReports.videoId},
    'expires_at', ${timestamp(sql`${sharedReports.expiresAt}`)})`
}

/** Whose viewings were ended, without what a viewer or a key is known by inside. */
export function revocationData(): SQL {
  const { id, kind, value, begunBefore } = playbackRevocations
  return sql`json_object('id', ${id}, 'ended', ${kind}, 'job_id', CASE ${kind} WHEN 'job' THEN ${value} END,
    'begun_before', ${timestamp(sql`${begunBefore} * 1000`)})`
}

/** A run as it is once the change is made; nothing of the engine's own ids. */
export function runData(change: { readonly status?: string; readonly error?: string | null }): SQL {
  const { jobId, attempt, status, engineMinutes, createdAt } = processingRuns
  return sql`json_object('job_id', ${jobId}, 'attempt', ${attempt}, 'status', ${change.status ?? status},
    'error', ${change.error ?? null}, 'engine_minutes', ${engineMinutes}, 'created_at', ${timestamp(sql`${createdAt}`)})`
}
