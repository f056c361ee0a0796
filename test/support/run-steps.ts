// The steps of a run as a Workflow takes them, without its waits: what a step answered is kept, a step that failed is taken
// again, and where a test says so the Worker dies after a step has done its work and before that is known.
import { runProcessing, type Steps } from '../../src/background/processing.ts'
import type { Deps } from '../../src/deps/deps.ts'

/** Tries of one step before its run fails. */
const TRIES = 20
/** Of waiting, for a run that would never end. */
const MAX_SLEEPS = 200

export interface StepsOptions {
  /** Whether the Worker dies right after this step's work. */
  readonly dies?: (step: string) => boolean
  /** Called for each wait; a test moves its clock. */
  readonly onSleep?: (milliseconds: number) => void | Promise<void>
}

/** Takes a run to its end; the names of the steps in the order in which they were done. */
export async function takeSteps(deps: Deps, runId: string, options: StepsOptions = {}): Promise<string[]> {
  const known = new Map<string, string>()
  const done: string[] = []
  let sleeps = 0
  const steps: Steps = {
    async do<T>(name: string, _config: unknown, run: () => Promise<T>): Promise<T> {
      const kept = known.get(name)
      if (kept !== undefined) return JSON.parse(kept) as T
      for (let attempt = 1; ; attempt++) {
        try {
          const result = await run()
          done.push(name)
          if (options.dies?.(name) === true) throw new Error('the Worker died')
          known.set(name, JSON.stringify(result))
          return result
        } catch (error) {
          if (attempt === TRIES) throw error
        }
      }
    },
    async sleep(_name, milliseconds) {
      sleeps += 1
      if (sleeps > MAX_SLEEPS) throw new Error('the run does not end')
      await options.onSleep?.(milliseconds)
    },
  }
  await runProcessing(deps, steps, runId)
  return done
}
