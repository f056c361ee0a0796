// What this isolate serves of each viewing, and what its player says, gathered in memory and handed on in batches: a
// session is reported once in two minutes, and when it falls silent; no answer waits for that. What is gathered and not
// handed on yet goes with the isolate.
import { hex } from '../../core/bytes.ts'
import { measureDelivery, newDelivery, type Delivery, type Piece } from '../../core/analytics/delivery-measure.ts'
import { addMeasures, NOTHING_MEASURED } from '../../core/analytics/measures.ts'
import {
  idleUntilServed,
  measureEvents,
  newConversation,
  type Conversation,
  type PlayerEvent,
} from '../../core/analytics/said.ts'
import type { PlaybackSession } from '../../core/playback/session.ts'
import type { Defer } from '../defer.ts'
import type { PlayReport } from './plays.ts'

export interface ClientFacts {
  readonly country: string | undefined
  readonly player: string
  readonly device: string
}

/** What is served to a viewing by one answer. */
export interface Served {
  /** Of media and playlists, as the answer announces them. */
  readonly bytes: number
  /** As the token names the viewer; known when the viewing begins only. */
  readonly viewerName?: string | undefined
  /** Asked once a session. */
  readonly client: () => ClientFacts
  /** Of a segment: which piece of the film it is, if this isolate knows. */
  readonly media?: { readonly piece: Piece | undefined }
  /** The viewing begins with this answer. */
  readonly isBeginning?: boolean
  /** Why it was refused, instead of bytes. */
  readonly error?: string
}

export interface Watching {
  note(session: PlaybackSession, ownerId: string, served: Served, defer: Defer): void
  /** What the player says; false: it says too much. */
  hear(
    session: PlaybackSession,
    ownerId: string,
    heard: { readonly events: readonly PlayerEvent[]; readonly client: Served['client'] },
    defer: Defer,
  ): boolean
}

const REPORT_EVERY_MS = 120_000
/** How long what is due waits for others to go with, whoever's they are. */
const GATHER_MS = 5000
/**
 * A session of which nothing was heard for so long may have ended, and perhaps nobody asks this isolate for anything again:
 * what it has of it goes now. Together with GATHER_MS it is less than the 30 s that work may outlive a request.
 */
const IDLE_MS = 20_000
/** Less than a minute after the last report that happens so often to one session. */
const MAX_HASTY = 3
const HASTY_MS = 60_000
/** A request that was to hand it on may be cancelled meanwhile: then another one does. */
const GIVE_UP_MS = 15_000
const FORGET_AFTER_MS = 300_000
const MAX_SESSIONS = 5000
/** A message of a queue has 128 KB. */
const MAX_REPORTS = 64
/** Reports of events that one session may send in a minute: a player sends two, and one more at every change. */
const MAX_HEARD_A_MINUTE = 60

interface Gathered {
  report: Omit<PlayReport, 'mark'>
  reportedAtMs: number
  notedAtMs: number
  hasty: number
  isDirty: boolean
  /** Undefined where another isolate began it. */
  readonly begunAtMs: number | undefined
  readonly delivery: Delivery
  readonly talk: Conversation
  /** Its last segment was delivered. */
  isWhole: boolean
  heardSinceMs: number
  heard: number
}

