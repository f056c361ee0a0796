import { describe, expect, it } from 'vitest'
import { contract } from '../../src/api/contract.ts'
import type { Operation } from '../../src/api/operation.ts'
import { knownCaller } from '../support/known-caller.ts'
import { EDGE_VARIABLES } from '../support/media.ts'
import { ORIGIN, startService } from '../support/service.ts'
import { makeVideo } from '../support/videos.ts'

describe('/', () => {
  it('says what this is and offers the demo film where there is one', async () => {
    const plain = await (await startService().request('/')).text()
    expect(plain).toContain('lynxgate')
    expect(plain).not.toContain('/watch/')
    const local = await (await startService({ DEMO_JOB_ID: 'demo-id' }).request('/')).text()
    expect(local).toContain('href="/watch/demo-id"')
  })
})

describe('/docs', () => {
  it('shows the description of the API, and asks nothing', async () => {
    const service = startService()
    const response = await service.request('/docs')
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('data-description="/api/openapi.json"')
    expect(service.counts).toMatchObject({ d1Reads: 0, kvReads: 0, r2Reads: 0 })
  })
})

describe('/llms.txt', () => {
  it('tells every operation in a line, with absolute links', async () => {
    const response = await startService().request('/llms.txt')
    expect(response.headers.get('Content-Type')).toBe('text/plain; charset=utf-8')
    expect(response.headers.get('Cache-Control')).toBe('public, max-age=300')
    const text = await response.text()
    for (const [id, { route }] of Object.entries<Operation>(contract)) expect(text).toContain(`- \`${route}\` (${id}; `)
    expect(text).toContain(`(${ORIGIN}/api/openapi.json)`)
    expect(text).toContain('(updateVideo; scope videos:write)')
  })
})

describe('/watch/{job_id}', () => {
  it('shows a film that is ready, with one read each of database and storage', async () => {
    const video = await makeVideo({ name: 'Our film' })
    await video.putStreamFile('index.m3u8', '#EXTM3U\n')
    const service = startService()
    const response = await service.request(`/watch/${video.jobId}`)
    expect(response.status).toBe(200)
    const text = await response.text()
    expect(text).toContain('<h1>Our film</h1>')
    expect(text).toContain(`data-stream="/api/playback/stream/${video.jobId}/index.m3u8"`)
    expect(text).toContain('data-state="ready"')
    expect(service.counts).toMatchObject({ d1Reads: 1, r2Reads: 1 })
  })

  /** The page of a film without a stream. */
  async function watch(fields: Parameters<typeof makeVideo>[0]): Promise<{ jobId: string; text: string }> {
    const { jobId } = await makeVideo(fields)
    return { jobId, text: await (await startService().request(`/watch/${jobId}`)).text() }
  }

  it.each(['queued', 'processing'] as const)('F6: says that a film is being prepared when it is %s', async (status) => {
    const { text } = await watch({ status })
    expect(text).toContain('data-state="not-ready"')
    expect(text).toContain('This film is still being prepared.')
    expect(text).not.toContain('data-original')
  })

  it.each(['uploaded', 'completed', 'failed'] as const)(
    'F6: plays the original of a film without a stream that is %s',
    async (status) => {
      const { jobId, text } = await watch({ status })
      expect(text).toContain(`data-original="/api/playback/direct?job_id=${jobId}"`)
      expect(text).toContain('data-state="ready"')
      expect(text).toContain(`<source src="/api/playback/direct?job_id=${jobId}" />`)
      expect(text).not.toContain('data-stream')
      expect(text).not.toContain('being prepared')
      expect(text.includes('Preparing this film failed')).toBe(status === 'failed')
    },
  )

  it.each([
    ['uploaded', 'This film cannot be played in a browser.'],
    ['completed', 'This film cannot be played in a browser.'],
    ['failed', 'Preparing this film failed.'],
  ] as const)('F6: says so of a film that is %s and no browser plays', async (status, words) => {
    const { jobId, text } = await watch({ status, fileName: 'film.avi' })
    expect(text).toContain(words)
    expect(text).toContain(`href="/api/playback/direct?job_id=${jobId}&amp;download=1"`)
    expect(text).not.toContain('<video')
    expect(text).not.toContain('being prepared')
  })

  it('F6: plays a stream whatever the status says', async () => {
    for (const status of ['uploaded', 'queued', 'processing', 'failed'] as const) {
      const video = await makeVideo({ status })
      await video.putStreamFile('index.m3u8', '#EXTM3U\n')
      const text = await (await startService().request(`/watch/${video.jobId}`)).text()
      expect(text).toContain('data-stream="')
      expect(text).toContain('data-state="ready"')
      expect(text).not.toContain('failed')
    }
  })

  it('F6: shows a private film’s original to those alone whose token is for downloads', async () => {
    const service = startService(EDGE_VARIABLES)
    const caller = await knownCaller({ service })
    const { jobId } = await makeVideo({ userId: caller.key.userId, playback: 'private', status: 'uploaded' })
    const open = async (aud: string[]): Promise<string> => {
      const [, made] = await caller.answer('POST', '/api/playback/tokens', { job_id: jobId, aud })
      const { token } = made as { token: string }
      return await (await service.request(`/watch/${jobId}?token=${token}`)).text()
    }
    expect(await open(['stream', 'download'])).toContain(
      `data-original="/api/playback/direct?job_id=${jobId}&amp;token=`,
    )
    const streamOnly = await open(['stream'])
    expect(streamOnly).toContain('This film cannot be played in a browser.')
    expect(streamOnly).not.toContain('download=1')
    expect(streamOnly).not.toContain('data-original')
  })

  it('escapes what a customer wrote', async () => {
    const { jobId } = await makeVideo({ name: `"><script>alert('x')</script>` })
    const text = await (await startService().request(`/watch/${jobId}`)).text()
    expect(text).not.toContain('<script>alert')
    expect(text).toContain('&lt;script&gt;')
  })

  it.each(['none', crypto.randomUUID(), 'a/b'])('is a page with a way home when the link is wrong: %s', async (id) => {
    const response = await startService().request(`/watch/${id}`)
    expect(response.status).toBe(404)
    expect(response.headers.get('Content-Type')).toContain('text/html')
    expect(await response.text()).toContain('href="/"')
  })
})

describe('every page', () => {
  it.each(['/', '/docs', '/watch/none'])('is strict about what it loads: %s', async (path) => {
    const response = await startService().request(path)
    const policy = response.headers.get('Content-Security-Policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).not.toContain('unsafe')
    expect(response.headers.get('Referrer-Policy')).toBe('no-referrer')
    expect(response.headers.get('X-Robots-Tag')).toBe('noindex')
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff')
  })

  it('may fetch media from the storage endpoint and nowhere else', async () => {
    const { jobId } = await makeVideo()
    const response = await startService().request(`/watch/${jobId}`)
    expect(response.headers.get('Content-Security-Policy')).toContain("connect-src 'self' https://storage.example.com;")
  })
})
