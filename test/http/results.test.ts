import { describe, expect, it } from 'vitest'
import { env } from '../support/env.ts'
import { knownCaller } from '../support/known-caller.ts'
import { makeVideo } from '../support/videos.ts'

async function analysed(analysis: string | undefined) {
  const caller = await knownCaller()
  const { jobId } = await makeVideo({ userId: caller.key.userId, name: 'The *lynx*' })
  if (analysis !== undefined) await env.MEDIA.put(`${caller.folder}reports/${jobId}.json`, analysis)
  const get = async (query = ''): Promise<Response> => await caller.ask('GET', `/api/results/job/${jobId}${query}`)
  return { jobId, get }
}

const ANALYSIS = {
  success: true,
  data: {
    summary: 'A walk.',
    scenes: [
      { start_time: 61.5, end_time: 70, label: '=HYPERLINK("x")', score: 0.9 },
      { start_time: 2, text: 'a --> b\n\n<b>&' },
      { start: 3, text: 'no start_time' },
      'no entry',
    ],
    segments: [{ module: 'transcript', start_time: 2.0004, end_time: 1, content: 'Hello, "you"' }],
    video: 'taken',
  },
}

describe('GET /api/results/job/{job_id}', () => {
  it('is the video, the moments by their start, and every module under its name', async () => {
    const { jobId, get } = await analysed(JSON.stringify(ANALYSIS))
    const response = await get()
    expect(response.headers.get('Content-Disposition')).toBeNull()
    const body = await response.json<Record<string, unknown>>()
    expect(Object.keys(body)).toEqual(['video', 'segments', 'summary', 'scenes'])
    expect(body).toMatchObject({ video: { job_id: jobId }, summary: 'A walk.', scenes: ANALYSIS.data.scenes })
    expect(body['segments']).toEqual([
      { module: 'scenes', content: 'a --> b\n\n<b>&', start_time: 2, end_time: null, metadata: {} },
      { module: 'transcript', content: 'Hello, "you"', start_time: 2.0004, end_time: null, metadata: {} },
      { module: 'scenes', content: '=HYPERLINK("x")', start_time: 61.5, end_time: 70, metadata: { score: 0.9 } },
    ])
  })

  it('is a table that no spreadsheet runs', async () => {
    const { jobId, get } = await analysed(JSON.stringify(ANALYSIS))
    const response = await get('?format=csv')
    expect(response.headers.get('Content-Type')).toBe('text/csv; charset=utf-8')
    expect(response.headers.get('Content-Disposition')).toBe(`attachment; filename="${jobId}.csv"`)
    expect(await response.text()).toBe(
      [
        'start_time,end_time,module,content',
        '2,,scenes,"a --> b\n\n<b>&"',
        '2.0004,,transcript,"Hello, ""you"""',
        `61.5,70,scenes,"'=HYPERLINK(""x"")"`,
        '',
      ].join('\r\n'),
    )
  })

  it('is subtitles, a cue a moment', async () => {
    const { get } = await analysed(JSON.stringify(ANALYSIS))
    expect(await (await get('?format=vtt')).text()).toBe(
      'WEBVTT\n\n00:00:02.000 --> 00:00:05.000\na --&gt; b &lt;b&gt;&amp;\n\n' +
        '00:00:02.000 --> 00:00:05.000\nHello, "you"\n\n00:01:01.500 --> 00:01:10.000\n=HYPERLINK("x")\n',
    )
  })

  it('is notes, in which nothing is markup', async () => {
    const { get } = await analysed(JSON.stringify(ANALYSIS))
    expect(await (await get('?format=md')).text()).toBe(
      '# The \\*lynx\\*\n\n## scenes\n\n- **00:00:02** a \\-\\-\\> b \\<b\\>\\&\n' +
        '- **00:01:01** =HYPERLINK\\("x"\\)\n\n## transcript\n\n- **00:00:02** Hello, "you"\n',
    )
  })

  it.each([
    [undefined, 'Video has no results'],
    ['{', 'Results of this video cannot be read'],
    [`[${'[],'.repeat(100_001)}1]`, 'Results of this video cannot be read'],
  ])('is a 404 for the analysis %.10s', async (analysis, detail) => {
    const { get } = await analysed(analysis)
    const response = await get()
    expect([response.status, await response.json()]).toEqual([404, { detail }])
  })

  it.each([
    '[]',
    '5',
    '{"__proto__":[{"start_time":1}],"constructor":1}',
    '{"a":[{"start_time":1e9},{"start_time":-1}]}',
  ])('takes any JSON: %s', async (analysis) => {
    const { get } = await analysed(analysis)
    for (const format of ['json', 'csv', 'vtt', 'md']) expect((await get(`?format=${format}`)).status).toBe(200)
  })
})
