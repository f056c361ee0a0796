// A user with films, an engine that analyses them, and the service between, whose runs a test takes to their end.
import { analysingEngine } from './analysing-engine.ts'
import { call, makeKey } from './callers.ts'
import { env } from './env.ts'
import { startGate } from './recording-engine.ts'
import { takeSteps, type StepsOptions } from './run-steps.ts'
import { makeVideo } from './videos.ts'

export async function studio(variables: Record<string, string> = {}) {
  const engine = analysingEngine()
  const service = await startGate(engine, variables, { processing: true })
  const key = await makeKey()
  const ask = async (method: string, path: string, body?: unknown): Promise<[number, Record<string, unknown>]> => {
    const response = await call(service, key.rawKey, method, path, body)
    return [response.status, await response.json()]
  }
  const film = async (fileName = 'film.mp4', durationSeconds = 60) => {
    const { jobId, storagePath } = await makeVideo({
      userId: key.userId,
      status: 'uploaded',
      fileName,
      durationSeconds,
    })
    await env.MEDIA.put(storagePath, 'the bytes of a film')
    return jobId
  }
  const run = async (jobId: string, options: StepsOptions = {}, attempt = 1) =>
    await takeSteps(service.deps, `${jobId}-${attempt}`, {
      onSleep: (milliseconds) => void (service.clock.nowMs += milliseconds),
      ...options,
    })
  const events = async (jobId: string): Promise<string[]> => {
    const { results } = await env.DB.prepare('SELECT type FROM events WHERE resource = ? ORDER BY sequence')
      .bind(jobId)
      .all<{ type: string }>()
    return results.map(({ type }) => type)
  }
  const minutes = async (): Promise<number> => {
    const row = await env.DB.prepare(
      "SELECT SUM(engine_minutes) AS n FROM processing_runs WHERE user_id = ? AND status NOT IN ('failed', 'cancelled')",
    )
      .bind(key.userId)
      .first<{ n: number | null }>()
    return row?.n ?? 0
  }
  return { service, engine, key, ask, film, run, events, minutes }
}
