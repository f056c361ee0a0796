// Viewings that were ended, as an isolate knows them: all of an owner's are read when the first of their films is served
// here, and newer ones of everybody at most once in the bound, which counts from before the read.
import { Fault } from '../../core/fault.ts'
import type { PlaybackSession } from '../../core/playback/session.ts'
import type { Defer } from '../defer.ts'
import { waitWhile } from '../wait.ts'

export interface PlaybackRevocation {
  readonly ownerId: string
  readonly kind: 'viewer' | 'job' | 'key' | 'session'
  readonly value: string
  /** Whole epoch seconds: viewings that began then or earlier. */
  readonly begunBefore: number
  readonly createdAtMs: number
}

export type LearntRevocation = Omit<PlaybackRevocation, 'createdAtMs'>

export interface PlaybackRevocationReader {
  /** Those of everybody created at or after this moment, page by page, however many. */
  since(createdAtMs: number): AsyncIterable<readonly PlaybackRevocation[]>
  /** Those of an owner that can still end something, page by page, however many. */
  of(ownerId: string, nowMs: number): AsyncIterable<readonly PlaybackRevocation[]>
}

export interface PlaybackRevocations {
  /** Brings what is known up to the bound; 503 when the database has been away for too long. */
  refresh(defer: Defer): Promise<void>
  /** Whether a viewing of an owner's film was ended. No I/O for an owner known here; else 503 without a database. */
  endedOf(ownerId: string): Promise<(session: PlaybackSession) => boolean>
  /** What was ended here holds here at once, whether the database answers or not. */
  learn(revocation: LearntRevocation): void
}

/** How long viewings go on while the database is away. */
const MAX_OUTAGE_MS = 60_000
/** Rows are written by other isolates, whose clocks differ, and a batch may take a moment to be seen. */
const OVERLAP_MS = 60_000
/** Of all owners together; above it the owner read longest ago is forgotten, and read again when asked for. */
const MAX_REVOCATIONS = 100_000

interface Owner {
  /** Kind and value → begunBefore. */
  readonly ended: Map<string, number>
  isComplete: boolean
}

export function playbackRevocations(
  deps: {
    readonly reader: PlaybackRevocationReader
    readonly nowMs: () => number
    readonly pause: (milliseconds: number) => Promise<void>
  },
  boundMs: number,
  maxRevocations: number = MAX_REVOCATIONS,
): PlaybackRevocations {
  /** In the order in which they were read. */
  const owners = new Map<string, Owner>()
  let readAtMs = deps.nowMs()
  let isReading = false

  async function read(): Promise<void> {
    const startedAtMs = deps.nowMs()
    isReading = true
    try {
      for await (const page of deps.reader.since(readAtMs - OVERLAP_MS)) {
        // What ends viewings of an owner who is not known here is read when that owner is.
        for (const row of page) add(owners.get(row.ownerId), row)
      }
      readAtMs = startedAtMs
    } finally {
      isReading = false
    }
  }

  /** The owner stands in the map from before the read, so that what others read meanwhile is added too. */
  async function readOwner(ownerId: string): Promise<Owner> {
    const owner: Owner = { ended: new Map(), isComplete: false }
    owners.delete(ownerId)
    owners.set(ownerId, owner)
    try {
      for await (const page of deps.reader.of(ownerId, deps.nowMs())) for (const row of page) add(owner, row)
      owner.isComplete = true
    } catch (cause) {
      if (owners.get(ownerId) === owner) owners.delete(ownerId)
      throw unavailable(cause)
    }
    shrink(ownerId)
    return owner
  }

  function shrink(keptId: string): void {
    let size = 0
    for (const { ended } of owners.values()) size += 1 + ended.size
    for (const [id, { ended }] of owners) {
      if (size <= maxRevocations) return
      if (id === keptId) continue
      owners.delete(id)
      size -= 1 + ended.size
    }
  }

  const isKnown = (): boolean => deps.nowMs() - readAtMs < boundMs

  return {
    async refresh(defer) {
      if (owners.size === 0) {
        // No owner's newer ones could be missed.
        readAtMs = deps.nowMs()
      }
      await waitWhile(deps.pause, () => isReading && !isKnown())
      if (isKnown()) {
        if (deps.nowMs() - readAtMs >= boundMs / 2 && !isReading) defer(read())
        return
      }
      await read().catch((cause: unknown) => {
        if (deps.nowMs() - readAtMs >= MAX_OUTAGE_MS) throw unavailable(cause)
      })
    },
    async endedOf(ownerId) {
      await waitWhile(deps.pause, () => owners.get(ownerId)?.isComplete === false)
      const known = owners.get(ownerId)
      const { ended } = known?.isComplete === true ? known : await readOwner(ownerId)
      return ({ begunAt, sid, jobId, viewer, keyReference }) =>
        ended.size > 0 &&
        [`session ${sid}`, `job ${jobId}`, `viewer ${viewer}`, `key ${keyReference}`].some(
          (name) => begunAt <= (ended.get(name) ?? Number.NEGATIVE_INFINITY),
        )
    },
    learn(revocation) {
      // Of an owner who is not known here, all are read before the first of their films is served.
      add(owners.get(revocation.ownerId), revocation)
    },
  }
}

function add(owner: Owner | undefined, { kind, value, begunBefore }: LearntRevocation): void {
  const name = `${kind} ${value}`
  owner?.ended.set(name, Math.max(owner.ended.get(name) ?? 0, begunBefore))
}

function unavailable(cause: unknown): Fault {
  return new Fault('unavailable', 'Playback is temporarily unavailable', { cause, retryAfterSeconds: 5 })
}
