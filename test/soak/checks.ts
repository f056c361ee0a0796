// What must hold when the load is over and everything had the time to settle: nothing lost, doubled, leaked or left behind.
import { setTimeout } from 'node:timers/promises'
import type { Result } from '../../src/client/client.ts'
import { NO_FAULTS } from './faults.ts'
import type { World } from './world.ts'

/** As long as a receiver that was away may have to wait for the next try, and then some. */
const SETTLE_MS = 180_000
const LOOK_MS = 3000
/** What was begun in the last disturbance is over then. */
const AFTERMATH_MS = 15_000
/** What made no step for a quarter of an hour is begun again. */
const PASSED_MS = 20 * 60_000

export interface Check {
  readonly what: string
  /** Empty when it holds. */
  readonly broken: readonly string[]
}

/** `sharedJobId`: of the film whose shared reports were looked at. */
export async function checkAll(world: World, sharedJobId: string): Promise<readonly Check[]> {
  await settle(world)
  return [
    await videosAsPromised(world),
    await objectsAsPromised(world),
    await keysAsPromised(world),
    await engineJobsAsPromised(world),
    await runsEnded(world),
    viewsCounted(world, await world.ada.client.listSharedReports({ job_id: sharedJobId })),
    eventsTold(world),
    await viewingsEnded(world),
  ]
}

/** Until no run and no event is on its way any more; the time in which lost ones are looked for passes at once. */
async function settle(world: World): Promise<void> {
  await setTimeout(AFTERMATH_MS)
  await world.service.tell({ ...NO_FAULTS, clockMs: PASSED_MS })
  const endMs = Date.now() + SETTLE_MS
  while (Date.now() < endMs) {
    const runs = await world.ada.client.getDashboard()
    if (runs.counts.running_jobs === 0 && missingEvents(world).length === 0) return
    await setTimeout(LOOK_MS)
  }
}

async function videosAsPromised({ ada, ledger }: World): Promise<Check> {
  const found = new Map<string, number>()
  for await (const { name } of ada.client.eachVideo()) found.set(name, (found.get(name) ?? 0) + 1)
  const broken = [...ledger.videos].flatMap(([name, { state }]) => {
    const times = found.get(name) ?? 0
    if (times > 1) return [`${name} is there ${times} times`]
    if (state === 'there' && times === 0) return [`${name} was registered and is not there`]
    return state === 'gone' && times === 1 ? [`${name} was deleted and is there`] : []
  })
  return { what: `${ledger.videos.size} videos: none lost, doubled or back`, broken }
}

async function objectsAsPromised({ ada, ledger }: World): Promise<Check> {
  const keys = new Set<string>()
  for await (const { key } of ada.client.eachFile()) keys.add(key)
  const broken = [...ledger.videos.values()].flatMap(({ state, storageKey }) => {
    if (state === 'there' && !keys.has(storageKey)) return [`${storageKey} is lost`]
    return state === 'gone' && keys.has(storageKey) ? [`${storageKey} was left behind`] : []
  })
  const parts = await ada.client.getMultipartUploads()
  if ('uploads' in parts && parts.uploads.length > 0) broken.push(`${parts.uploads.length} uploads in parts are open`)
  return { what: `${keys.size} objects: none lost or left behind`, broken }
}

async function keysAsPromised({ service, ledger }: World): Promise<Check> {
  const broken: string[] = []
  for (const [rawKey, { state, id }] of ledger.keys) {
    if (state === 'either') continue
    const response = await fetch(`${service.url}/api/me`, { headers: { Authorization: rawKey } })
    await response.body?.cancel()
    if (response.status !== (state === 'there' ? 200 : 401))
      broken.push(`key ${id} is ${state} and answers ${response.status}`)
  }
  return { what: `${ledger.keys.size} API keys: as they were left`, broken }
}

