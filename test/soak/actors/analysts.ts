// Those who have films analysed: by the engine's own calls through the gate, and by the gate's processing.
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { LynxgateError } from '../../../src/client/error.ts'
import { ask } from '../meter.ts'
import type { World } from '../world.ts'
import { repeat } from './actor.ts'

const LOOK_MS = 2000

/** Uploads to the engine, makes a job, looks at it; another owner must not see it. */
export async function callEngine(world: World): Promise<void> {
  const { meter, ledger, ada, bob, service } = world
  await repeat(world, async () => {
    const form = new FormData()
    form.append('file', new Blob([randomBytes(50_000)], { type: 'video/mp4' }), 'film.mp4')
    const init = { method: 'POST', headers: { Authorization: `Bearer ${bob.rawKey}` }, body: form }
    const video = await meter.call('engine: upload', async () => {
      const response = await ask(`${service.url}/api/v1/videos/upload`, init)
      const { data } = (await response.json()) as { readonly data: { readonly video_id: string } }
      return data.video_id
    })
    if (video === undefined) return
    const made = await meter.call('engine: make a job', () => bob.client.createJob({ video_id: video }))
    if (made === undefined) return
    const id = (made as { data: { job_id: string } }).data.job_id
    ledger.engineJobs.set(id, bob.name)
    await meter.call('engine: look at a job', () => bob.client.getJob({ job_id: id }))
    const foreign = await ada.client.getJob({ job_id: id }).catch((error: unknown) => error)
    if (!(foreign instanceof LynxgateError)) meter.wrong('one owner read another owner’s engine job')
    await setTimeout(LOOK_MS)
  })
}

/** Starts the analysis of a film of its own and follows it to its end. */
export async function analyse(world: World): Promise<void> {
  const { meter, ledger, ada } = world
  const { client } = ada
  await repeat(world, async () => {
    const stored = await meter.call('upload', () =>
      client.upload({
        fileName: `${randomUUID()}.mp4`,
        contentType: 'video/mp4',
        body: new Blob([randomBytes(30_000)]),
      }),
    )
    if (stored === undefined) return
    const video = await meter.call('register', () =>
      client.registerUpload({ file_path: stored.file_path, duration: 24 }),
    )
    if (video === undefined) return
    const run = { asked: 1, begun: 0, ended: undefined as string | undefined }
    ledger.runs.set(video.job_id, run)
    const begun = await meter.call('start processing', () => client.startProcessing({ job_id: video.job_id }))
    if (begun === undefined) return
    run.begun = 1
    while (run.ended === undefined && !world.isOver()) {
      await setTimeout(LOOK_MS)
      const state = await meter.call('look at processing', () => client.getProcessing({ job_id: video.job_id }))
      if (state !== undefined && ['completed', 'failed', 'cancelled'].includes(state.status)) run.ended = state.status
    }
  })
}
