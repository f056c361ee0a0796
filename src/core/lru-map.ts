// A map that never outgrows its limit: what was used least recently goes first. Pure.

export interface LruMap<Key, Value> {
  /** The value, which now counts as used. */
  get(key: Key): Value | undefined
  set(key: Key, value: Value): void
  delete(key: Key): void
  /** Deletes every entry the test names; looks at all of them. */
  deleteWhere(test: (value: Value) => boolean): void
  readonly size: number
}

/** RangeError unless it may hold at least one entry. */
export function createLruMap<Key, Value>(maxEntries: number): LruMap<Key, Value> {
  if (!(maxEntries >= 1)) throw new RangeError('an LRU map holds at least one entry')
  // A Map iterates in the order of insertion, so re-inserting on use keeps the oldest first.
  const entries = new Map<Key, Value>()
  return {
    get(key) {
      const value = entries.get(key)
      if (value === undefined) return undefined
      entries.delete(key)
      entries.set(key, value)
      return value
    },
    set(key, value) {
      entries.delete(key)
      entries.set(key, value)
      if (entries.size <= maxEntries) return
      for (const oldest of entries.keys()) {
        entries.delete(oldest)
        break
      }
    },
    delete(key) {
      entries.delete(key)
    },
    deleteWhere(test) {
      for (const [key, value] of entries) if (test(value)) entries.delete(key)
    },
    get size() {
      return entries.size
    },
  }
}
