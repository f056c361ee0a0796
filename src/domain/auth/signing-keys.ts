// The issuer's public keys: the isolate's copy, then the saved one, then the issuer. Survives an issuer that is
// away, and lets no stranger make it ask or save more often than the constants here say.
import { Fault } from '../../core/fault.ts'
import { createBoundedMap } from '../../core/bounded-map.ts'
import type { Defer } from '../defer.ts'
import { causeName, type Log } from '../log.ts'

/** A key set as it was published; one `document` text for one set of keys. */
export interface KeySet<Key> {
  readonly keys: ReadonlyMap<string, Key>
  readonly document: string
}

export interface DatedKeySet<Key> {
  readonly set: KeySet<Key>
  readonly fetchedAtMs: number
}

/** A key that is in the issuer's set and cannot be used. Both texts may be logged. */
export interface OmittedKey {
  /** Empty when it has none. */
  readonly kid: string
  readonly reason: string
}

export type FetchedKeySet<Key> =
  | { readonly outcome: 'fetched'; readonly set: KeySet<Key>; readonly omitted: readonly OmittedKey[] }
  /** The issuer answered, and no key of the answer can be used. */
  | { readonly outcome: 'unusable'; readonly reason: string; readonly omitted: readonly OmittedKey[] }

export interface KeySetSource<Key> {
  /** Asks the issuer once; throws when no answer comes back. Takes 3 s at most. */
  fetch(): Promise<FetchedKeySet<Key>>
  /** The set that was saved last; undefined when there is none, or when it cannot be had. */
  load(): Promise<DatedKeySet<Key> | undefined>
  save(set: DatedKeySet<Key>): Promise<void>
}

export interface SigningKeys<Key> {
  /** The key of this id; undefined when the issuer has none. Throws 503 when the issuer cannot be asked. */
  find(kid: string): Promise<Key | undefined>
  /** Another key of the same id after `failed` did not fit a signature: issuers do rotate under one id. */
  findOther(kid: string, failed: Key): Promise<Key | undefined>
  /** Called with each genuine token: only then may a set be saved, so that no stranger causes a write. */
  confirm(defer: Defer): void
}

export interface SigningKeysDeps {
  readonly nowMs: () => number
  /** Resolves after about so long. */
  readonly pause: (milliseconds: number) => Promise<void>
  readonly log: Log
}

/** A set this young is used without asking. */
const FRESH_MS = 10 * 60_000
/** A set this old is no longer believed, whatever became of the issuer. */
const MAX_STALE_MS = 24 * 3_600_000
/** Between two requests to the issuer, after a failure as after a success. */
const REFETCH_INTERVAL_MS = 30_000
/** After this long a look counts as lost: the request that began it may be gone, and its work with it. */
const LOOK_LIMIT_MS = 5000
/** A saved copy older than this is written again, so that it is there when the issuer is not. */
const RESAVE_MS = 3_600_000
const PAUSE_MS = 25
/** Omitted keys that are remembered as logged. */
const MAX_LOGGED = 500

