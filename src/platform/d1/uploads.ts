// Open uploads in parts, and the parts that this Worker took, in D1.
import { and, desc, eq, gt, lte, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { OpenUpload, PartRecords, UploadStore } from '../../domain/storage/multipart-store.ts'
import { toObjectKey, toUserId } from '../stored-values.ts'
import { query } from './query.ts'
import { selectRow } from './select-row.ts'
import { uploadParts, uploads } from './schema/uploads.ts'

export function d1Uploads(db: DrizzleD1Database): UploadStore & PartRecords {
  return {
    async add({ fileBytes, partBytes, createdAtMs, expiresAtMs, ...upload }, maxPerUser) {
      const sizes = { fileSize: fileBytes, partSize: partBytes }
      const row = { ...upload, ...sizes, createdAt: createdAtMs, expiresAt: expiresAtMs }
      const open = sql`SELECT count(*) FROM ${uploads} WHERE user_id = ${upload.userId} AND expires_at > ${createdAtMs}`
      const added = await query(() =>
        db
          .insert(uploads)
          .select(sql`SELECT ${selectRow(uploads, row)} WHERE (${open}) < ${maxPerUser}`)
          .returning({ uploadId: uploads.uploadId }),
      )
      return added.length > 0
    },
    async find(userId, key, uploadId) {
      const isNamed = and(eq(uploads.uploadId, uploadId), eq(uploads.userId, userId), eq(uploads.key, key))
      const [row] = await query(() => db.select().from(uploads).where(isNamed).limit(1))
      return row && toUpload(row)
    },
    async list(userId, { key, before, nowMs, limit }) {
      const rows = await query(() =>
        db
          .select()
          .from(uploads)
          .where(
            and(
              eq(uploads.userId, userId),
              gt(uploads.expiresAt, nowMs),
              key === undefined ? undefined : eq(uploads.key, key),
              before && sql`(${uploads.createdAt}, ${uploads.uploadId}) < (${before.createdAtMs}, ${before.uploadId})`,
            ),
          )
          .orderBy(desc(uploads.createdAt), desc(uploads.uploadId))
          .limit(limit),
      )
      return rows.map(toUpload)
    },
    async remove(uploadIds) {
      // As JSON: a statement of D1 binds at most 100 values.
      const isOne = (column: typeof uploads.uploadId | typeof uploadParts.uploadId) =>
        sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(uploadIds)}))`
      await query(() =>
        db.batch([
          db.delete(uploads).where(isOne(uploads.uploadId)),
          db.delete(uploadParts).where(isOne(uploadParts.uploadId)),
        ]),
      )
    },
    async listExpired(beforeMs, limit) {
      const rows = await query(() =>
        db.select().from(uploads).where(lte(uploads.expiresAt, beforeMs)).orderBy(uploads.expiresAt).limit(limit),
      )
      return rows.map(toUpload)
    },
    // `WHERE` also keeps SQLite from reading `ON CONFLICT` as the condition of a join.
    async record(uploadId, { number, sizeBytes, etag }) {
      const added = await query(() =>
        db.all(sql`
          INSERT INTO ${uploadParts} (upload_id, part_number, size, etag)
            SELECT upload_id, ${number}, ${sizeBytes}, ${etag} FROM ${uploads} WHERE upload_id = ${uploadId}
            ON CONFLICT (upload_id, part_number) DO UPDATE SET size = excluded.size, etag = excluded.etag
            RETURNING part_number`),
      )
      return added.length > 0
    },
    async recorded(uploadId) {
      const rows = await query(() =>
        db.select().from(uploadParts).where(eq(uploadParts.uploadId, uploadId)).orderBy(uploadParts.partNumber),
      )
      return rows.map(({ partNumber, size, etag }) => ({ number: partNumber, sizeBytes: size, etag }))
    },
  }
}

function toUpload(row: typeof uploads.$inferSelect): OpenUpload {
  const { userId, key, fileSize, partSize, createdAt, expiresAt, ...rest } = row
  return {
    ...rest,
    userId: toUserId(userId),
    key: toObjectKey(key),
    fileBytes: fileSize,
    partBytes: partSize,
    createdAtMs: createdAt,
    expiresAtMs: expiresAt,
  }
}
