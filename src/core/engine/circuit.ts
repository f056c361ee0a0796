// A circuit breaker as values: when calls in a row got no answer, further ones are refused without asking, and one
// probe at a time finds out whether that is over. Pure; each isolate keeps its own.

export interface Circuit {
  /** Calls in a row that got no status line. */
  readonly failures: number
  /** Open: when the next call may go through. Epoch milliseconds. */
  readonly probeAtMs: number
}

export const CLOSED_CIRCUIT: Circuit = { failures: 0, probeAtMs: 0 }

const MAX_FAILURES = 5
const PROBE_INTERVAL_MS = 5000

export type Admission =
  | { readonly ok: true; readonly circuit: Circuit }
  | { readonly ok: false; readonly waitMs: number }

/** Whether a call may go through now. The one that does while open is the probe: others wait for its end. */
export function admit(circuit: Circuit, nowMs: number): Admission {
  if (circuit.failures < MAX_FAILURES) return { ok: true, circuit }
  if (nowMs < circuit.probeAtMs) return { ok: false, waitMs: circuit.probeAtMs - nowMs }
  // A probe whose end is never heard of, its isolate's request having been cancelled, delays the next by this only.
  return { ok: true, circuit: { ...circuit, probeAtMs: nowMs + PROBE_INTERVAL_MS } }
}

export function afterFailure(circuit: Circuit, nowMs: number): Circuit {
  return { failures: circuit.failures + 1, probeAtMs: nowMs + PROBE_INTERVAL_MS }
}
