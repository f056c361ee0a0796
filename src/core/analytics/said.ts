// What a player's events (CMCD v2, CTA-5004-B) tell of a viewing. They can only lower what was watched: all that is
// counted as time is bounded by this side's clock. Pure; one isolate's view of it.
import { NOTHING_MEASURED, NOTHING_SAID, type Measures, type Said } from './measures.ts'

export interface PlayerEvent {
  /** `e`: what happened. */
  readonly kind: string
  /** `sta`: s, p, k, r, a, w, e, f, q or d. */
  readonly state: string | undefined
  /** `ts`, epoch milliseconds by the player's clock. */
  readonly atMs: number | undefined
  /** `sn`: counts its events up. */
  readonly sequence: number | undefined
  /** `msd`: from asking to play until the first frame, milliseconds. */
  readonly startupMs: number | undefined
  /** `pt`: the moment of the film, milliseconds. */
  readonly playheadMs: number | undefined
  /** `ec`. */
  readonly codes: readonly string[]
}

/** What is remembered between two events. */
export interface Conversation {
  readonly seen: Set<string>
  state: string | undefined
  sequence: number | undefined
  /** By the player's clock: what arrives later but happened before tells no state. */
  toldMs: number
  /** The last event, by this side's clock. */
  sinceMs: number
  /** Up to when not playing was taken into account. */
  countedMs: number
  /** It said that it left, failed, or came to the end: what is said after that makes the viewing no longer. */
  isOver: boolean
  /** Not playing that counts once something is served after it. */
  pendingMs: number
}

export function newConversation(): Conversation {
  return {
    seen: new Set(),
    state: undefined,
    sequence: undefined,
    toldMs: 0,
    sinceMs: 0,
    countedMs: 0,
    isOver: false,
    pendingMs: 0,
  }
}

/** Paused, waiting, standing still, starting, ended, failed, left. */
const OVER: ReadonlySet<string> = new Set(['e', 'f', 'q'])
const IDLE: ReadonlySet<string> = new Set(['a', 'w', 'r', 's', 'e', 'f', 'q'])
/** Preloading is not asking to play. */
const WANTED: ReadonlySet<string> = new Set(['s', 'p', 'r', 'k', 'a', 'w', 'e'])
const MAX_REMEMBERED = 200
const MAX_STARTUP_MS = 600_000
const MAX_STALL_MS = 600_000
/** Players say every 30 s that a state goes on: later, an event was lost, and nobody knows. */
const TOLD_EVERY_MS = 40_000

/** What the events of one report add, in the order in which they happened. */
export function measureEvents(talk: Conversation, events: readonly PlayerEvent[], nowMs: number): Measures {
  const last = Math.max(...events.map(({ atMs }) => atMs ?? 0))
  let said: Said = NOTHING_SAID
  let leftMs = 0
  let untilMs = 0
  const errors: Record<string, number> = {}
  for (const event of events.toSorted(inOrder)) {
    const name = `${event.sequence ?? ''} ${event.atMs ?? ''} ${event.kind} ${event.state ?? ''}`
    if (talk.seen.has(name)) continue
    remember(talk, name)
    // The player's clock tells how far apart its own events are, nothing else.
    const atMs = event.atMs === undefined ? nowMs : nowMs - Math.min(Math.max(last - event.atMs, 0), MAX_STALL_MS)
    said = {
      ...said,
      events: said.events + 1,
      ...(event.startupMs === undefined ? {} : startup(said, event.startupMs)),
    }
    leftMs = event.playheadMs ?? leftMs
    const isLate = (event.atMs ?? talk.toldMs) < talk.toldMs
    if (!talk.isOver && !isLate) untilMs = Math.max(untilMs, atMs)
    if (event.kind === 'e') for (const code of event.codes) errors[code] = (errors[code] ?? 0) + 1
    const { state } = event
    if (state === undefined) continue
    const isNext = talk.sequence !== undefined && event.sequence === talk.sequence + 1
    if (isLate) continue
    const spentMs = isNext ? Math.max(0, atMs - talk.sinceMs) : 0
    const isChange = state !== talk.state
    const stoodMs = talk.state === 'r' ? Math.min(spentMs, MAX_STALL_MS) : 0
    if (isNext && talk.state !== undefined && IDLE.has(talk.state)) {
      talk.pendingMs += Math.max(0, atMs - Math.max(talk.sinceMs, talk.countedMs))
    }
    said = {
      ...said,
      stallMs: said.stallMs + stoodMs,
      stalls: said.stalls + (isChange && state === 'r' ? 1 : 0),
      seeks: said.seeks + (isChange && state === 'k' ? 1 : 0),
      isWanted: said.isWanted || WANTED.has(state),
      isStarted: said.isStarted || state === 'p',
      isEnded: said.isEnded || state === 'e',
      ...(isNext && talk.state === 's' && state === 'p' && event.startupMs === undefined ? startup(said, spentMs) : {}),
    }
    talk.isOver ||= OVER.has(state)
    talk.state = state
    talk.sinceMs = atMs
    talk.toldMs = event.atMs ?? talk.toldMs
    talk.sequence = event.sequence ?? talk.sequence
  }
  return { ...NOTHING_MEASURED, leftMs, errors, said: { ...said, untilMs } }
}

/** Something was served: what the viewer stood still until now is no watching. */
export function idleUntilServed(talk: Conversation, nowMs: number): Measures {
  let idleMs = talk.pendingMs
  talk.pendingMs = 0
  if (talk.state !== undefined && IDLE.has(talk.state)) {
    const untilMs = Math.min(nowMs, talk.sinceMs + TOLD_EVERY_MS)
    idleMs += Math.max(0, untilMs - Math.max(talk.sinceMs, talk.countedMs))
    talk.countedMs = Math.max(talk.countedMs, untilMs)
  }
  return idleMs === 0 ? NOTHING_MEASURED : { ...NOTHING_MEASURED, said: { ...NOTHING_SAID, idleMs } }
}

function startup(said: Said, milliseconds: number): Pick<Said, 'startupMs'> {
  if (!(milliseconds >= 0 && milliseconds <= MAX_STARTUP_MS)) return { startupMs: said.startupMs }
  return { startupMs: Math.min(said.startupMs ?? milliseconds, milliseconds) }
}

function inOrder(one: PlayerEvent, other: PlayerEvent): number {
  return (one.atMs ?? 0) - (other.atMs ?? 0) || (one.sequence ?? 0) - (other.sequence ?? 0)
}

function remember({ seen }: Conversation, name: string): void {
  seen.add(name)
  if (seen.size <= MAX_REMEMBERED) return
  for (const oldest of seen) {
    seen.delete(oldest)
    break
  }
}
