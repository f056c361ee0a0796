// Runs the Worker in workerd on this machine, by Miniflare and without wrangler between: one process beside this one,
// ready in under a second.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'
import { CommandProblem } from '../command.ts'
import type { LocalState } from '../local-state.ts'
import type { LocalWorker } from './local-worker.ts'
import { STOP_SIGNALS } from './stop.ts'

export interface RuntimeTerms {
  readonly state: LocalState
  readonly worker: LocalWorker
  readonly port: number
  readonly variables: Readonly<Record<string, string>>
  /** Gets each line that the Worker logs. */
  readonly onLine: (line: string) => void
}

/** Listens when it resolves. */
export async function startRuntime({ state, worker, port, variables, onLine }: RuntimeTerms): Promise<Miniflare> {
  const modules = await Promise.all(
    worker.modules.map(async ({ type, path }) => {
      const contents = await readFile(join(state.workerFolder, path))
      return type === 'ESModule' ? { type, path, contents: contents.toString() } : { type, path, contents }
    }),
  )
  const bindings = { ...(worker.options['bindings'] as object), ...variables }
  const own = new Set<unknown>(STOP_SIGNALS.flatMap((signal) => process.listeners(signal)))
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: 'localhost',
      port,
      // A placeholder for what Cloudflare's network knows of a request; the real thing would be downloaded.
      cf: false,
      telemetry: { enabled: false },
      unsafeTriggerHandlers: true,
      logRequests: false,
      log: new Log(LogLevel.ERROR),
      // As `wrangler dev --persist-to` lays it out.
      resourcePersistencePath: join(state.dataFolder, 'v3'),
      handleStructuredLogs: ({ message }) => onLine(message),
      unsafeHandleRuntimeRestart: () => console.error('The local runtime ended unexpectedly and was started again.'),
      workers: [{ name: 'lynxgate', ...worker.options, modules, bindings }],
    }),
  )
  // Miniflare would end this process at once at a signal, with the exit code of one that was killed.
  for (const signal of STOP_SIGNALS) {
    for (const listener of process.listeners(signal)) if (!own.has(listener)) process.off(signal, listener)
  }
  try {
    await miniflare.ready
    return miniflare
  } catch (error) {
    await miniflare.dispose().catch(() => undefined)
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandProblem(`The local runtime did not start: ${reason}`)
  }
}