export function signingKeys<Key>(deps: SigningKeysDeps, source: KeySetSource<Key>): SigningKeys<Key> {
  let current: DatedKeySet<Key> | undefined
  let saved: { document: string; atMs: number } | undefined
  let fetchedOrFailedAtMs = Number.NEGATIVE_INFINITY
  let loadedAtMs = Number.NEGATIVE_INFINITY
  let hasFailed = false
  const logged = createBoundedMap<string, true>(MAX_LOGGED)
  // When the look under way began. A time and no promise: awaiting another request's promise hangs on Workers.
  let lookingSinceMs: number | undefined

  const ageMs = (): number => (current === undefined ? Number.POSITIVE_INFINITY : deps.nowMs() - current.fetchedAtMs)

  const lookUp = (kid: string): Key | undefined => (ageMs() < MAX_STALE_MS ? current?.set.keys.get(kid) : undefined)

  const isLooking = (): boolean => lookingSinceMs !== undefined && deps.nowMs() - lookingSinceMs < LOOK_LIMIT_MS

  /** Looks for a newer set, unless what is there is enough, by then or after another request has looked. */
  async function look(isEnough: () => boolean): Promise<void> {
    for (let waitedMs = 0; isLooking() && !isEnough() && waitedMs < LOOK_LIMIT_MS; waitedMs += PAUSE_MS) {
      await deps.pause(PAUSE_MS)
    }
    if (isEnough() || isLooking()) return
    const sinceMs = deps.nowMs()
    lookingSinceMs = sinceMs
    try {
      if (current === undefined) await loadSaved()
      if (!isEnough()) await fetchNewer()
    } finally {
      if (lookingSinceMs === sinceMs) lookingSinceMs = undefined
    }
  }

  async function loadSaved(): Promise<void> {
    if (deps.nowMs() - loadedAtMs < REFETCH_INTERVAL_MS) return
    loadedAtMs = deps.nowMs()
    const found = await source.load()
    if (found === undefined) return
    saved = { document: found.set.document, atMs: found.fetchedAtMs }
    current ??= found
  }

  async function fetchNewer(): Promise<void> {
    const nowMs = deps.nowMs()
    if (nowMs - fetchedOrFailedAtMs < REFETCH_INTERVAL_MS) return
    fetchedOrFailedAtMs = nowMs
    try {
      const fetched = await source.fetch()
      fetched.omitted.forEach(logOmitted)
      hasFailed = fetched.outcome === 'unusable'
      if (fetched.outcome === 'unusable') {
        logFailure({ reason: fetched.reason })
        return
      }
      // An unchanged set keeps its imported keys: they are compared by identity.
      const { set } = fetched
      current = { set: set.document === current?.set.document ? current.set : set, fetchedAtMs: nowMs }
    } catch (cause) {
      hasFailed = true
      logFailure({ cause: causeName(cause) })
    }
  }

  function logFailure(why: { readonly reason?: string; readonly cause?: string | undefined }): void {
    deps.log({ level: 'warn', message: 'signing keys could not be fetched', ...why })
  }

  /** Once: the issuer's set is fetched again every ten minutes, and says the same. */
  function logOmitted({ kid, reason }: OmittedKey): void {
    const line = `${reason}: ${kid}`
    if (logged.get(line) === true) return
    logged.set(line, true)
    deps.log({ level: 'warn', message: 'a signing key cannot be used', kid, reason })
  }

  async function save(): Promise<void> {
    const mine = current
    if (mine === undefined) return
    // Another isolate may have saved the same set in the meantime: a read costs a tenth of a write.
    const theirs = await source.load()
    const isKept = theirs?.set.document === mine.set.document && mine.fetchedAtMs - theirs.fetchedAtMs < RESAVE_MS
    if (!isKept) await source.save(mine)
    saved = { document: mine.set.document, atMs: isKept ? theirs.fetchedAtMs : mine.fetchedAtMs }
  }

  return {
    async find(kid) {
      // While one request looks for a newer set, the others use a stale one.
      const isServed = ageMs() < MAX_STALE_MS && isLooking()
      if (!isServed) await look(() => ageMs() < FRESH_MS)
      if (lookUp(kid) === undefined) await look(() => lookUp(kid) !== undefined)
      const key = lookUp(kid)
      if (key === undefined && (hasFailed || ageMs() >= MAX_STALE_MS)) {
        throw new Fault('unavailable', 'Authentication is temporarily unavailable', {
          retryAfterSeconds: REFETCH_INTERVAL_MS / 1000,
        })
      }
      return key
    },
    async findOther(kid, failed) {
      const other = (): Key | undefined => (lookUp(kid) === failed ? undefined : lookUp(kid))
      await look(() => other() !== undefined)
      return other()
    },
    confirm(defer) {
      const mine = current
      if (mine === undefined) return
      const isKept = saved?.document === mine.set.document && mine.fetchedAtMs - saved.atMs < RESAVE_MS
      if (isKept) return
      // Marked before it is done, so that a busy isolate saves once, and tries once an hour if saving fails.
      saved = { document: mine.set.document, atMs: mine.fetchedAtMs }
      defer(save())
    },
  }
}

/** One key that was configured: no network, and any key id is taken. */
export function pinnedKey<Key>(load: () => Promise<Key>): SigningKeys<Key> {
  let key: Key | undefined
  return {
    find: async () => (key ??= await load()),
    findOther: async () => undefined,
    confirm: () => undefined,
  }
}
