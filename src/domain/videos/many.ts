// One change to many videos at once, with an outcome for each: one that is another user's stops none of the others.
import type { Principal } from '../../core/auth/principal.ts'
import type { PlaybackMode } from '../../core/playback-mode.ts'
import { parseUuid } from '../../core/uuid.ts'
import type { NotDeletable } from './store.ts'
import { requirePrivatePlayback, type VideoDeps } from './videos.ts'

export interface VideoOutcome {
  /** As it was given. */
  readonly id: string
  readonly outcome: 'done' | NotDeletable
}

type ManyDeps = Pick<VideoDeps, 'videoStore' | 'forgottenStreams'>

/** In the order of the ids. What ends, ends here at once and in other isolates within a minute. */
export async function changePlaybackOfMany(
  deps: ManyDeps & Pick<VideoDeps, 'playbackSessions' | 'nowMs'>,
  principal: Principal,
  { ids, playback }: { readonly ids: readonly string[]; readonly playback: PlaybackMode },
): Promise<readonly VideoOutcome[]> {
  requirePrivatePlayback(deps, playback)
  return await change(deps, ids, playback !== 'public', (jobIds) =>
    deps.videoStore.setPlayback(principal, jobIds, playback, deps.nowMs()),
  )
}

/** In the order of the ids. Records and shared reports; the objects stay, and are then listed as unregistered. */
export async function deleteMany(
  deps: ManyDeps & Pick<VideoDeps, 'nowMs'>,
  principal: Principal,
  { ids }: { readonly ids: readonly string[] },
): Promise<readonly VideoOutcome[]> {
  const nowMs = deps.nowMs()
  return await change(deps, ids, true, (jobIds) => deps.videoStore.removeMany(principal, jobIds, nowMs))
}

async function change(
  { forgottenStreams }: Pick<VideoDeps, 'forgottenStreams'>,
  ids: readonly string[],
  isEnding: boolean,
  run: (jobIds: readonly string[]) => Promise<ReadonlyMap<string, NotDeletable>>,
): Promise<readonly VideoOutcome[]> {
  const jobIds = new Set(ids.flatMap((id) => parseUuid(id) ?? []))
  const refused = jobIds.size === 0 ? new Map<string, NotDeletable>() : await run([...jobIds])
  if (isEnding) for (const jobId of jobIds) if (!refused.has(jobId)) forgottenStreams.forget(jobId)
  return ids.map((id) => {
    const jobId = parseUuid(id)
    return { id, outcome: jobId === undefined ? 'missing' : (refused.get(jobId) ?? 'done') }
  })
}
