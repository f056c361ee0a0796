// What happens to a film between its page and its end, over a day: none dies that should live. Our side has a clock that
// the test holds; the players of test/players play through the same addresses.
import { describe, expect, it } from 'vitest'
import { knownCaller } from '../support/known-caller.ts'
import { EDGE_VARIABLES, PREVIOUS_SECRET, SECRET } from '../support/media.ts'
import { registerSigner } from '../support/playback-tokens.ts'
import { startService, type Service } from '../support/service.ts'
import { makeVideo } from '../support/videos.ts'

const HOUR_MS = 3_600_000
const ENTRY = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=640x360\nlow/v.m3u8\n'
const MEDIA = '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nseg-1.ts\n#EXTINF:6,\nseg-2.ts\n#EXT-X-ENDLIST\n'
const V4 = { 'CF-Connecting-IP': '192.0.2.7' }
const V6 = { 'CF-Connecting-IP': '2001:db8::7' }
const ROTATED = {
  ...EDGE_VARIABLES,
  EDGE_SIGNING_SECRET: PREVIOUS_SECRET,
  EDGE_SIGNING_SECRET_PREVIOUS: SECRET,
}

interface Watched {
  readonly service: Service
  readonly caller: Awaited<ReturnType<typeof knownCaller>>
  /** Of the stream, with the token where there is one. */
  readonly stream: string
  /** As the page has it. */
  readonly page: string
}

/** A film somebody is about to watch; `claims`: of the token of a private one. */
async function watched(claims: Record<string, unknown> | undefined): Promise<Watched> {
  const service = startService(EDGE_VARIABLES)
  const caller = await knownCaller({ service })
  const film = await makeVideo({
    userId: caller.key.userId,
    playback: claims === undefined ? 'on' : 'private',
    durationSeconds: 7200,
  })
  await film.putStreamFile('index.m3u8', ENTRY)
  await film.putStreamFile('low/v.m3u8', MEDIA)
  for (const name of ['seg-1.ts', 'seg-2.ts']) await film.putStreamFile(`low/${name}`, new Uint8Array(188))
  const exp = Math.floor((service.clock.nowMs + 8 * HOUR_MS) / 1000)
  const query =
    claims === undefined
      ? ''
      : `?token=${await (await registerSigner(caller)).sign({ sub: film.jobId, exp, ...claims })}`
  return {
    service,
    caller,
    stream: `/api/playback/stream/${film.jobId}/index.m3u8${query}`,
    page: `/watch/${film.jobId}${query}`,
  }
}

/** The folder of a viewing that begins at this isolate. */
async function begin(service: Service, stream: string): Promise<string> {
  const text = await (await service.request(stream, { headers: V4 })).text()
  return /\/v\/[\w-]{82}\/low\//.exec(text)?.[0] ?? ''
}

const FILMS = [
  ['a private film', {}],
  ['a private film whose viewers are counted', { viewer: 'ada', streams: 1 }],
  ['a private film for one network', { net: ['192.0.2.0/24'], viewer: 'ada' }],
  ['a public film', undefined],
] as const

describe.each(FILMS)('%s', (_, claims) => {
  /** The state of each file that a player asks for next. */
  async function goOn(at: Service, folder: string, headers: Record<string, string> = V4): Promise<number[]> {
    const statuses: number[] = []
    for (const name of ['v.m3u8', 'seg-1.ts', 'seg-2.ts']) {
      const response = await at.request(folder + name, { headers })
      await response.arrayBuffer()
      statuses.push(response.status)
    }
    await at.settle()
    return statuses
  }
  const ALIVE = [200, 200, 200]

  it('begins six hours after its page was opened', async () => {
    const { service, page, stream } = await watched(claims)
    expect((await service.request(page, { headers: V4 })).status).toBe(200)
    service.clock.nowMs += 6 * HOUR_MS
    expect(await goOn(service, await begin(service, stream))).toEqual(ALIVE)
  })

  it('goes on after twelve hours’ pause, elsewhere too', async () => {
    const { service, stream } = await watched(claims)
    const folder = await begin(service, stream)
    const other = startService(EDGE_VARIABLES)
    for (const at of [service, other]) at.clock.nowMs += 12 * HOUR_MS
    expect(await goOn(service, folder)).toEqual(ALIVE)
    expect(await goOn(other, folder)).toEqual(ALIVE)
  })

  it('goes on at another address, of the other kind', async () => {
    const { service, stream } = await watched(claims)
    expect(await goOn(service, await begin(service, stream), V6)).toEqual(ALIVE)
  })

  it('goes on through a rotation of the secret, while old and new isolates take turns', async () => {
    const { service, stream } = await watched(claims)
    const folder = await begin(service, stream)
    const rotated = startService(ROTATED)
    for (const at of [service, rotated, service, rotated]) expect(await goOn(at, folder)).toEqual(ALIVE)
    expect(await goOn(rotated, await begin(rotated, stream))).toEqual(ALIVE)
  })

  it('goes on while its owner changes signing keys', async () => {
    const { service, caller, stream } = await watched(claims)
    const folder = await begin(service, stream)
    await registerSigner(caller, 'ES256')
    service.clock.nowMs += 60_000
    expect(await goOn(service, folder)).toEqual(ALIVE)
    expect(await goOn(service, await begin(service, stream))).toEqual(ALIVE)
  })

  it('goes on in isolates that know nothing of it, one for each file, and all of that in one viewing', async () => {
    const { service, caller, stream } = await watched(claims)
    const folder = await begin(service, stream)
    let nowMs = service.clock.nowMs
    const deaths: string[] = []
    for (const [variables, headers, pauseMs] of [
      [EDGE_VARIABLES, V4, 60_000],
      [EDGE_VARIABLES, V6, 12 * HOUR_MS],
      [ROTATED, V6, 60_000],
      [ROTATED, V4, 6 * HOUR_MS],
    ] as const) {
      await registerSigner(caller)
      nowMs += pauseMs
      const isolate = startService(variables)
      isolate.clock.nowMs = nowMs
      const statuses = await goOn(isolate, folder, headers)
      if (statuses.some((status) => status !== 200)) deaths.push(statuses.join())
    }
    expect(deaths).toEqual([])
  })
})
