// What is being done to the service and when, so that an answer can be judged by what it had to bear.

export type Disturbance = 'store' | 'engine' | 'issuer' | 'receiver' | 'clock' | 'killed'

export interface Weather {
  /** From now until the function that it gives is called. */
  begin(kind: Disturbance): () => void
  /** What was going on between the two moments, or shortly before. */
  during(fromMs: number, toMs: number): ReadonlySet<Disturbance>
}

/** What a call that was begun in a disturbance may still leave behind: a store is given up after 10 s. */
const AFTERMATH_MS = 12_000

export function startWeather(): Weather {
  const spells: { readonly kind: Disturbance; readonly fromMs: number; toMs: number }[] = []
  return {
    begin(kind) {
      const spell = { kind, fromMs: Date.now(), toMs: Number.POSITIVE_INFINITY }
      spells.push(spell)
      return () => {
        spell.toMs = Date.now()
      }
    },
    during: (fromMs, toMs) =>
      new Set(
        spells.filter((spell) => spell.fromMs <= toMs && spell.toMs + AFTERMATH_MS >= fromMs).map(({ kind }) => kind),
      ),
  }
}
