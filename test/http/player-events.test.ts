// POST /v/<session>/events: what players say, and what those say who are none.
import { describe, expect, it } from 'vitest'
import { NO_CALLS } from '../support/counted-bindings.ts'
import { dice } from '../support/analytics/audience.ts'
import { knownCaller } from '../support/known-caller.ts'
import { EDGE_VARIABLES } from '../support/media.ts'
import { registerSigner } from '../support/playback-tokens.ts'
import { startService } from '../support/service.ts'
import { makeVideo } from '../support/videos.ts'

async function scene() {
  const service = startService(EDGE_VARIABLES, { plays: true })
  const caller = await knownCaller({ service })
  const film = await makeVideo({ userId: caller.key.userId, playback: 'private' })
  await film.putStreamFile('index.m3u8', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv.m3u8\n')
  const signer = await registerSigner(caller)
  const begin = async (claims: Record<string, unknown> = {}): Promise<string> => {
    const token = await signer.sign({ sub: film.jobId, ...claims })
    const response = await service.request(`/api/playback/stream/${film.jobId}/index.m3u8?token=${token}`)
    return `${/\/v\/[^/]+\//.exec(await response.text())?.[0] ?? ''}events`
  }
  const say = async (path: string, body: BodyInit, headers: Record<string, string> = {}): Promise<number> =>
    (await service.request(path, { method: 'POST', body, headers })).status
  return { service, caller, film, begin, say }
}

describe('events of a player', () => {
  it('are taken for 204, and for 410 once the viewing is over or where there is none', async () => {
    const { begin, say, caller, film, service } = await scene()
    const [short, long] = [await begin({ max: 30 }), await begin()]
    expect(await say(short, 'e=ps,sta=p')).toBe(204)
    service.clock.nowMs += 30_000
    expect(await say(short, 'e=ps,sta=p')).toBe(410)
    expect(await say(long, 'e=ps,sta=p', { 'Content-Type': 'application/cmcd' })).toBe(204)
    await caller.ask('PATCH', `/api/videos/${film.jobId}`, { playback: 'off' })
    expect(await say(long, 'e=ps,sta=p')).toBe(410)
    expect(await say('/v/none/events', 'e=ps,sta=p')).toBe(410)
  })

  it('cost no call of any store before something can be read, and none once the viewing is known here', async () => {
    const { begin, say, service } = await scene()
    const path = await begin()
    await say(path, 'e=ps,sta=p')
    await service.settle()
    service.reset()
    expect(await say(path, 'e=t,sta=p')).toBe(204)
    expect(await say(path, 'nonsense,,')).toBe(204)
    expect(await say(`${path.slice(0, 20)}x${path.slice(21)}`, 'e=ps,sta=p')).toBe(410)
    expect(service.counts).toEqual(NO_CALLS)
  })

  it('are asked for later, not refused for good, while the database is away or when there are too many', async () => {
    const { begin, say, service } = await scene()
    const path = await begin()
    service.clock.nowMs += 120_000
    service.failing.add('DB')
    expect(await say(path, 'e=ps,sta=p')).toBe(429)
    service.failing.clear()
    service.clock.nowMs += 60_000
    const answers = new Set<number>()
    for (let times = 0; times < 61; times += 1) answers.add(await say(path, 'e=t,sta=p'))
    expect([...answers]).toEqual([204, 429])
    service.clock.nowMs += 60_000
    expect(await say(path, 'e=t,sta=p')).toBe(204)
  })

  it('may be asked for by the players of other sites', async () => {
    const { begin, service } = await scene()
    const preflight = await service.request(await begin(), {
      method: 'OPTIONS',
      headers: {
        Origin: 'https://shop.example',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type',
      },
    })
    expect(preflight.headers.get('Access-Control-Allow-Methods')).toContain('POST')
  })

  it('that are hostile are never a 5xx, ten thousand of them, and leave nothing but bounded sums', async () => {
    const { begin, say, service } = await scene()
    const random = dice(3)
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] ?? (values[0] as T)
    const paths = [await begin(), await begin(), '/v/none/events', `/v/${'A'.repeat(82)}/events`, '/v/%00/events']
    const parts = [
      'e=ps',
      'e=t',
      'sta=p',
      'sta=zz',
      'ts=-1',
      'ts=99999999999999999999',
      'sn=1e9',
      'msd=-5',
      'msd=1',
      '__proto__=1',
      'constructor',
      'ec=("a" "\u0000")',
      'ec=(',
      'bl=((((',
      '"',
      ';;;',
      '\\',
      'pt=0',
      'pt=9007199254740993',
      '\ud83d\ude00',
      'x'.repeat(5000),
      'sid="..%2f"',
      'e="ps"',
      '=',
      ',',
      'e=:AAAA:',
      'a=@1',
      '\u2028',
      'cid="' + '"'.repeat(50),
    ]
    const answers = new Map<number, number>()
    for (let times = 0; times < 10_000; times += 1) {
      if (times % 50 === 0) service.clock.nowMs += 60_000
      const lines = Array.from({ length: 1 + Math.floor(random() * 8) }, () =>
        Array.from({ length: Math.floor(random() * 8) }, () => pick(parts)).join(','),
      )
      const bytes =
        random() < 0.05 ? crypto.getRandomValues(new Uint8Array(300)) : lines.join(pick(['\n', '\r\n', '\r']))
      const status = await say(pick(paths), random() < 0.01 ? 'y'.repeat(17_000) : bytes)
      answers.set(status, (answers.get(status) ?? 0) + 1)
    }
    expect([...answers.keys()].toSorted((one, other) => one - other)).toEqual([204, 410, 413])
    await service.settle()
    const largest = Math.max(...service.plays.map((message) => JSON.stringify(message).length))
    expect(largest).toBeLessThan(100_000)
  }, 60_000)
})