/** Each job that was acknowledged is its owner's, and the engine made no two for one run. */
async function engineJobsAsPromised({ engineUrl, ledger, bob }: World): Promise<Check> {
  const broken: string[] = []
  for (const id of ledger.engineJobs.keys()) {
    const isThere = await bob.client.getJob({ job_id: id }).then(
      () => true,
      () => false,
    )
    if (!isThere) broken.push(`engine job ${id} is not its owner’s any more`)
  }
  const response = await fetch(`${engineUrl}/api/v1/jobs?page_size=100000`)
  const { data } = (await response.json()) as { data: { jobs: readonly { video_id: string }[] } }
  const byVideo = new Map<string, number>()
  for (const { video_id: id } of data.jobs) byVideo.set(id, (byVideo.get(id) ?? 0) + 1)
  for (const [id, times] of byVideo) if (times > 1) broken.push(`the engine made ${times} jobs of ${id}`)
  return { what: `${data.jobs.length} engine jobs: none lost or doubled`, broken }
}

async function runsEnded({ ada, ledger }: World): Promise<Check> {
  const broken: string[] = []
  for (const [jobId, run] of ledger.runs) {
    const { status } = await ada.client.getProcessing({ job_id: jobId }).catch(() => ({ status: 'never begun' }))
    const isOver = ['completed', 'failed', 'cancelled'].includes(status)
    if (run.begun > 0 && !isOver) broken.push(`the run of ${jobId} is ${status}`)
    if (run.ended !== undefined && run.ended !== status)
      broken.push(`the run of ${jobId} was ${run.ended} and is ${status}`)
  }
  return { what: `${ledger.runs.size} analyses: each came to an end, and stayed there`, broken }
}

type Report = Result<'listSharedReports'>[number]

function viewsCounted({ ledger }: World, all: readonly Report[]): Check {
  const broken = [...ledger.views].flatMap(([hash, { counted, asked }]) => {
    const views = all.find(({ share_hash: own }) => own === hash)?.view_count
    if (views === undefined) return [`the shared report ${hash} is lost`]
    return views >= counted && views <= asked ? [] : [`${hash} counts ${views} views of ${counted} to ${asked}`]
  })
  return { what: `${ledger.views.size} shared reports: views counted once each`, broken }
}

function missingEvents({ receiver, ledger }: World): string[] {
  const told = (type: string): Set<unknown> =>
    new Set([...receiver.events.values()].filter((event) => event.type === type).map(({ data }) => data['job_id']))
  const [registered, deleted] = [told('video.registered'), told('video.deleted')]
  return [...ledger.videos.values()].flatMap(({ jobId, state }) => {
    if (jobId === undefined) return []
    const missing = registered.has(jobId) ? [] : [`video.registered of ${jobId}`]
    return state === 'gone' && !deleted.has(jobId) ? [...missing, `video.deleted of ${jobId}`] : missing
  })
}

function eventsTold(world: World): Check {
  const { events, forged } = world.receiver
  const broken = missingEvents(world).map((event) => `${event} never came`)
  const once = new Map<string, number>()
  for (const { type, data } of events.values()) {
    if (!/^video\.(?:registered|deleted)$/.test(type)) continue
    const key = `${type} of ${String(data['job_id'])}`
    once.set(key, (once.get(key) ?? 0) + 1)
  }
  for (const [event, times] of once) if (times > 1) broken.push(`${event} happened ${times} times`)
  if (forged > 0) broken.push(`${forged} deliveries had a wrong signature`)
  const again = [...events.values()].filter(({ times }) => times > 1).length
  return { what: `${events.size} events: none lost or made twice; ${again} delivered more than once`, broken }
}

async function viewingsEnded({ ledger }: World): Promise<Check> {
  const broken: string[] = []
  for (const url of ledger.ended) {
    const response = await fetch(url)
    await response.body?.cancel()
    if (response.ok) broken.push('a viewing goes on that was ended')
  }
  return { what: `${ledger.ended.size} ended viewings: none goes on`, broken }
}
