// The Worker's log as a person reads it in the terminal. Like the log itself it shows no path.
import { isRecord, parseJson } from '../../core/json.ts'

/** A line of the Worker's log for the terminal; undefined for what only `--log` shows. */
export function readableLine(text: string, isVerbose: boolean): string | undefined {
  const line = parse(text)
  if (line === undefined) return isVerbose ? text : undefined
  if (!isVerbose && line['level'] !== 'error') return undefined
  if (line['message'] !== 'request') return text
  const { method, route = '(no route)', status, ms, fault, cause, reason, from_memory: fromMemory } = line
  const why = [fault, reason, cause].filter((part) => part !== undefined).map(String)
  const skipped = typeof fromMemory === 'number' ? [`(and ${fromMemory} out of memory)`] : []
  return [method, route, status, ms, 'ms', ...why, ...skipped].map(String).join(' ')
}

function parse(text: string): Record<string, unknown> | undefined {
  const value = parseJson(text)
  return isRecord(value) ? value : undefined
}
