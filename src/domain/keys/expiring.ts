// Telling owners of keys that expire soon, while there is time to replace them.

/** Keys that nobody was told of. */
export interface KeyExpiryNotices {
  /** Writes an event for each live key that expires until then and has none yet, some at a time; says for how many. */
  announce(nowMs: number, untilMs: number): Promise<number>
}

export interface ExpiringKeyDeps {
  readonly keyExpiryNotices: KeyExpiryNotices
  readonly nowMs: () => number
}

const NOTICE_MS = 7 * 86_400_000

/** Says of how many. A key that was rotated away expires as it should, and is not told of. */
export async function announceExpiringKeys(deps: ExpiringKeyDeps): Promise<number> {
  const nowMs = deps.nowMs()
  return await deps.keyExpiryNotices.announce(nowMs, nowMs + NOTICE_MS)
}
