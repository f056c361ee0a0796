// What the service has promised: each thing as it was acknowledged, or as it may be where no answer came.

/** `there`, `gone`: acknowledged. `either`: asked for, and not answered. */
export type Promised = 'there' | 'gone' | 'either'

export interface Ledger {
  /** Videos by their names, which are used once. */
  readonly videos: Map<string, { state: Promised; jobId: string | undefined; readonly storageKey: string }>
  /** Raw keys. */
  readonly keys: Map<string, { state: Promised; readonly id: string }>
  /** Job ids that the engine's own ledger has to know, by their owner's name. */
  readonly engineJobs: Map<string, string>
  /** Runs that were begun, by the video's job id. */
  readonly runs: Map<string, { asked: number; begun: number; ended: string | undefined }>
  /** Views of a shared report: what was answered while nothing was wrong, and what was asked for. */
  readonly views: Map<string, { counted: number; asked: number }>
  /** Viewings that were ended, which nobody may go on with. */
  readonly ended: Set<string>
}

export function startLedger(): Ledger {
  return {
    videos: new Map(),
    keys: new Map(),
    engineJobs: new Map(),
    runs: new Map(),
    views: new Map(),
    ended: new Set(),
  }
}
