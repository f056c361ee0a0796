// What is told of videos.
import { sql, type SQL } from 'drizzle-orm'
import type { EventType } from '../../core/events/event-type.ts'
import { videoData, type ChangedVideo } from './event-data.ts'
import type { Outbox } from './outbox.ts'
import { videos } from './schema/videos.ts'

/**
 * An event for each video that meets the condition, with what the change makes of it. It stands before the change in
 * its batch: afterwards nothing says whether the change was made.
 */
export function videoTeller(outbox: Outbox) {
  return (
    type: EventType,
    userId: string,
    condition: SQL | undefined,
    nowMs: number,
    change: ChangedVideo = {},
  ): ReturnType<Outbox['write']> =>
    outbox.write({
      type,
      userId,
      resource: sql`${videos.jobId}`,
      data: videoData(change),
      when: sql`FROM ${videos} WHERE ${condition}`,
      nowMs,
    })
}
