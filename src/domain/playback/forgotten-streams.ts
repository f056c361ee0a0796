// Streams that ended in this isolate a moment ago: a video deleted or switched off, files of a stream removed. What is
// cached of them here is dropped, and what others of the data centre still cache is not believed here for a while.
import { revocations, type Moment } from '../auth/revocations.ts'
import type { PlaylistCache } from './cached-text.ts'

export interface ForgottenStreams {
  /** From now on nothing that was read of the stream before is given out here: the database decides anew. */
  forget(jobId: string): void
  /** To be taken before the database is asked. */
  moment(): Moment
  /** Whether it was forgotten since, so that what was read is not to be kept; without `since`, in the last minutes. */
  isForgotten(jobId: string, since?: Moment): boolean
}

/** The contract's bound, elsewhere, for an ended playback: no text is fresh for longer. */
const BOUND_MS = 60_000

export function forgottenStreams(deps: {
  readonly nowMs: () => number
  readonly playlistCache: Pick<PlaylistCache, 'forget'>
}): ForgottenStreams {
  const ends = revocations(deps, BOUND_MS)
  return {
    forget(jobId) {
      ends.revokeAt(jobId, deps.nowMs())
      deps.playlistCache.forget(jobId)
    },
    moment: () => ends.moment(),
    isForgotten: (jobId, since) => ends.isRevoked(jobId, since),
  }
}
