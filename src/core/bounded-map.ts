// A map that never outgrows its limit: what was set longest ago goes first. Pure. Not by use, as an LRU would: what
// is kept here is believed for seconds and set again when it is used on, and reading then costs a reading.

export interface BoundedMap<Key, Value> {
  get(key: Key): Value | undefined
  /** Setting again counts as new. */
  set(key: Key, value: Value): void
  delete(key: Key): void
  /** Deletes every entry the test names; looks at all of them. */
  deleteWhere(test: (value: Value) => boolean): void
  readonly size: number
}

/** RangeError unless it may hold at least one entry. */
export function createBoundedMap<Key, Value>(maxEntries: number): BoundedMap<Key, Value> {
  if (!(maxEntries >= 1)) throw new RangeError('a bounded map holds at least one entry')
  // A Map iterates in the order of insertion, so deleting before setting keeps the oldest first.
  const entries = new Map<Key, Value>()
  return {
    get: (key) => entries.get(key),
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
