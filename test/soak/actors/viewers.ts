// People who watch: they begin a viewing, read its playlists, and take segments whole and in ranges. What they get must be
// what was stored. Some are shown out, and must stay out.
import { createHash, randomBytes } from 'node:crypto'
import { ask, bytesOf } from '../meter.ts'
import type { World } from '../world.ts'
import { oneOf, repeat } from './actor.ts'

export interface SoakFilm {
  readonly jobId: string
  readonly isPrivate: boolean
  readonly segments: ReadonlyMap<string, { readonly byteLength: number; readonly sha256: string }>
}

const SEGMENTS = 12
const SEGMENT_BYTES = 150_000
const ENTRY = '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-STREAM-INF:BANDWIDTH=1000000\nvideo/index.m3u8\n'
const SEGMENTS_A_ROUND = 5

/** A film of random bytes: a gate looks into none of them. */
export async function makeFilm({ ada }: World, isPrivate: boolean): Promise<SoakFilm> {
  const { client } = ada
  const original = await client.upload({
    fileName: `${randomBytes(8).toString('hex')}.mp4`,
    contentType: 'video/mp4',
    body: new Blob([randomBytes(1000)]),
  })
  const { job_id: jobId } = await client.registerUpload({ file_path: original.file_path, duration: SEGMENTS * 4 })
  const segments = new Map<string, { byteLength: number; sha256: string }>()
  const put = async (path: string, contentType: string, content: Buffer): Promise<void> => {
    await client.upload({
      key: `users/${ada.userId}/hls/${jobId}/${path}`,
      contentType,
      body: new Blob([new Uint8Array(content)]),
    })
  }
  for (let i = 0; i < SEGMENTS; i++) {
    const bytes = randomBytes(SEGMENT_BYTES)
    await put(`video/${i}.m4s`, 'video/iso.segment', bytes)
    segments.set(`${i}.m4s`, { byteLength: bytes.byteLength, sha256: hash(bytes) })
  }
  const lines = [...segments.keys()].flatMap((name) => ['#EXTINF:4,', name])
  const media = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-TARGETDURATION:4', ...lines, '#EXT-X-ENDLIST', ''].join('\n')
  await put('video/index.m3u8', 'application/vnd.apple.mpegurl', Buffer.from(media))
  await put('index.m3u8', 'application/vnd.apple.mpegurl', Buffer.from(ENTRY))
  if (isPrivate) await client.updateVideo({ job_id: jobId, playback: 'private' })
  return { jobId, isPrivate, segments }
}

export async function watch(world: World, films: readonly SoakFilm[]): Promise<void> {
  const { meter, service, ada } = world
  await repeat(world, async () => {
    const film = oneOf(films)
    if (film === undefined) return
    const viewer = `viewer-${randomBytes(6).toString('hex')}`
    const entryUrl = await entryOf(world, film, viewer)
    if (entryUrl === undefined) return
    const entry = await meter.call('begin a viewing', async () => await (await ask(entryUrl)).text())
    const [path] = /\/v\/[\w-]{82}\/\S*/.exec(entry ?? '') ?? []
    if (path === undefined) return
    const playlist = await meter.call('media playlist', async () => await (await ask(service.url + path)).text())
    if (playlist === undefined) return
    const folder = service.url + path.slice(0, path.lastIndexOf('/') + 1)
    for (let i = 0; i < SEGMENTS_A_ROUND; i++) await takeSegment(world, film, folder)
    // One in four is shown out, where there is a viewer to show out.
    if (!film.isPrivate || Math.random() > 0.25) return
    const isEnded = await meter.call('end a viewer', () => ada.client.createPlaybackRevocation({ viewer }))
    if (isEnded === undefined) return
    const [name] = film.segments.keys()
    const after = await fetch(folder + name).catch(() => undefined)
    await after?.body?.cancel()
    if (after?.ok === true) meter.wrong('a viewing went on that was ended')
    world.ledger.ended.add(folder + name)
  })
}

async function entryOf({ meter, service, ada }: World, film: SoakFilm, viewer: string): Promise<string | undefined> {
  const address = `${service.url}/api/playback/stream/${film.jobId}/index.m3u8`
  if (!film.isPrivate) return address
  const made = await meter.call('make a token', () => ada.client.createPlaybackToken({ job_id: film.jobId, viewer }))
  return made === undefined ? undefined : `${address}?token=${made.token}`
}

async function takeSegment({ meter }: World, film: SoakFilm, folder: string): Promise<void> {
  const [name, stored] = oneOf([...film.segments]) ?? []
  if (name === undefined || stored === undefined) return
  const isPart = Math.random() < 0.3
  const range = isPart ? { Range: `bytes=0-${stored.byteLength - 1}` } : {}
  const bytes = await meter.call('segment', async () => await bytesOf(await ask(folder + name, { headers: range })))
  if (bytes !== undefined && hash(bytes) !== stored.sha256) meter.wrong('a segment had other bytes than were stored')
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
