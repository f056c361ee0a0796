// What an isolate knows of the issuer's key set, as a value: the set, when it was asked for, whether that worked, and
// whether a request is refreshing it now. Each function gives the next state; nothing here waits or asks.

export interface KeySetState<Key> {
  /** Undefined until one was had. */
  readonly current: DatedKeySet<Key> | undefined
  /** What the saved copy holds, as far as this isolate knows. */
  readonly saved: { readonly document: string; readonly atMs: number } | undefined
  readonly askedIssuerAtMs: number
  readonly loadedCopyAtMs: number
  readonly hasFailed: boolean
  /** When the refresh under way began. A time and no promise: awaiting another request's promise hangs on Workers. */
  readonly refreshingSinceMs: number | undefined
}

/** A key set as it was published; one `document` text for one set of keys. */
export interface KeySet<Key> {
  readonly keys: ReadonlyMap<string, Key>
  readonly document: string
}

export interface DatedKeySet<Key> {
  readonly set: KeySet<Key>
  readonly fetchedAtMs: number
}

/** A set this young is used without asking. */
const FRESH_MS = 10 * 60_000
/** A set this old is no longer trusted, even if the issuer cannot be reached. */
const MAX_STALE_MS = 24 * 3_600_000
/** Between two requests to the issuer, after a failure as after a success. */
export const REFETCH_INTERVAL_MS = 30_000
/** After this long a refresh counts as lost: the request that began it may be gone, and its work with it. */
export const REFRESH_LIMIT_MS = 5000
/** A saved copy older than this is written again, so that it is there when the issuer is not. */
const RESAVE_MS = 3_600_000

export function emptyState<Key>(): KeySetState<Key> {
  return {
    current: undefined,
    saved: undefined,
    askedIssuerAtMs: Number.NEGATIVE_INFINITY,
    loadedCopyAtMs: Number.NEGATIVE_INFINITY,
    hasFailed: false,
    refreshingSinceMs: undefined,
  }
}

function ageMs({ current }: Pick<KeySetState<unknown>, 'current'>, nowMs: number): number {
  return current === undefined ? Number.POSITIVE_INFINITY : nowMs - current.fetchedAtMs
}

export function isFresh(state: Pick<KeySetState<unknown>, 'current'>, nowMs: number): boolean {
  return ageMs(state, nowMs) < FRESH_MS
}

/** Old, and still trusted while nothing newer is available. */
export function isTrusted(state: Pick<KeySetState<unknown>, 'current'>, nowMs: number): boolean {
  return ageMs(state, nowMs) < MAX_STALE_MS
}

/** The key of this id, in a set that is still trusted. */
export function cachedKey<Key>(state: Pick<KeySetState<Key>, 'current'>, kid: string, nowMs: number): Key | undefined {
  return isTrusted(state, nowMs) ? state.current?.set.keys.get(kid) : undefined
}

export function isRefreshing(
  { refreshingSinceMs }: Pick<KeySetState<unknown>, 'refreshingSinceMs'>,
  nowMs: number,
): boolean {
  return refreshingSinceMs !== undefined && nowMs - refreshingSinceMs < REFRESH_LIMIT_MS
}

export function mayLoadCopy({ loadedCopyAtMs }: Pick<KeySetState<unknown>, 'loadedCopyAtMs'>, nowMs: number): boolean {
  return nowMs - loadedCopyAtMs >= REFETCH_INTERVAL_MS
}

export function mayAskIssuer(
  { askedIssuerAtMs }: Pick<KeySetState<unknown>, 'askedIssuerAtMs'>,
  nowMs: number,
): boolean {
  return nowMs - askedIssuerAtMs >= REFETCH_INTERVAL_MS
}

/** The saved copy came: it counts where nothing newer is there. */
export function afterCopy<Key>(state: KeySetState<Key>, copy: DatedKeySet<Key>): KeySetState<Key> {
  const saved = { document: copy.set.document, atMs: copy.fetchedAtMs }
  return { ...state, saved, current: state.current ?? copy }
}

/** The issuer's set came. An unchanged one keeps its imported keys: they are compared by identity. */
export function afterFetch<Key>(state: KeySetState<Key>, set: KeySet<Key>, fetchedAtMs: number): KeySetState<Key> {
  const known = state.current?.set
  const kept = known !== undefined && known.document === set.document ? known : set
  return { ...state, hasFailed: false, current: { set: kept, fetchedAtMs } }
}

/** Whether a copy says what this set says, and was written lately. */
export function isSavedLately(
  saved: { readonly document: string; readonly atMs: number } | undefined,
  mine: DatedKeySet<unknown>,
): boolean {
  return saved !== undefined && saved.document === mine.set.document && mine.fetchedAtMs - saved.atMs < RESAVE_MS
}
