// The log as Cloudflare collects it: what a Worker prints.
import type { Log } from '../domain/log.ts'

/** One JSON object a line, without undefined fields. */
export const consoleLog: Log = (line) => {
  const text = JSON.stringify(line)
  if (line.level === 'error') console.error(text)
  else console.log(text)
}
