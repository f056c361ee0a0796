// What a player says of a viewing, by the address of that viewing. Nothing of it is asked of any store before it is clear
// that the viewing is one of ours, and that there is something to read.
import { Fault } from '../../core/fault.ts'
import { readEvents } from '../../core/analytics/cmcd.ts'
import type { Defer } from '../defer.ts'
import { continueViewing, type SessionDeps } from './viewing.ts'
import type { ClientFacts, Watching } from './watching.ts'

export interface PlayerEventDeps extends SessionDeps {
  readonly watching: Watching | undefined
}

/** Before a player sends again what was not taken. */
const RETRY_SECONDS = 60

/** 410 once the viewing has ended, which silences a player; 429 for too much, or where nobody can be asked now. */
export async function hearPlayer(
  deps: PlayerEventDeps,
  input: {
    readonly session: string
    readonly address: () => string | undefined
    /** The report, read as far as it may be. */
    readonly report: () => Promise<string>
    readonly client: () => ClientFacts
    readonly wantsPrivacy: boolean
    readonly defer: Defer
  },
): Promise<void> {
  const session = deps.playbackSessions?.read(input.session, input.address)
  if (session === undefined || deps.nowMs() >= session.endsAt * 1000) throw ended()
  const { watching } = deps
  if (watching === undefined || input.wantsPrivacy) return
  const events = readEvents(await input.report())
  if (events.length === 0) return
  const { ownerId } = await running(deps, input)
  if (!watching.hear(session, ownerId, { events, client: input.client }, input.defer)) {
    throw new Fault('rate_limited', 'Too many events of this viewing', { retryAfterSeconds: RETRY_SECONDS })
  }
}

async function running(
  deps: PlayerEventDeps,
  input: Parameters<typeof continueViewing>[1],
): Promise<{ readonly ownerId: string }> {
  try {
    const { film } = await continueViewing(deps, input)
    return { ownerId: film.video.userId }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    if (error.code !== 'unavailable') throw ended()
    throw new Fault('rate_limited', 'Events cannot be taken now', { retryAfterSeconds: RETRY_SECONDS, cause: error })
  }
}

function ended(): Fault {
  return new Fault('gone', 'Playback session has ended')
}
