// The worker's own script: takes one order, and says what comes of it.
import { packageFilm } from './package-film.ts'
import { Refused } from './refused.ts'
import type { FromWorker, MadeObject, ToWorker } from '../messages.ts'

/** What goes on when the page has taken an object. */
let onTaken: () => void = () => undefined

function say(message: FromWorker, transfer: Transferable[] = []): void {
  postMessage(message, { transfer })
}

async function deliver(object: MadeObject): Promise<void> {
  const taken = new Promise<void>((resolve) => (onTaken = resolve))
  say({ kind: 'object', object }, [object.data])
  await taken
}

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'taken') return onTaken()
  packageFilm(data.order, { deliver, say }).then(
    () => say({ kind: 'done' }),
    (error: unknown) => {
      if (error instanceof Refused) say({ kind: 'refused', refusal: error.refusal })
      else say({ kind: 'failed', problem: error instanceof Error ? error.message : String(error) })
    },
  )
})
