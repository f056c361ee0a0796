// Which videos a page of a list has, and in which order, so that an index gives them.
import { and, asc, desc, eq, sql, type SQL } from 'drizzle-orm'
import type { VideoStore } from '../../domain/videos/store.ts'
import { videos } from './schema/videos.ts'

const NAME = sql`${videos.name} COLLATE NOCASE`
/** As the index has it, without a comma: drizzle-kit would cut it there. */
const DURATION = sql`CASE WHEN ${videos.durationSeconds} IS NULL THEN 0 ELSE ${videos.durationSeconds} END`
const SORTED_BY = {
  created_at: videos.createdAt,
  '-created_at': videos.createdAt,
  name: NAME,
  '-name': NAME,
  duration: DURATION,
  '-duration': DURATION,
}

const isOf = (status: string | undefined): SQL | undefined =>
  status === undefined ? undefined : sql`+${videos.status} = ${status}`

const isIn = (projectId: string | undefined): SQL | undefined =>
  projectId === undefined ? undefined : sql`+${videos.projectId} = ${projectId}`

/** Not by LIKE, whose patterns D1 cuts at 50 bytes. */
const holds = (text: string): SQL =>
  sql`(instr(lower(${videos.name}), lower(${text})) > 0 OR instr(lower(${videos.description}), lower(${text})) > 0)`

export function pageOf(
  userId: string,
  { status, projectId, text, sort, after }: Parameters<VideoStore['list']>[1],
): { readonly where: SQL | undefined; readonly order: readonly SQL[] } {
  const by = SORTED_BY[sort]
  const isDown = sort.startsWith('-')
  const direction = isDown ? desc : asc
  // SQLite would find a status by its own index, and then sort: a plus keeps it from that.
  const isByTime = by === SORTED_BY.created_at
  const isStatus = isByTime && projectId === undefined ? status && eq(videos.status, status) : isOf(status)
  const isInProject = isByTime && projectId !== undefined ? eq(videos.projectId, projectId) : isIn(projectId)
  return {
    where: and(
      eq(videos.userId, userId),
      isStatus,
      isInProject,
      text === undefined ? undefined : holds(text),
      after && sql`(${by}, ${videos.jobId}) ${sql.raw(isDown ? '<' : '>')} (${after.value}, ${after.jobId})`,
    ),
    order: [direction(by), direction(videos.jobId)],
  }
}
