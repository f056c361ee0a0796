// Requests with sessions that are not what was issued: none is served, and none costs any I/O.
import { describe, expect, it } from 'vitest'
import { decodeBase64url, encodeBase64url } from '../../src/core/bytes.ts'
import { knownCaller } from './known-caller.ts'
import { EDGE_VARIABLES } from './media.ts'
import { registerSigner } from './playback-tokens.ts'
import { startService } from './service.ts'
import { makeVideo } from './videos.ts'

const PATHS = ['low/seg-1.ts', 'low/v.m3u8', 'k.key', 'index.m3u8', '%2e%2e/film.mp4', '..%2ffilm.mp4', '', 'a;b/c']

/** The same ones every time. */
function generator(): (below: number) => number {
  let state = 0x2545f491
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** Tests so many of them: flipped, joined, cut, spelt otherwise, random, and with other paths. */
export function describeForgedSessions(count: number): void {
  describe('sessions that were not issued', () => {
    it(`are refused, every one of ${count.toLocaleString('en')}, before any I/O`, async () => {
      const service = startService(EDGE_VARIABLES, { plays: true })
      const caller = await knownCaller({ service })
      const sessions: string[] = []
      for (const [index, claims] of [{}, { lines: 720 }, { bind: 'prefix' }, { viewer: 'ada', streams: 1 }].entries()) {
        const fileName = `${index}.mp4`
        const film = await makeVideo({ userId: caller.key.userId, playback: 'private', fileName })
        await film.putStreamFile('index.m3u8', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow/v.m3u8\n')
        const signer = await registerSigner(caller)
        const token = await signer.sign({ sub: film.jobId, ...claims })
        const entry = await service.request(`/api/playback/stream/${film.jobId}/index.m3u8?token=${token}`)
        sessions.push(/\/v\/([^/]+)\//.exec(await entry.text())?.[1] ?? '')
      }
      const issued = new Set(sessions)
      const random = generator()
      const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T

      /** One bit of each byte in turn, parts of two, a piece cut off or put on, another spelling of the same bits. */
      const forge = (index: number): string => {
        const text = pick(sessions)
        const bytes = decodeBase64url(text) ?? new Uint8Array(61)
        switch (index % 6) {
          case 0: {
            const changed = bytes.slice()
            const at = Math.floor(index / 6) % 61
            changed[at] = (changed[at] ?? 0) ^ (1 << random(8))
            return encodeBase64url(changed)
          }
          case 1: {
            const cut = 1 + random(80)
            return text.slice(0, cut) + pick(sessions).slice(cut)
          }
          case 2: {
            const changed = bytes.slice()
            const length = 1 + random(16)
            crypto.getRandomValues(changed.subarray(random(61 - length)).subarray(0, length))
            return encodeBase64url(changed)
          }
          case 3:
            return pick([
              text.slice(0, random(82)),
              `${text}A`,
              `${text}=`,
              text.toUpperCase(),
              text.split('').reverse().join(''),
            ])
          case 4: {
            const at = random(82)
            return text.slice(0, at) + pick(['%41', '+', '~', '.', '-', '_', 'A']) + text.slice(at + 1)
          }
          default:
            return encodeBase64url(crypto.getRandomValues(new Uint8Array(61)))
        }
      }

      // Another spelling of the same URL is no forgery: each begins with an A, its version.
      for (const session of sessions) {
        expect((await service.request(`/v/${session.replace(/^A/, '%41')}/index.m3u8`)).status).toBe(200)
      }
      await service.settle()
      service.reset()
      const others: unknown[] = []
      let asked = 0
      for (let index = 0; asked < count; index += 1) {
        const forged = forge(index)
        // Now and then a forgery is what was issued after all, perhaps with a letter percent-encoded: the same URL (RFC 3986
        // §6.2.2.2), known to those alone who hold the session.
        if (issued.has(decodeURIComponent(forged)) || forged === '') continue
        asked += 1
        const path = `/v/${forged}/${pick(PATHS)}`
        const response = await service.request(path)
        const { status } = response
        const detail = (await response.json<{ detail?: string }>()).detail
        if (status !== 403 || detail !== 'Playback session is invalid') others.push([path, status, detail])
      }
      await service.settle()
      expect(others.filter((answer) => !(Array.isArray(answer) && answer[1] === 404))).toEqual([])
      expect(service.counts).toEqual(Object.fromEntries(Object.keys(service.counts).map((name) => [name, 0])))
    })
  })
}
