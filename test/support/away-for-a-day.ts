// A receiver that is away for a day while events happen, reminders get lost and come twice: what it has in the end.
import { runOften } from '../../src/background/often.ts'
import { env } from './env.ts'
import { hookedService } from './webhook-receiver.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

export interface AwayOutcome {
  /** Events that happened, in their order: `<job> <number>`. */
  readonly happened: readonly string[]
  /** Those that the receiver took, by their id. */
  readonly taken: ReadonlyMap<string, string>
  /** How often it took something in all. */
  readonly takenCount: number
  /** Of each job, in the order in which it took them. */
  readonly byJob: ReadonlyMap<string, readonly number[]>
}

/** `chance`: 0 up to 1; some reminders are lost and some doubled by it. */
export async function awayForADay(
  terms: { readonly events: number; readonly jobs: number },
  chance: () => number,
): Promise<AwayOutcome> {
  const hooked = await hookedService()
  const { service, receiver, folder, answer, ask } = hooked
  const jobIds: string[] = []
  for (let index = 0; index < terms.jobs; index++) {
    await env.MEDIA.put(`${folder}${index}.mp4`, 'x')
    const [, made] = await answer('POST', '/api/processing/register-upload', { file_path: `${index}.mp4` })
    jobIds.push((made as { job_id: string }).job_id)
  }
  await hooked.addEndpoint({ events: ['video.updated'] })

  const backAtMs = service.clock.nowMs + DAY_MS
  const taken = new Map<string, string>()
  const byJob = new Map<string, number[]>()
  let takenCount = 0
  receiver.answer = ({ id, event }) => {
    if (service.clock.nowMs < backAtMs) throw new TypeError('connection refused')
    const job = String(event.data['job_id'])
    // The sweep may bring other tests' events, from the database they share.
    if (!jobIds.includes(job)) return new Response('')
    taken.set(id, `${job} ${String(event.data['name'])}`)
    byJob.set(job, [...(byJob.get(job) ?? []), Number(event.data['name'])])
    takenCount += 1
    return new Response('')
  }
  /** Time passes, with the sweep that every five minutes brings; the queue loses and doubles. */
  const pass = async (milliseconds: number): Promise<void> => {
    const end = service.clock.nowMs + milliseconds
    while (service.clock.nowMs < end) {
      const [one] = hooked.reminded
      const luck = chance()
      if (one !== undefined && luck < 0.02) hooked.reminded.shift()
      if (one !== undefined && luck > 0.98) hooked.reminded.push(one)
      await hooked.pass(Math.min(5 * MINUTE_MS, end - service.clock.nowMs))
      await runOften(service.deps)
    }
  }

  const happened: string[] = []
  const perStep = Math.ceil(terms.events / (DAY_MS / (5 * MINUTE_MS)))
  while (happened.length < terms.events) {
    for (let step = 0; step < perStep && happened.length < terms.events; step++) {
      const job = jobIds[happened.length % jobIds.length] ?? ''
      await ask('PATCH', `/api/videos/${job}`, { name: String(happened.length) })
      happened.push(`${job} ${happened.length}`)
    }
    receiver.received.length = 0
    await pass(5 * MINUTE_MS)
  }
  await pass(Math.max(0, backAtMs - service.clock.nowMs))
  await pass(DAY_MS)
  return { happened, taken, takenCount, byJob }
}
