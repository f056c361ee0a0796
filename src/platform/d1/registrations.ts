// Which of a page of objects D1 knows videos of.
import { sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { Registrations } from '../../domain/storage/files.ts'
import { query } from './query.ts'
import { videos } from './schema/videos.ts'

interface Row {
  readonly path: string | null
  readonly job_id: string | null
}

export function d1Registrations(db: DrizzleD1Database): Registrations {
  return {
    async among(userId, { paths, jobIds }) {
      // Lists travel as JSON: a statement of D1 binds at most 100 values, and a page has 1,000 keys.
      const rows = await query(() =>
        db.all<Row>(sql`
          SELECT storage_path AS path, NULL AS job_id FROM ${videos}
            WHERE storage_path IN (SELECT value FROM json_each(${JSON.stringify(paths)})) AND user_id = ${userId}
          UNION ALL
          SELECT NULL AS path, job_id FROM ${videos}
            WHERE job_id IN (SELECT value FROM json_each(${JSON.stringify(jobIds)})) AND user_id = ${userId}`),
      )
      return {
        paths: new Set(rows.flatMap(({ path }) => path ?? [])),
        jobIds: new Set(rows.flatMap(({ job_id: jobId }) => jobId ?? [])),
      }
    },
  }
}
