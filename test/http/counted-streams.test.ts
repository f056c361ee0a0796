// `streams` of a playback token: how many viewings of a viewer run at once, decided by a real Durable Object.
import { describe, expect, it } from 'vitest'
import { knownCaller } from '../support/known-caller.ts'
import { EDGE_VARIABLES } from '../support/media.ts'
import { registerSigner } from '../support/playback-tokens.ts'
import { startService, type Service } from '../support/service.ts'
import { makeVideo } from '../support/videos.ts'

const ENDED = [403, 'Playback session has ended']
const FULL = [403, 'Too many streams at once']

async function scene(options: { streams?: boolean } = {}) {
  const service = startService(EDGE_VARIABLES, options)
  const caller = await knownCaller({ service })
  const film = await makeVideo({ userId: caller.key.userId, playback: 'private', durationSeconds: 7200 })
  await film.putStreamFile('index.m3u8', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow/v.m3u8\n')
  await film.putStreamFile('low/seg-1.ts', new Uint8Array(188))
  const signer = await registerSigner(caller)
  const token = async (claims: Record<string, unknown> = {}) =>
    await signer.sign({ sub: film.jobId, viewer: 'ada', streams: 2, ...claims })
  const open = async (given: string, at: Service = service) =>
    await at.request(`/api/playback/stream/${film.jobId}/index.m3u8?token=${given}`)
  return {
    service,
    token,
    open,
    /** The path of a segment of a new viewing. */
    begin: async (claims?: Record<string, unknown>, at?: Service): Promise<string> => {
      const text = await (await open(await token(claims), at)).text()
      const [prefix] = /\/v\/[^/]+\//.exec(text) ?? []
      if (prefix === undefined) throw new Error(`no viewing: ${text}`)
      return `${prefix}low/seg-1.ts`
    },
  }
}

async function detailOf(response: Response): Promise<[number, unknown]> {
  const { status } = response
  return [status, status === 200 ? 'served' : (await response.json<{ detail: string }>()).detail]
}

async function drained(service: Service, path: string): Promise<[number, unknown]> {
  const answer = await detailOf(await service.request(path))
  await service.settle()
  return answer
}

describe('streams of a viewer', () => {
  it('end the oldest for the newest: within 30 seconds where it was served, at once elsewhere', async () => {
    const { begin, service } = await scene()
    const first = await begin()
    const [second, third] = [await begin(), await begin()]
    const other = startService(EDGE_VARIABLES)
    expect(await drained(other, first)).toEqual(ENDED)
    service.clock.nowMs += 19_000
    for (const path of [first, second, third]) expect(await drained(service, path)).toEqual([200, 'served'])
    service.clock.nowMs += 11_000
    expect(await drained(service, first)).toEqual(ENDED)
    for (const path of [second, third]) expect(await drained(service, path)).toEqual([200, 'served'])
  })

  it('are refused instead when the token says so, and a crashed one frees its place by itself', async () => {
    const { begin, open, token, service } = await scene()
    const refusing = { streams: 1, streams_rule: 'refuse' }
    const first = await begin(refusing)
    expect(await detailOf(await open(await token(refusing)))).toEqual(FULL)
    service.clock.nowMs += 89_000
    expect(await detailOf(await open(await token(refusing)))).toEqual(FULL)
    service.clock.nowMs += 1000
    expect((await open(await token(refusing))).status).toBe(200)
    // It crashed and came back after all: its place is another's now.
    expect(await drained(service, first)).toEqual(ENDED)
  })

  it('begin exactly as many as the token says, of thirty at once that would be refused', async () => {
    const { open, token } = await scene()
    const given = await token({ streams: 3, streams_rule: 'refuse' })
    const answers = await Promise.all(Array.from({ length: 30 }, async () => (await open(given)).status))
    expect(answers.filter((status) => status === 200)).toHaveLength(3)
    expect(answers.filter((status) => status === 403)).toHaveLength(27)
  })

  it('keep their places by playing, for which a warm segment costs no I/O', async () => {
    const { begin, service, open, token } = await scene()
    const path = await begin({ streams: 1, streams_rule: 'refuse' })
    await drained(service, path)
    let asked = 0
    for (let seconds = 6; seconds <= 600; seconds += 6) {
      service.clock.nowMs += 6000
      service.reset()
      expect((await service.request(path)).status).toBe(200)
      // The answer waits for none of it.
      await service.settle()
      asked += service.counts.streams
    }
    expect(asked).toBe(600 / 24)
    service.reset()
    expect((await service.request(path)).status).toBe(200)
    expect(service.counts).toMatchObject({ d1Reads: 0, d1Writes: 0, kvReads: 0, r2Reads: 0, streams: 0 })
    expect(await detailOf(await open(await token({ streams: 1, streams_rule: 'refuse' })))).toEqual(FULL)
  })

  it('go on after a night’s pause while there is a place for them', async () => {
    const { begin, service } = await scene()
    const path = await begin()
    service.clock.nowMs += 12 * 3_600_000
    await begin()
    expect(await drained(service, path)).toEqual([200, 'served'])
    service.clock.nowMs += 6 * 3_600_000
    await begin()
    await begin()
    expect(await drained(service, path)).toEqual(ENDED)
  })

  it('are counted for each viewer of each owner alone', async () => {
    const { begin, service } = await scene()
    const bystander = await scene()
    const [mine, theirs] = [await begin({ streams: 1 }), await bystander.begin({ streams: 1 })]
    const eve = await begin({ streams: 1, viewer: 'eve' })
    await begin({ streams: 1 })
    service.clock.nowMs += 30_000
    bystander.service.clock.nowMs += 30_000
    expect(await drained(service, mine)).toEqual(ENDED)
    expect(await drained(service, eve)).toEqual([200, 'served'])
    expect(await drained(bystander.service, theirs)).toEqual([200, 'served'])
  })

  it('end none for a token that is used up, and take no place for it', async () => {
    const { begin, open, token, service } = await scene()
    const path = await begin({ streams: 1 })
    const used = await token({ streams: 1, jti: 'a', uses: 1, viewer: 'other' })
    await open(used)
    for (const rule of ['replace', 'refuse']) {
      const spent = await token({ streams: 1, jti: 'a', uses: 1, streams_rule: rule, viewer: 'ada' })
      expect(await detailOf(await open(spent))).toEqual([
        403,
        rule === 'replace' ? 'Playback token was already used' : FULL[1],
      ])
      service.clock.nowMs += 15_000
      expect(await drained(service, path)).toEqual([200, 'served'])
    }
    const empty = { streams: 1, streams_rule: 'refuse', viewer: 'bob' }
    expect((await open(await token({ ...empty, jti: 'a', uses: 1 }))).status).toBe(403)
    expect((await open(await token(empty))).status).toBe(200)
  })

  it('go on for a minute while the counter is down, and none begins', async () => {
    const { begin, open, token, service } = await scene()
    const path = await begin()
    const away = [503, 'Playback is temporarily unavailable']
    service.failing.add('STREAMS')
    service.clock.nowMs += 50_000
    expect(await drained(service, path)).toEqual([200, 'served'])
    expect(await detailOf(await open(await token()))).toEqual(away)
    service.clock.nowMs += 10_000
    expect(await drained(service, path)).toEqual(away)
    service.failing.clear()
    expect(await drained(service, path)).toEqual([200, 'served'])
  })

  it('cannot be counted without the binding, which is said', async () => {
    const { open, token } = await scene({ streams: false })
    expect(await detailOf(await open(await token()))).toEqual([
      503,
      'Counting streams needs a binding that is not there',
    ])
  })

  it('never play one too many for longer than 30 seconds, whatever begins, pauses, crashes and comes back', async () => {
    const { begin, service } = await scene()
    const isolates = [service, startService(EDGE_VARIABLES), startService(EDGE_VARIABLES)]
    let seed = 42
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return Math.floor((seed / 2 ** 31) * below)
    }
    let players: { path: string; servedMs: number }[] = []
    let crowdedSinceMs: number | undefined
    let begun = 0
    for (let step = 0; step < 120; step += 1) {
      const stepMs = 1000 + random(9000)
      for (const isolate of isolates) isolate.clock.nowMs += stepMs
      const nowMs = service.clock.nowMs
      if (random(4) === 0) {
        players.push({ path: await begin({}, isolates[random(3)]), servedMs: nowMs })
        begun += 1
      }
      const ended = new Set<string>()
      for (const player of players) {
        // Some of them pause for a while, or never come back.
        if (random(3) === 0) continue
        const [status] = await drained(isolates[random(3)] ?? service, player.path)
        if (status === 200) player.servedMs = nowMs
        else ended.add(player.path)
      }
      players = players.filter(({ path }) => !ended.has(path))
      const playing = players.filter(({ servedMs }) => nowMs === servedMs).length
      crowdedSinceMs = playing > 2 ? (crowdedSinceMs ?? nowMs) : undefined
      expect(nowMs - (crowdedSinceMs ?? nowMs)).toBeLessThanOrEqual(30_000)
    }
    expect(begun).toBeGreaterThan(20)
  })
})
