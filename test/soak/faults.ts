// What can be made to go wrong inside the Worker, as the soak tells it over HTTP.

export interface Faults {
  /** Share of store calls that are refused before they are done. */
  readonly refused: number
  /** Share of store calls that are done, and whose answer is lost. */
  readonly lost: number
  /** Share of store calls that are never answered. */
  readonly stalled: number
  /** What the Worker's clock differs by from the machine's, in milliseconds. */
  readonly clockMs: number
}

export const NO_FAULTS: Faults = { refused: 0, lost: 0, stalled: 0, clockMs: 0 }

/** Paths of the Worker under soak that are none of the service's. */
export const FAULTS_PATH = '/~soak/faults'
export const CRON_PATH = '/~soak/cron'
