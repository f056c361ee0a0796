// Telling owners of keys that expire soon, while there is time to replace them.

/** Keys that nobody was told of. */
export interface KeyExpiryNotices {
  /**
   * Writes an event for each live key that expires within so long, and got none since it was so long before its end, some
   * at a time; says for how many.
   */
  announce(nowMs: number, noticeMs: number): Promise<number>
}

export interface ExpiringKeyDeps {
  readonly keyExpiryNotices: KeyExpiryNotices
  readonly nowMs: () => number
}

const DAY_MS = 86_400_000
/** Each is told once; a key that is made later than one of them is told with the next. */
const NOTICE_DAYS = [14, 3, 1]

/** Says of how many. A key that was rotated away expires as it should, and is not told of. */
export async function announceExpiringKeys(deps: ExpiringKeyDeps): Promise<number> {
  const nowMs = deps.nowMs()
  let count = 0
  for (const days of NOTICE_DAYS) count += await deps.keyExpiryNotices.announce(nowMs, days * DAY_MS)
  return count
}
