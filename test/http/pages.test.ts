import { describe, expect, it } from 'vitest'
import { startService } from '../support/service.ts'
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

  it('says that a film is still being prepared', async () => {
    const { jobId } = await makeVideo()
    const text = await (await startService().request(`/watch/${jobId}`)).text()
    expect(text).toContain('data-state="not-ready"')
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
  it.each(['/', '/watch/none'])('is strict about what it loads: %s', async (path) => {
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
