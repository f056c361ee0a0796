// The moments of an analysis as a list, and taking the analysis away.
import { describe, expect, it } from 'vitest'
import { env } from '../support/env.ts'
import { knownCaller } from '../support/known-caller.ts'
import { makeVideo } from '../support/videos.ts'

interface Shown {
  readonly id: string
  readonly content: string
}

async function film(status: 'completed' | 'processing', analysis: unknown) {
  const caller = await knownCaller()
  const { jobId } = await makeVideo({ userId: caller.key.userId, status })
  const key = `${caller.folder}reports/${jobId}.json`
  if (analysis !== undefined) await env.MEDIA.put(key, JSON.stringify(analysis))
  const list = async (query = ''): Promise<readonly [string | null, readonly Shown[]]> => {
    const response = await caller.ask('GET', `/api/videos/${jobId}/segments${query}`)
    return [response.headers.get('Link'), await response.json<Shown[]>()]
  }
  return { ...caller, jobId, key, list }
}

const ANALYSIS = {
  data: {
    scenes: [
      { start_time: 10, end_time: 20, content: 'b', score: 1 },
      { start_time: 0, end_time: 5, content: 'a' },
    ],
    transcript: [{ start_time: 30, content: 'c' }],
  },
}

describe('GET /api/videos/{job_id}/segments', () => {
  it('is every moment by its start, in the documented shape', async () => {
    const { jobId, list } = await film('completed', ANALYSIS)
    const [link, segments] = await list()
    expect(link).toBeNull()
    const [, second] = segments
    expect(segments.map(({ content }) => content)).toEqual(['a', 'b', 'c'])
    expect(second).toEqual({
      id: `${jobId.slice(0, -12)}000000000001`,
      job_id: jobId,
      module: 'scenes',
      content: 'b',
      start_time: 10,
      end_time: 20,
      metadata: { score: 1 },
      created_at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    })
  })

  it.each([
    ['?module=transcript', 'c'],
    ['?module=none', ''],
    ['?from=5&to=9.999', 'a'],
    ['?from=5.001&to=10', 'b'],
    ['?from=30', 'c'],
    ['?from=30.001', ''],
  ])('with %s has %s', async (query, contents) => {
    const { list } = await film('completed', ANALYSIS)
    const [, segments] = await list(query)
    expect(segments.map(({ content }) => content).join('')).toBe(contents)
  })

  it('goes on where a page ended, with the same filters', async () => {
    const { list } = await film('completed', ANALYSIS)
    const ids = (await list())[1].map(({ id }) => id)
    const seen: string[] = []
    let query = '?limit=1&to=15'
    for (let pages = 0; pages < 3; pages++) {
      const [link, page] = await list(query)
      seen.push(...page.map(({ id }) => id))
      if (link === null) break
      query = /segments(\?[^>]*)>/.exec(link)?.[1] ?? ''
    }
    expect(seen).toEqual(ids.slice(0, 2))
  })

  it('is empty without an analysis, and refuses what means nothing', async () => {
    const { list } = await film('completed', undefined)
    expect(await list()).toEqual([null, []])
    expect((await list('?from=2&to=1'))[1]).toEqual({ detail: 'to: must not be before from' })
    expect((await list('?cursor=-'))[1]).toEqual({ detail: 'cursor: is not a cursor of this list' })
    expect((await list('?from=1e3'))[1]).toEqual({ detail: 'from: must be seconds such as 61.5' })
  })
})

describe('DELETE /api/videos/{job_id}/segments', () => {
  it('takes the analysis away, tells of it once, and changes nothing when repeated', async () => {
    const { answer, jobId, key, list } = await film('completed', ANALYSIS)
    for (let times = 0; times < 2; times++) {
      expect(await answer('DELETE', `/api/videos/${jobId}/segments`)).toEqual([
        200,
        { ok: true, message: 'Segments cleared' },
      ])
    }
    expect(await env.MEDIA.head(key)).toBeNull()
    expect(await list()).toEqual([null, []])
    expect(await answer('GET', `/api/videos/${jobId}`)).toMatchObject([200, { status: 'uploaded' }])
    const told = await env.DB.prepare('SELECT type FROM events WHERE resource = ?').bind(jobId).all()
    expect(told.results).toEqual([{ type: 'video.updated' }])
  })

  it('leaves the analysis of a video that is being processed', async () => {
    const { answer, jobId, key } = await film('processing', ANALYSIS)
    expect(await answer('DELETE', `/api/videos/${jobId}/segments`)).toEqual([
      409,
      { detail: 'Video is being processed' },
    ])
    expect(await env.MEDIA.head(key)).not.toBeNull()
  })
})
