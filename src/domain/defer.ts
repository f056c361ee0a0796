// Work that a caller does not wait for.

/** Takes the work over; whether it fails is then nobody's but the log's. */
export type Defer = (work: Promise<unknown>) => void
