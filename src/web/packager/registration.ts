// What the service is told of a film: that it is there, that it is being processed, that it can be watched. Every step
// may be repeated by another page.
import type { Client } from '../../client/client.ts'
import { deferred } from './deferred.ts'
import { stepsTo, type VideoGoal, type VideoStatus } from '../../core/videos/status.ts'

export interface Registration {
  /** By an object that is stored, or is being uploaded in parts. Once; what failed is tried again the next time. */
  register(filePath: string): Promise<void>
  /** Resolves when it is registered. */
  isDone(): Promise<void>
  /** It can be watched. Once it is registered. */
  complete(durationSeconds: number): Promise<void>
  /** It will not be registered: who waits is told why. */
  giveUp(reason: unknown): void
}

export function createRegistration(terms: {
  readonly client: Client
  readonly jobId: string
  readonly fileName: string
  readonly signal: AbortSignal
}): Registration {
  const { client, jobId, signal } = terms
  const options = { signal }
  const registered = deferred<void>()
  registered.promise.catch(() => undefined)
  let attempt: Promise<void> | undefined
  let processing: Promise<void> | undefined

  async function advance(from: VideoStatus, to: VideoGoal): Promise<void> {
    for (const status of stepsTo(from, to)) await client.updateVideo({ job_id: jobId, status }, options)
  }

  async function register(filePath: string): Promise<void> {
    const name = nameOf(terms.fileName)
    await client.registerUpload({ file_path: filePath, file_name: name, job_id: jobId }, options)
    registered.resolve(undefined)
    // Shown while it lasts; nothing depends on it.
    processing = begin().catch(() => undefined)
  }

  async function begin(): Promise<void> {
    const { status } = await client.getVideo({ job_id: jobId }, options)
    if (status !== 'completed') await advance(status, 'processing')
  }

  return {
    async register(filePath) {
      attempt ??= register(filePath).catch((error: unknown) => {
        attempt = undefined
        throw error
      })
      await attempt
    },
    isDone: () => registered.promise,
    async complete(durationSeconds) {
      await processing
      const { status } = await client.updateVideo({ job_id: jobId, duration: durationSeconds }, options)
      await advance(status, 'completed')
    },
    giveUp: (reason) => registered.reject(reason),
  }
}

/** Without its extension, as long as a name may be. */
function nameOf(fileName: string): string {
  const dot = fileName.lastIndexOf('.')
  const stem = (dot > 0 ? fileName.slice(0, dot) : fileName).toWellFormed().trim()
  return stem === '' ? 'video' : Array.from(stem).slice(0, 120).join('')
}
