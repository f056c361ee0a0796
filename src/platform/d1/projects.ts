// Projects in D1. As with videos, the statement that changes holds its own conditions.
import { and, desc, eq, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { Project, ProjectStore } from '../../domain/videos/projects.ts'
import { query } from './query.ts'
import { projects } from './schema/projects.ts'
import { videos } from './schema/videos.ts'
import { selectRow } from './select-row.ts'
import { notOwn } from './video-rows.ts'

const COLUMNS = {
  id: projects.id,
  name: projects.name,
  description: projects.description,
  createdAt: projects.createdAt,
  updatedAt: projects.updatedAt,
  videoCount: sql<number>`(SELECT count(*) FROM videos AS held
    WHERE held.user_id = ${projects}.user_id AND held.project_id = ${projects}.id)`,
}

export function d1Projects(db: DrizzleD1Database): ProjectStore {
  const owner = (id: string) => db.select({ userId: projects.userId }).from(projects).where(eq(projects.id, id))
  const isOwn = (userId: string, id: string) => and(eq(projects.id, id), eq(projects.userId, userId))
  const own = (userId: string, id: string) => db.select(COLUMNS).from(projects).where(isOwn(userId, id))
  return {
    async create(userId, { id, name, description, createdAtMs }, maxPerUser) {
      const row = { id, userId, name, description, createdAt: createdAtMs, updatedAt: createdAtMs }
      const made = await query(() =>
        db
          .insert(projects)
          .select(
            sql`SELECT ${selectRow(projects, row)}
              WHERE (SELECT count(*) FROM ${projects} WHERE user_id = ${userId}) < ${maxPerUser}`,
          )
          .returning({ id: projects.id }),
      )
      return made.length > 0 ? 'created' : 'full'
    },

    async list(userId) {
      const rows = await query(() => newestProjects(db, userId))
      return rows.map(toProject)
    },

    async find(userId, id) {
      const [rows, owners] = await query(() => db.batch([own(userId, id), owner(id)]))
      const [row] = rows
      return row === undefined ? (notOwn(userId, owners) ?? 'missing') : toProject(row)
    },

    async change(userId, id, { name, description }, nowMs) {
      const [, rows, owners] = await query(() =>
        db.batch([
          db
            .update(projects)
            .set({
              ...(name === undefined ? {} : { name }),
              ...(description === undefined ? {} : { description }),
              updatedAt: nowMs,
            })
            .where(isOwn(userId, id)),
          own(userId, id),
          owner(id),
        ]),
      )
      const [row] = rows
      return row === undefined ? (notOwn(userId, owners) ?? 'missing') : toProject(row)
    },

    async remove(userId, id) {
      const [owners, , removed] = await query(() =>
        db.batch([
          owner(id),
          db
            .update(videos)
            .set({ projectId: null })
            .where(and(eq(videos.userId, userId), eq(videos.projectId, id))),
          db.delete(projects).where(isOwn(userId, id)).returning({ id: projects.id }),
        ]),
      )
      return removed.length > 0 ? 'removed' : (notOwn(userId, owners) ?? 'missing')
    },
  }
}

/** All of a user's, newest first. */
export function newestProjects(db: DrizzleD1Database, userId: string) {
  return db
    .select(COLUMNS)
    .from(projects)
    .where(eq(projects.userId, userId))
    .orderBy(desc(projects.createdAt), desc(projects.id))
    .$dynamic()
}

export function toProject({
  createdAt,
  updatedAt,
  ...rest
}: Omit<Project, 'createdAtMs' | 'updatedAtMs'> & { createdAt: number; updatedAt: number }): Project {
  return { ...rest, createdAtMs: createdAt, updatedAtMs: updatedAt }
}
