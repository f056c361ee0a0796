// What may work later is tried again: for as long as an outage lasts, with a word about it, and not a moment too often.
import { createServer, type Server, type ServerResponse } from 'node:http'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createApi } from '../../../src/cli/upload/transfer/api.ts'
import { UploadProblem } from '../../../src/cli/upload/problem.ts'
import { createWaitNotice, Transient, withRetry } from '../../../src/cli/upload/transfer/retry.ts'
import { sendObjects } from '../../../src/cli/upload/transfer/transfer.ts'

const { signal } = new AbortController()

describe('withRetry', () => {
  const terms = { signal, patienceMs: 60_000, firstWaitMs: 0.01 }
  const failing = (times: number, error: () => Error): ((count: number) => Promise<number>) => {
    return async (count) => {
      if (count < times) throw error()
      return count
    }
  }

  it('F43: goes on for as long as its patience lasts, however many tries that are', async () => {
    expect(
      await withRetry(
        failing(12, () => new Transient('not yet')),
        terms,
      ),
    ).toBe(12)
  })

  it('says in the end why not, and at once what will never work', async () => {
    await expect(
      withRetry(
        failing(1, () => new UploadProblem('never')),
        terms,
      ),
    ).rejects.toThrow('never')
    const impatient = { ...terms, patienceMs: 0 }
    await expect(
      withRetry(
        failing(1, () => new Transient('not yet')),
        impatient,
      ),
    ).rejects.toThrow('not yet')
  })

  it('tries so often at least, and no longer than the failure itself allows', async () => {
    const terms2 = { ...terms, patienceMs: 0, leastTries: 3 }
    expect(
      await withRetry(
        failing(2, () => new Transient('x')),
        terms2,
      ),
    ).toBe(2)
    await expect(
      withRetry(
        failing(3, () => new Transient('x')),
        terms2,
      ),
    ).rejects.toThrow('x')
    await expect(
      withRetry(
        failing(1, () => new Transient('x', { patienceMs: 0 })),
        terms,
      ),
    ).rejects.toThrow('x')
  })

  it('does not wait for what is later than its patience', async () => {
    await expect(
      withRetry(
        failing(1, () => new Transient('x', { waitMs: 61_000 })),
        terms,
      ),
    ).rejects.toThrow('x')
  })

  it('stops waiting when it is interrupted', async () => {
    const stop = new AbortController()
    const waiting = withRetry(
      failing(1, () => new Transient('later', { waitMs: 50_000 })),
      { ...terms, signal: stop.signal },
    )
    stop.abort()
    await expect(waiting).rejects.toMatchObject({ exitCode: 130 })
  })
})

describe('createWaitNotice', () => {
  it('F43: says a long wait once, and nothing of short ones', () => {
    const said: string[] = []
    const notice = createWaitNotice((sentence) => said.push(sentence))
    notice('Short.', 1999, 600_000)
    notice('The service cannot answer now: x.', 2000, 570_000)
    notice('The bucket cannot.', 30_000, 30_000)
    expect(said).toEqual(['The service cannot answer now: x. Trying again for 10 minutes; Ctrl-C ends it.'])
  })
})

type Answer = (response: ServerResponse) => void
const json =
  (status: number, body: object, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))
const gone: Answer = (response) => void response.socket?.destroy()

describe('an API that is away', () => {
  let server: Server | undefined
  afterEach(async () => {
    server?.closeAllConnections()
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)))
    server = undefined
  })

  /** Answers call by call, the last one for ever. */
  async function apiThat(answers: readonly Answer[]) {
    let calls = 0
    server = createServer((request, response) => {
      request.resume()
      answers[Math.min(calls++, answers.length - 1)]?.(response)
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
    return { origin, calls: () => calls, api: createApi({ origin, key: 'k', signal, firstWaitMs: 0.01 }) }
  }
  const busy = json(503, { detail: 'Authentication is temporarily unavailable' }, { 'Retry-After': '0' })
  const fine = json(200, { user_id: 'u' })

  it.each([
    ['503 with Retry-After', busy],
    ['429 with Retry-After', json(429, { detail: 'Too many requests' }, { 'Retry-After': '0' })],
    ['503 until a date', json(503, { detail: 'x' }, { 'Retry-After': 'Thu, 01 Jan 1970 00:00:00 GMT' })],
    ['502 of a proxy', (response: ServerResponse) => void response.writeHead(502).end('<html>Bad gateway</html>')],
  ])('F38: is asked again when its first answer is %s', async (_, answer) => {
    const { api, calls } = await apiThat([answer, fine])
    expect(await api.ask((client) => client.getCaller())).toEqual({ user_id: 'u' })
    expect(calls()).toBe(2)
  })

  it('F43: is asked for longer than five tries once it answered', async () => {
    const { api, calls } = await apiThat([fine, ...Array<Answer>(6).fill(gone), ...Array<Answer>(6).fill(busy), fine])
    await api.ask((client) => client.getCaller())
    expect(await api.ask((client) => client.getCaller())).toEqual({ user_id: 'u' })
    expect(calls()).toBe(14)
  })

  it('F38: waits as long as it is asked to', async () => {
    const { api } = await apiThat([json(429, { detail: 'Too many requests.' }, { 'Retry-After': '3600' })])
    await expect(api.ask((client) => client.getCaller())).rejects.toThrow(
      'The service cannot answer now: Too many requests (it asks to come back in 1:00:00).',
    )
  })

  it('is not asked again when it never answered, or says no', async () => {
    const away = await apiThat([gone])
    await expect(away.api.ask((client) => client.getCaller())).rejects.toThrow(
      /cannot be reached: is LYNXGATE_URL right/,
    )
    expect(away.calls()).toBe(1)
    const { api, calls } = await apiThat([json(409, { detail: 'no' })])
    await expect(api.ask((client) => client.getCaller())).rejects.toThrow('The service refuses (409): no')
    expect(calls()).toBe(1)
  })

  it('is given up after a short while when the fault is its own', async () => {
    const waits: number[] = []
    const { origin } = await apiThat([json(500, { detail: 'Server is misconfigured' }, { 'Retry-After': '21' })])
    const api = createApi({ origin, key: 'k', signal, onWait: (_, waitMs) => waits.push(waitMs) })
    await expect(api.ask((client) => client.getCaller())).rejects.toThrow('Server is misconfigured')
    expect(waits).toEqual([])
  })

  it('F38: a film that vanished is said at once, and not taken for a broken connection', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lynxgate-retry-'))
    try {
      const { api, origin } = await apiThat([
        (response) => json(200, { urls: [{ upload_url: `${origin}/put` }] })(response),
      ])
      const path = join(folder, 'film.mp4')
      await writeFile(path, 'x')
      const object = {
        path: join(folder, 'vanished.mp4'),
        key: 'users/u/film.mp4',
        sizeBytes: 1,
        contentType: 'video/mp4',
      }
      const terms = { api, signal, onBytes: () => undefined, firstWaitMs: 0.01 }
      await expect(sendObjects([object], terms)).rejects.toThrow(/does not exist: .*vanished\.mp4/)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
