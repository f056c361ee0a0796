// Videos whose analysis is taken away, in D1: one batch, whose conditions decide.
import { and, eq, inArray } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { AnalysedVideoStore } from '../../domain/videos/segments.ts'
import type { Outbox } from './outbox.ts'
import { query } from './query.ts'
import { videos } from './schema/videos.ts'
import { videoTeller } from './video-events.ts'
import { isDeletable, notDeletable } from './video-owners.ts'

export function d1AnalysedVideos(db: DrizzleD1Database, outbox: Outbox): AnalysedVideoStore {
  const tell = videoTeller(outbox)
  return {
    async reset(actor, jobId, nowMs) {
      const { userId } = actor
      const isOver = and(eq(videos.jobId, jobId), isDeletable(actor), inArray(videos.status, ['completed', 'failed']))
      const told = tell('video.updated', userId, isOver, nowMs, { status: 'uploaded' })
      const [, , rows, deliveries] = await query(() =>
        db.batch([
          told.event,
          db.update(videos).set({ status: 'uploaded', updatedAt: nowMs }).where(isOver),
          db
            .select({ userId: videos.userId, madeBy: videos.madeBy, status: videos.status })
            .from(videos)
            .where(eq(videos.jobId, jobId)),
          told.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      return notDeletable(actor, rows[0]) ?? (rows[0]?.status === 'uploaded' ? 'reset' : 'busy')
    },
  }
}
