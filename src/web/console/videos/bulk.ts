// One change to many videos: a few at a time, and what fails is told at the end, once.
import type { Client } from '../../../client/client.ts'

const AT_ONCE = 4

/** Calls `work` for each; resolves with the first error, if any, when all are done. */
export async function forEach<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  onDone: (count: number) => void,
): Promise<unknown> {
  const waiting = [...items]
  let error: unknown
  let count = 0
  const next = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        await work(item)
      } catch (cause) {
        error ??= cause
      }
      onDone(++count)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
  return error
}

/** With all its objects; a video of very many takes several requests. */
export async function deleteWithFiles(client: Client, jobId: string): Promise<void> {
  for (;;) {
    const { remaining = 0 } = await client.deleteVideo({ job_id: jobId, files: 'true' })
    if (remaining === 0) return
  }
}
