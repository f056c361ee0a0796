// Owners with a key and with sessions: uploads, videos, keys, shared reports; and one who tries what is another's.
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { ask, bytesOf } from '../meter.ts'
import type { World } from '../world.ts'
import { oneOf, repeat } from './actor.ts'

/** Of one link; a film has a thousand links at most. */
const VIEWS = 50
const PAUSE_MS = 200
/** A user has a hundred live keys at most. */
const MOST_KEYS = 60

/** Uploads, registers, reads back, and mostly deletes. */
export async function upload(world: World): Promise<void> {
  const { meter, ledger, ada } = world
  const { client } = ada
  await repeat(world, async () => {
    const name = randomUUID()
    const bytes = randomBytes(20_000 + Math.floor(Math.random() * 200_000))
    const stored = await meter.call('upload', () =>
      client.upload({ fileName: `${name}.mp4`, contentType: 'video/mp4', body: new Blob([bytes]) }),
    )
    if (stored === undefined) return
    const video = {
      state: 'either' as 'either' | 'there' | 'gone',
      jobId: undefined as string | undefined,
      storageKey: stored.file_path,
    }
    ledger.videos.set(name, video)
    const registered = await meter.call('register', () =>
      client.registerUpload({ file_path: stored.file_path, file_name: name }),
    )
    if (registered === undefined) return
    Object.assign(video, { state: 'there', jobId: registered.job_id })
    const address = await meter.call('download URL', () => client.createDownloadUrl({ key: stored.file_path }))
    if (address !== undefined) {
      const read = await meter.call('download', async () => await bytesOf(await ask(address.url)))
      if (read !== undefined && hash(read) !== hash(bytes)) meter.wrong('an object had other bytes than were sent')
    }
    if (Math.random() < 0.3) return
    video.state = 'either'
    const deleted = await meter.call('delete', () => client.deleteVideo({ job_id: registered.job_id, files: 'true' }))
    if (deleted !== undefined) video.state = 'gone'
  })
}

/** Makes keys, uses them at once, and ends most of them. */
export async function turnKeys(world: World): Promise<void> {
  const { meter, ledger, ada, service } = world
  const useOf = async (rawKey: string): Promise<number> => {
    const response = await fetch(`${service.url}/api/me`, { headers: { Authorization: rawKey } })
    await response.body?.cancel()
    return response.status
  }
  await repeat(world, async () => {
    const made = await meter.call('make a key', () =>
      ada.client.createApiKey({ name: randomUUID(), scopes: ['videos:read'] }),
    )
    if (made === undefined) return
    const promise = { state: 'there' as 'there' | 'gone' | 'either', id: made.id }
    ledger.keys.set(made.raw_key, promise)
    await meter.call(
      'a new key',
      async () => await ask(`${service.url}/api/me`, { headers: { Authorization: made.raw_key } }),
    )
    if (Math.random() < 0.2 && keptKeys(world) <= MOST_KEYS) return
    promise.state = 'either'
    const gone = await meter.call('delete a key', () => ada.client.deleteApiKey({ key_id: made.id }))
    if (gone === undefined) return
    promise.state = 'gone'
    const status = await useOf(made.raw_key).catch(() => undefined)
    if (status === 200) meter.wrong('a key was taken that had been deleted')
  })
}

/** Those that may still be there. */
function keptKeys({ ledger }: World): number {
  return [...ledger.keys.values()].filter(({ state }) => state !== 'gone').length
}

/** Asks with sessions, and after things that belong to somebody else. */
export async function lookAround(world: World): Promise<void> {
  const { meter, ada, bob, service } = world
  await repeat(world, async () => {
    const headers = { Authorization: `Bearer ${await bob.token()}` }
    const me = await meter.call('who am I', async () => await (await ask(`${service.url}/api/me`, { headers })).json())
    if (me !== undefined && (me as { user_id: string }).user_id !== bob.userId)
      meter.wrong('a session was another person’s')
    const page = await meter.call('list videos', () => ada.client.videoPage({ limit: 20 }))
    const foreign = oneOf(page?.videos ?? [])
    if (foreign === undefined) return
    const address = `${service.url}/api/videos/${foreign.job_id}`
    const response = await fetch(address, { headers }).catch(() => undefined)
    await response?.body?.cancel()
    if (response?.ok === true) meter.wrong('one owner read another owner’s video')
  })
}

/** Shares a film and looks at it as those do who got the link. */
export async function share(world: World, jobId: string): Promise<void> {
  const { meter, ledger, ada, service } = world
  await repeat(world, async () => {
    const report = await meter.call('share', () => ada.client.createSharedReport({ video_id: jobId }))
    if (report === undefined) return
    const views = { counted: 0, asked: 0 }
    ledger.views.set(report.share_hash, views)
    for (let i = 0; i < VIEWS && !world.isOver(); i++) {
      await setTimeout(Math.random() * PAUSE_MS)
      views.asked += 1
      const askedAtMs = Date.now()
      const seen = await meter.call('shared report', async () => {
        const response = await ask(`${service.url}/api/shared-reports/${report.share_hash}`)
        await bytesOf(response)
        return response.status
      })
      // What is counted after the answer goes with a process that is killed, and with a store that is away.
      if (seen !== undefined && world.weather.during(askedAtMs, Date.now()).size === 0) views.counted += 1
    }
  })
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
