// Plays an audience against isolates, the queue and the real database, by a clock of its own. Messages of the queue come
// twice now and then, and not in order.
import { drizzle } from 'drizzle-orm/d1'
import { readEvents } from '../../../src/core/analytics/cmcd.ts'
import type { UserId } from '../../../src/core/auth/principal.ts'
import type { SessionId } from '../../../src/core/playback/session.ts'
import { knownPieces } from '../../../src/domain/playback/known-pieces.ts'
import { recordPlays, type PlayReport } from '../../../src/domain/playback/plays.ts'
import { watching, type Watching } from '../../../src/domain/playback/watching.ts'
import { d1Plays } from '../../../src/platform/d1/plays.ts'
import { env } from '../env.ts'
import { makeVideo } from '../videos.ts'
import { BYTES, dice, noTruth, SEGMENT_MS, watch, type Act, type Truth, type Viewing } from './audience.ts'

export interface Simulated {
  readonly userId: UserId
  readonly jobIds: readonly string[]
  readonly truth: Truth
  readonly begunMs: number
  readonly endedMs: number
  readonly messages: number
  readonly reports: number
}

const FOLDER = 'f/'

function isolate(clock: { nowMs: number }, name: number, sent: PlayReport[][]) {
  const waiting: { readonly atMs: number; readonly go: () => void }[] = []
  const pieces = knownPieces()
  return {
    pieces,
    waiting,
    watching: watching({
      send: async (reports) => void sent.push(structuredClone([...reports])),
      nowMs: () => clock.nowMs,
      randomBytes: (count) => new Uint8Array(count).fill(name),
      pause: async (milliseconds) =>
        await new Promise<void>((go) => void waiting.push({ atMs: clock.nowMs + milliseconds, go })),
    }),
  }
}

/** `segments`: of each film. Everything begins within `withinMs`. */
export async function simulate(options: {
  readonly sessions: number
  readonly films: readonly number[]
  readonly begunMs: number
  readonly withinMs: number
  readonly seed: number
  /** Beacons that the players never sent, for all viewings or those whose player speaks: they claim to play all day. */
  readonly forge?: 'talkers' | 'all'
  /** Whose films they are, and what is known of others of theirs. */
  readonly before?: { readonly userId: UserId; readonly truth: Truth }
  /** No beacon arrives. */
  readonly isMute?: boolean
}): Promise<Simulated> {
  const random = dice(options.seed)
  const forger = dice(options.seed + 1)
  const truth = options.before?.truth ?? noTruth()
  const clock = { nowMs: options.begunMs }
  const sent: PlayReport[][] = []
  const isolates = [isolate(clock, 1, sent), isolate(clock, 2, sent)]
  const userId = options.before?.userId ?? (await makeVideo()).userId
  const films = await Promise.all(
    options.films.map((_, at) => makeVideo({ userId, fileName: `${options.seed} ${at}.mp4` })),
  )
  const jobIds = films.map(({ jobId }) => jobId)
  for (const { pieces } of isolates) {
    for (const [film, segments] of options.films.entries()) {
      pieces.learnEntry(
        `${FOLDER}${film}/`,
        '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2\nhigh.m3u8\n',
        '',
      )
      for (const track of ['low', 'high', 'sound'])
        pieces.learn(`${FOLDER}${film}/`, `${track}.m3u8`, 'e', playlist(track, segments))
    }
  }
  const queue: { atMs: number; act: Act | 'begin'; viewing: Viewing; at: number }[] = []
  for (let at = 0; at < options.sessions; at += 1) {
    const film = at % options.films.length
    const viewing = watch(random, options.films[film] ?? 1, truth)
    const begunMs = options.begunMs + Math.floor(random() * options.withinMs)
    queue.push({ atMs: begunMs, act: 'begin', viewing, at })
    for (const act of viewing.acts) queue.push({ atMs: begunMs + act.atMs, act, viewing, at })
    if (options.forge === 'all' || (options.forge === 'talkers' && isTalking(viewing))) {
      for (let beacon = 0; beacon < 3; beacon += 1) {
        const atMs = begunMs + Math.floor(forger() * 7_200_000)
        const claim = `e=t,pt=86400000,sn=${1_000_000 + beacon},sta=p,ts=${Math.floor(forger() * 1e12)},v=2`
        queue.push({ atMs, act: { atMs, kind: 'events', report: claim }, viewing, at })
      }
    }
  }
  queue.sort((one, other) => one.atMs - other.atMs)
  for (const { atMs, act, viewing, at } of queue) {
    clock.nowMs = atMs
    for (const { waiting } of isolates) {
      const due = waiting.filter((entry) => entry.atMs <= atMs)
      if (due.length === 0) continue
      waiting.splice(0, waiting.length, ...waiting.filter((entry) => entry.atMs > atMs))
      for (const { go } of due) go()
      for (let turn = 0; turn < 4; turn += 1) await Promise.resolve()
    }
    // Most stay with one isolate; some go to the other in the middle.
    const half = at % 20 === 0 && act !== 'begin' && act.kind !== 'events' && act.index > 20 ? 1 : 0
    const there = isolates[(at + half) % 2]
    if (there !== undefined) perform(there, options, { act, viewing, at, jobIds, userId, nowMs: atMs })
  }
  // Until all is said: another viewing wakes the isolates once more.
  for (let round = 0; round < 4; round += 1) {
    clock.nowMs += 130_000
    for (const { waiting } of isolates) for (const { go } of waiting.splice(0)) go()
    for (const one of isolates) nudge(one.watching, jobIds[0] ?? '', userId, clock.nowMs)
    clock.nowMs += 6000
    for (const { waiting } of isolates) for (const { go } of waiting.splice(0)) go()
    await new Promise((done) => setTimeout(done, 0))
  }
  const store = { plays: d1Plays(drizzle(env.DB)) }
  const messages = together(sent).flatMap((plays) => (random() < 0.05 ? [plays, plays] : [plays]))
  for (let at = 0; at < messages.length; at += 1) {
    // Neighbours change places.
    const index = at % 3 === 1 && at + 1 < messages.length ? at + 1 : at % 3 === 2 ? at - 1 : at
    await recordPlays(store, { plays: messages[index] })
  }
  const reports = sent.reduce((sum, plays) => sum + plays.length, 0)
  return {
    userId,
    jobIds,
    truth,
    begunMs: options.begunMs,
    endedMs: clock.nowMs,
    messages: messages.length,
    reports,
  }
}

