// The issuer's public keys: the isolate's copy, then the saved one, then the issuer. Survives an outage of
// the issuer; unauthenticated callers cannot make it fetch or save more often than the constants here say.
import { Fault } from '../../core/fault.ts'
import { createBoundedMap } from '../../core/bounded-map.ts'
import type { Defer } from '../defer.ts'
import { causeName, type Log } from '../log.ts'
import {
  afterCopy,
  afterFetch,
  cachedKey,
  emptyState,
  isTrusted,
  isFresh,
  isRefreshing,
  isSavedLately,
  mayAskIssuer,
  mayLoadCopy,
  REFETCH_INTERVAL_MS,
  REFRESH_LIMIT_MS,
  type DatedKeySet,
  type KeySet,
  type KeySetState,
} from './key-set-state.ts'

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
  /** Called with each genuine token: only then may a set be saved, so that an unauthenticated caller never causes a write. */
  confirm(defer: Defer): void
}

export interface SigningKeysDeps {
  readonly nowMs: () => number
  /** Resolves after about so long. */
  readonly pause: (milliseconds: number) => Promise<void>
  readonly log: Log
}

const PAUSE_MS = 25
/** Omitted keys that are remembered as logged. */
const MAX_LOGGED = 500

export function signingKeys<Key>(deps: SigningKeysDeps, source: KeySetSource<Key>): SigningKeys<Key> {
  let state: KeySetState<Key> = emptyState()
  const { nowMs } = deps
  const warn = keySetWarnings(deps.log)

  /** Gets a newer set, unless what is there is enough, by then or after another request has refreshed it. */
  async function refresh(isSatisfied: () => boolean): Promise<void> {
    // No await between the last look at the state and the claim: two requests would both refresh, or neither.
    for (let waitedMs = 0; isWaiting(isSatisfied) && waitedMs < REFRESH_LIMIT_MS; waitedMs += PAUSE_MS) {
      await deps.pause(PAUSE_MS)
    }
    if (isSatisfied() || isRefreshing(state, nowMs())) return
    const sinceMs = nowMs()
    state = { ...state, refreshingSinceMs: sinceMs }
    try {
      if (state.current === undefined) await loadCopy()
      if (!isSatisfied()) await askIssuer()
    } finally {
      if (state.refreshingSinceMs === sinceMs) state = { ...state, refreshingSinceMs: undefined }
    }
  }

  const isWaiting = (isSatisfied: () => boolean): boolean => isRefreshing(state, nowMs()) && !isSatisfied()

  async function loadCopy(): Promise<void> {
    if (!mayLoadCopy(state, nowMs())) return
    state = { ...state, loadedCopyAtMs: nowMs() }
    const copy = await source.load()
    if (copy !== undefined) state = afterCopy(state, copy)
  }

  async function askIssuer(): Promise<void> {
    const askedAtMs = nowMs()
    if (!mayAskIssuer(state, askedAtMs)) return
    state = { ...state, askedIssuerAtMs: askedAtMs }
    try {
      const fetched = await source.fetch()
      for (const key of fetched.omitted) warn.omitted(key)
      if (fetched.outcome === 'fetched') {
        state = afterFetch(state, fetched.set, askedAtMs)
      } else {
        state = { ...state, hasFailed: true }
        warn.failed({ reason: fetched.reason })
      }
    } catch (cause) {
      state = { ...state, hasFailed: true }
      warn.failed({ cause: causeName(cause) })
    }
  }

  async function save(mine: DatedKeySet<Key>): Promise<void> {
    // Another isolate may have saved the same set in the meantime: a read costs a tenth of a write.
    const theirs = await source.load()
    const copy = theirs && { document: theirs.set.document, atMs: theirs.fetchedAtMs }
    const isKept = isSavedLately(copy, mine)
    if (!isKept) await source.save(mine)
    state = { ...state, saved: isKept ? copy : { document: mine.set.document, atMs: mine.fetchedAtMs } }
  }

  return {
    async find(kid) {
      // While one request refreshes the set, the others use a stale one.
      const isServed = isTrusted(state, nowMs()) && isRefreshing(state, nowMs())
      if (!isServed) await refresh(() => isFresh(state, nowMs()))
      if (cachedKey(state, kid, nowMs()) === undefined)
        await refresh(() => cachedKey(state, kid, nowMs()) !== undefined)
      const key = cachedKey(state, kid, nowMs())
      if (key === undefined && (state.hasFailed || !isTrusted(state, nowMs()))) {
        throw new Fault('unavailable', 'Authentication is temporarily unavailable', {
          retryAfterSeconds: REFETCH_INTERVAL_MS / 1000,
        })
      }
      return key
    },
    async findOther(kid, failed) {
      const other = (): Key | undefined => {
        const key = cachedKey(state, kid, nowMs())
        return key === failed ? undefined : key
      }
      await refresh(() => other() !== undefined)
      return other()
    },
    confirm(defer) {
      const mine = state.current
      if (mine === undefined || isSavedLately(state.saved, mine)) return
      // Marked before it is done, so that a busy isolate saves once, and tries once an hour if saving fails.
      state = { ...state, saved: { document: mine.set.document, atMs: mine.fetchedAtMs } }
      defer(save(mine))
    },
  }
}

function keySetWarnings(log: Log) {
  const logged = createBoundedMap<string, true>(MAX_LOGGED)
  return {
    failed(why: { readonly reason?: string; readonly cause?: string | undefined }): void {
      log({ level: 'warn', message: 'signing keys could not be fetched', ...why })
    },
    /** Once: the issuer's set is fetched again every ten minutes, and says the same. */
    omitted({ kid, reason }: OmittedKey): void {
      const line = `${reason}: ${kid}`
      if (logged.get(line) === true) return
      logged.set(line, true)
      log({ level: 'warn', message: 'a signing key cannot be used', kid, reason })
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
