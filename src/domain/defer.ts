// Work that a caller does not wait for.

/** Takes the work over; a failure is only logged. */
export type Defer = (work: Promise<unknown>) => void
