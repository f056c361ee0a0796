// One worker for one film: begun with an order, heard until it is done, ended with the signal.
import type { FromWorker, PackageOrder, ToWorker } from './messages.ts'

/** `listen` may take its time for an object: the worker waits for it. Rejects when the worker dies or reports failure. */
export async function runWorker(
  url: string,
  order: PackageOrder,
  listen: (message: FromWorker) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  const worker = new Worker(url, { type: 'module' })
  const say = (message: ToWorker): void => worker.postMessage(message, { transfer: [] })
  try {
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      worker.addEventListener('error', ({ message }) => reject(new Error(message || 'The packager did not start')))
      worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
        listen(data).then(() => {
          if (data.kind === 'object') say({ kind: 'taken' })
          if (data.kind === 'done' || data.kind === 'refused') resolve()
          if (data.kind === 'failed') reject(new Error(data.problem))
        }, reject)
      })
      say({ kind: 'begin', order })
    })
  } finally {
    worker.terminate()
  }
}