function isTalking({ acts, player }: Viewing): boolean {
  return player !== 'native' && player !== 'ffmpeg' && acts.some(({ kind }) => kind === 'segment')
}

/** As a busy isolate sends them. */
function together(sent: readonly PlayReport[][]): readonly PlayReport[][] {
  const full: PlayReport[][] = []
  for (const reports of sent) {
    const last = full.at(-1)
    if (last !== undefined && last.length + reports.length <= 64) last.push(...reports)
    else full.push([...reports])
  }
  return full
}

function perform(
  { watching: gathered, pieces }: { watching: Watching; pieces: ReturnType<typeof knownPieces> },
  { films, isMute = false }: { readonly films: readonly number[]; readonly isMute?: boolean },
  one: { act: Act | 'begin'; viewing: Viewing; at: number; jobIds: readonly string[]; userId: string; nowMs: number },
): void {
  const { act, viewing, at, jobIds, userId } = one
  const film = at % films.length
  const session = sessionOf(at, jobIds[film] ?? '', viewing, one.nowMs)
  const client = () => ({ country: viewing.country, player: viewing.player, device: 'desktop' })
  const defer = (work: Promise<unknown>): void => void work.catch(() => undefined)
  if (act === 'begin') {
    gathered.note(session, userId, { bytes: 0, viewerName: viewing.viewer, client, isBeginning: true }, defer)
    return
  }
  if (act.kind === 'events') {
    if (isMute) return
    gathered.hear(session, userId, { events: readEvents(act.report), client }, defer)
    return
  }
  const track = act.kind === 'sound' ? 'sound' : act.track === 'low' ? 'low' : 'high'
  const bytes = BYTES[track]
  const piece = pieces.find(`${FOLDER}${film}/`, `${track}-${act.index}.m4s`, {
    offset: 0,
    length: bytes,
    sizeBytes: bytes,
  })
  gathered.note(session, userId, { bytes, client, media: { piece } }, defer)
}

const begun = new Map<string, number>()

function sessionOf(at: number, jobId: string, { viewer }: Viewing, nowMs: number) {
  const sid = (at.toString(16).padStart(8, '0') + jobId.replaceAll('-', '').slice(0, 8)) as SessionId
  const begunAt = begun.get(sid) ?? Math.floor(nowMs / 1000)
  begun.set(sid, begunAt)
  const flags = { isCounted: false, isBound: false, isLive: false, maxLines: 0 }
  return {
    sid,
    jobId,
    viewer: viewer ?? '0'.repeat(16),
    begunAt,
    endsAt: begunAt + 86_400,
    keyReference: '0000',
    flags,
  }
}

/** A viewing that fetches a playlist only: it counts for nothing. */
function nudge(gathered: Watching, jobId: string, userId: string, nowMs: number): void {
  const viewing: Viewing = { acts: [], player: 'native', viewer: undefined, country: 'DE' }
  const session = sessionOf(0xffffff00 + (nowMs % 200), jobId, viewing, nowMs)
  gathered.note(
    session,
    userId,
    { bytes: 1, client: () => ({ country: 'DE', player: 'native', device: 'desktop' }) },
    () => undefined,
  )
}

function playlist(track: string, segments: number): string {
  const lines = Array.from({ length: segments }, (_, index) => `#EXTINF:${SEGMENT_MS / 1000},\n${track}-${index}.m4s`)
  return `#EXTM3U\n#EXT-X-TARGETDURATION:6\n${lines.join('\n')}\n#EXT-X-ENDLIST\n`
}