export function watching(deps: {
  readonly send: (reports: readonly PlayReport[]) => Promise<void>
  readonly nowMs: () => number
  readonly randomBytes: (count: number) => Uint8Array
  readonly pause: (milliseconds: number) => Promise<void>
}): Watching {
  const sessions = new Map<string, Gathered>()
  let gatheringSinceMs = Number.NEGATIVE_INFINITY
  let isolate: string | undefined
  let handed = 0

  /** Of one report: by it a message that comes twice counts once. */
  function nextMark(): string {
    isolate ??= hex(deps.randomBytes(4))
    handed += 1
    return `${isolate}.${handed.toString(36)}`
  }

  async function hand(batch: readonly Gathered[], nowMs: number): Promise<void> {
    const reports = batch.map(({ report }) => ({ ...report, mark: nextMark() }))
    for (const gathered of batch) {
      gathered.report = { ...gathered.report, bytes: 0, measures: NOTHING_MEASURED }
      gathered.reportedAtMs = nowMs
      gathered.isDirty = false
    }
    try {
      await deps.send(reports)
    } catch (cause) {
      // The next one says it all.
      for (const [index, gathered] of batch.entries()) {
        const unsent = reports[index]
        if (unsent === undefined) continue
        const bytes = unsent.bytes + gathered.report.bytes
        const measures = addMeasures(unsent.measures, gathered.report.measures)
        gathered.report = { ...gathered.report, bytes, measures }
        gathered.isDirty = true
      }
      throw cause
    }
  }

  async function handSoon(): Promise<void> {
    await deps.pause(GATHER_MS)
    gatheringSinceMs = Number.NEGATIVE_INFINITY
    await handDue()
    await deps.pause(IDLE_MS)
    await handDue()
  }

  async function handDue(): Promise<void> {
    const nowMs = deps.nowMs()
    const due: Gathered[] = []
    for (const [sid, gathered] of sessions) {
      if (isDue(gathered, nowMs)) due.push(gathered)
      else if (nowMs - gathered.report.seenAtMs >= FORGET_AFTER_MS && !gathered.isDirty) sessions.delete(sid)
    }
    const batches = Array.from({ length: Math.ceil(due.length / MAX_REPORTS) }, (_, index) =>
      due.slice(index * MAX_REPORTS, (index + 1) * MAX_REPORTS),
    )
    await Promise.all(batches.map(async (batch) => await hand(batch, nowMs)))
  }

  function gatheredOf(
    session: PlaybackSession,
    ownerId: string,
    first: {
      readonly viewerName: string | undefined
      readonly isBeginning: boolean
      readonly client: Served['client']
    },
  ): Gathered {
    const known = sessions.get(session.sid)
    if (known !== undefined) return known
    if (sessions.size >= MAX_SESSIONS) {
      for (const oldest of sessions.keys()) {
        sessions.delete(oldest)
        break
      }
    }
    const { sid, jobId, viewer, begunAt, endsAt, keyReference } = session
    const begunAtMs = begunAt * 1000
    const report = {
      sid,
      jobId,
      ownerId,
      viewer,
      viewerName: first.viewerName,
      begunAtMs,
      endsAtMs: endsAt * 1000,
      keyReference,
      seenAtMs: begunAtMs,
      bytes: 0,
      measures: NOTHING_MEASURED,
      ...first.client(),
    }
    const gathered: Gathered = {
      report,
      reportedAtMs: Number.NEGATIVE_INFINITY,
      notedAtMs: deps.nowMs(),
      hasty: 0,
      isDirty: true,
      begunAtMs: first.isBeginning ? deps.nowMs() : undefined,
      delivery: newDelivery(),
      talk: newConversation(),
      isWhole: false,
      heardSinceMs: 0,
      heard: 0,
    }
    sessions.set(sid, gathered)
    return gathered
  }

  /** A report is on its way, or will be: nobody waits for it. */
  function handOn(nowMs: number, defer: Defer): void {
    if (nowMs - gatheringSinceMs < GIVE_UP_MS && nowMs >= gatheringSinceMs) return
    gatheringSinceMs = nowMs
    defer(handSoon())
  }

  return {
    note(session, ownerId, { bytes, viewerName, client, media, isBeginning = false, error }, defer) {
      const nowMs = deps.nowMs()
      const gathered = gatheredOf(session, ownerId, { viewerName, isBeginning, client })
      let { measures } = gathered.report
      if (media !== undefined && bytes > 0) {
        const startupMs =
          gathered.begunAtMs === undefined || gathered.report.measures.segments > 0
            ? undefined
            : Math.max(0, nowMs - gathered.begunAtMs)
        const served = measureDelivery(gathered.delivery, media.piece, bytes, nowMs)
        gathered.isWhole ||= served.isEnd
        measures = addMeasures(addMeasures(measures, { ...served, startupMs }), idleUntilServed(gathered.talk, nowMs))
      }
      if (error !== undefined) measures = addMeasures(measures, { ...NOTHING_MEASURED, errors: { [error]: 1 } })
      const total = gathered.report.bytes + bytes
      // A refusal is nothing that was served.
      const seenAtMs = error === undefined ? nowMs : gathered.report.seenAtMs
      gathered.report = { ...gathered.report, seenAtMs, bytes: total, measures }
      gathered.isDirty = true
      gathered.notedAtMs = nowMs
      handOn(nowMs, defer)
    },

    hear(session, ownerId, { events, client }, defer) {
      const nowMs = deps.nowMs()
      const gathered = gatheredOf(session, ownerId, { viewerName: undefined, isBeginning: false, client })
      if (nowMs - gathered.heardSinceMs >= 60_000) {
        gathered.heardSinceMs = nowMs
        gathered.heard = 0
      }
      gathered.heard += 1
      if (gathered.heard > MAX_HEARD_A_MINUTE) return false
      if (events.length === 0) return true
      let measures = addMeasures(gathered.report.measures, measureEvents(gathered.talk, events, nowMs))
      // Nothing more will be served of it.
      if (gathered.isWhole) measures = addMeasures(measures, idleUntilServed(gathered.talk, nowMs))
      gathered.report = { ...gathered.report, measures }
      gathered.isDirty = true
      gathered.notedAtMs = nowMs
      handOn(nowMs, defer)
      return true
    },
  }
}

function isDue(gathered: Gathered, nowMs: number): boolean {
  if (!gathered.isDirty) return false
  const sinceMs = nowMs - gathered.reportedAtMs
  if (sinceMs >= REPORT_EVERY_MS) return true
  if (nowMs - gathered.notedAtMs < IDLE_MS) return false
  if (sinceMs >= HASTY_MS) return true
  gathered.hasty += 1
  return gathered.hasty <= MAX_HASTY
}
