// What this isolate serves of each viewing, gathered in memory and handed on in batches: a session is reported at most
// once a minute, and no answer waits for that. What is gathered and not handed on yet goes with the isolate.
import type { PlaybackSession } from '../../core/playback/session.ts'
import type { Defer } from '../defer.ts'
import type { PlayReport } from './plays.ts'

/** What is served to a viewing by one answer. */
export interface Served {
  /** Of media and playlists, as the answer announces them. */
  readonly bytes: number
  /** As the token names the viewer; known when the viewing begins only. */
  readonly viewerName?: string | undefined
  /** Asked once a session. */
  readonly client: () => { readonly country: string | undefined; readonly player: string }
}

export interface Watching {
  note(session: PlaybackSession, ownerId: string, served: Served, defer: Defer): void
}

const REPORT_EVERY_MS = 60_000
/** How long what is due waits for others to go with, whoever's they are. */
const GATHER_MS = 5000
/** A request that was to hand it on may be cancelled meanwhile: then another one does. */
const GIVE_UP_MS = 15_000
const FORGET_AFTER_MS = 300_000
const MAX_SESSIONS = 5000
/** A message of a queue has 128 KB. */
const MAX_REPORTS = 100

interface Gathered {
  report: PlayReport
  reportedAtMs: number
  isDirty: boolean
}

export function watching(deps: {
  readonly send: (reports: readonly PlayReport[]) => Promise<void>
  readonly nowMs: () => number
  readonly pause: (milliseconds: number) => Promise<void>
}): Watching {
  const sessions = new Map<string, Gathered>()
  let gatheringSinceMs = Number.NEGATIVE_INFINITY

  async function hand(batch: readonly Gathered[], nowMs: number): Promise<void> {
    const reports = batch.map(({ report }) => report)
    for (const gathered of batch) {
      gathered.report = { ...gathered.report, bytes: 0 }
      gathered.reportedAtMs = nowMs
      gathered.isDirty = false
    }
    try {
      await deps.send(reports)
    } catch (cause) {
      // The next one says it all.
      for (const [index, gathered] of batch.entries()) {
        gathered.report = { ...gathered.report, bytes: gathered.report.bytes + (reports[index]?.bytes ?? 0) }
        gathered.isDirty = true
      }
      throw cause
    }
  }

  async function handSoon(): Promise<void> {
    await deps.pause(GATHER_MS)
    gatheringSinceMs = Number.NEGATIVE_INFINITY
    const nowMs = deps.nowMs()
    const due: Gathered[] = []
    for (const [sid, gathered] of sessions) {
      if (gathered.isDirty && nowMs - gathered.reportedAtMs >= REPORT_EVERY_MS) due.push(gathered)
      else if (nowMs - gathered.report.seenAtMs >= FORGET_AFTER_MS) sessions.delete(sid)
    }
    const batches = Array.from({ length: Math.ceil(due.length / MAX_REPORTS) }, (_, index) =>
      due.slice(index * MAX_REPORTS, (index + 1) * MAX_REPORTS),
    )
    await Promise.all(batches.map(async (batch) => await hand(batch, nowMs)))
  }

  return {
    note({ sid, jobId, viewer, begunAt, endsAt, keyReference }, ownerId, served, defer) {
      const nowMs = deps.nowMs()
      const known = sessions.get(sid)
      const { bytes, viewerName, client } = served
      if (known === undefined) {
        if (sessions.size >= MAX_SESSIONS) {
          for (const oldest of sessions.keys()) {
            sessions.delete(oldest)
            break
          }
        }
        const report = {
          sid,
          jobId,
          ownerId,
          viewer,
          viewerName,
          begunAtMs: begunAt * 1000,
          endsAtMs: endsAt * 1000,
          keyReference,
          seenAtMs: nowMs,
          bytes,
          ...client(),
        }
        sessions.set(sid, { report, reportedAtMs: Number.NEGATIVE_INFINITY, isDirty: true })
      } else {
        known.report = { ...known.report, seenAtMs: nowMs, bytes: known.report.bytes + bytes }
        known.isDirty = true
      }
      if (nowMs - gatheringSinceMs < GIVE_UP_MS && nowMs >= gatheringSinceMs) return
      gatheringSinceMs = nowMs
      defer(handSoon())
    },
  }
}
