// What the log takes: one line with a level, a message and named fields. Never a path, a query, a header or a body.

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly [field: string]: unknown
}

export type Log = (line: LogLine) => void

/** The classes of what failed underneath, outermost first; never a message, which can hold SQL and bound values. */
export function causeName(cause: unknown): string | undefined {
  const names: string[] = []
  for (let current = cause; current instanceof Error && names.length < 4; current = current.cause) {
    names.push(current.name)
  }
  return names.length === 0 ? undefined : names.join(' < ')
}
