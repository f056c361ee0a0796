// Which pages may read responses from a browser. Pure.

/** Every origin, or exactly these. */
export type OriginRule = '*' | ReadonlySet<string>

/** The value of `Access-Control-Allow-Origin` (Fetch standard §3.2.3); undefined: this origin may not read. */
export function allowedOrigin(rule: OriginRule, origin: string): string | undefined {
  if (rule === '*') return '*'
  return rule.has(origin) ? origin : undefined
}
