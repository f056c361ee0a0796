// The watch page waits for a film that is still being prepared, without being a burden while it does.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { untilReady } from '../../../src/web/player/readiness.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Waits by a clock of the test's own; when the film was asked for, in seconds, and how. */
async function wait(answers: readonly (Response | Error)[]): Promise<{ at: number[]; methods: unknown[] }> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] })
  const beganMs = Date.now()
  const seen: { at: number[]; methods: unknown[] } = { at: [], methods: [] }
  vi.stubGlobal('fetch', async (_address: string, init: RequestInit) => {
    seen.at.push((Date.now() - beganMs) / 1000)
    seen.methods.push(init.method)
    const answer = answers[seen.at.length - 1]
    if (answer instanceof Response) return answer
    throw answer ?? new Error('asked more often than there are answers')
  })
  const ready = untilReady(() => '/film')
  for (const _ of answers) await vi.advanceTimersByTimeAsync(30_000)
  await ready
  return seen
}

const notYet = (): Response => new Response(null, { status: 404 })

describe('untilReady', () => {
  it('asks less and less often, for the head alone, until the film is there', async () => {
    const { at, methods } = await wait([...Array.from({ length: 7 }, notYet), new Response(null)])
    expect(at).toEqual([2, 5, 10, 18, 33, 63, 93, 123])
    expect(new Set(methods)).toEqual(new Set(['HEAD']))
  })

  it('goes on where the network fails meanwhile', async () => {
    expect((await wait([new TypeError('offline'), notYet(), new Response(null)])).at).toEqual([2, 5, 10])
  })
})
