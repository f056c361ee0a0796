import { describe, expect, it } from 'vitest'
import { env } from '../support/env.ts'
import { knownCaller, type KnownCaller } from '../support/known-caller.ts'

interface SharedFilm {
  readonly caller: KnownCaller
  readonly jobId: string
  readonly hash: string
}

/** A registered film, its analysis in the bucket, and a link to both. */
async function shareFilm(analysis?: unknown, name = 'A film'): Promise<SharedFilm> {
  const caller = await knownCaller()
  await env.MEDIA.put(`${caller.folder}film.mp4`, 'a film')
  const fields = { file_path: 'film.mp4', file_name: name, duration: 95 }
  const [, registered] = await caller.answer('POST', '/api/processing/register-upload', fields)
  const { job_id: jobId } = registered as { job_id: string }
  if (analysis !== undefined) await env.MEDIA.put(`${caller.folder}reports/${jobId}.json`, JSON.stringify(analysis))
  const [, shared] = await caller.answer('POST', '/api/shared-reports', { video_id: jobId })
  caller.service.reset()
  return { caller, jobId, hash: (shared as { share_hash: string }).share_hash }
}

async function open({ caller, hash }: SharedFilm, method = 'GET'): Promise<{ status: number; text: string }> {
  const response = await caller.service.request(`/r/${hash}`, { method })
  return { status: response.status, text: await response.text() }
}

describe('/r/{share_hash}', () => {
  it('shows the film, its details and the report, and counts one view after the answer', async () => {
    const film = await shareFilm({ summary: 'Short.', scenes: [{ start: 61.5, label: 'A lynx' }] })
    const { status, text } = await open(film)
    expect(status).toBe(200)
    expect(text).toContain('<h1>A film</h1>')
    expect(text).toContain('1:35')
    expect(text).toContain('Short.')
    expect(text).toContain('<h2>Scenes</h2>')
    expect(text).toMatch(/<button type="button" class="moment" data-seconds="61.5"[^>]*>\s*1:01\s*<\/button>/)
    expect(film.caller.service.counts).toMatchObject({ d1Reads: 2, r2Reads: 2 })
    await film.caller.service.settle()
    const row = await env.DB.prepare('SELECT view_count FROM shared_reports WHERE share_hash = ?')
      .bind(film.hash)
      .first()
    expect(row).toEqual({ view_count: 1 })
  })

  it('F6: plays the original where there is no stream, and says when preparing one failed', async () => {
    const film = await shareFilm()
    expect((await open(film)).text).toContain(`data-original="/api/playback/direct?job_id=${film.jobId}"`)
    for (const status of ['queued', 'processing']) {
      await film.caller.answer('PATCH', `/api/videos/${film.jobId}`, { status })
      expect((await open(film)).text).toContain('This film is still being prepared.')
    }
    await film.caller.answer('PATCH', `/api/videos/${film.jobId}`, { status: 'failed' })
    const { text } = await open(film)
    expect(text).toContain('Preparing this film failed')
    expect(text).not.toContain('being prepared')
  })

  it('does not count a HEAD request', async () => {
    const film = await shareFilm()
    await open(film, 'HEAD')
    await film.caller.service.settle()
    expect(film.caller.service.counts.d1Writes).toBe(0)
  })

  it('says that there is no report yet', async () => {
    const { text } = await open(await shareFilm())
    expect(text).toContain('There is no report for this film yet.')
  })

  it('takes nothing of the file or the name for markup', async () => {
    const hostile = '<img src=x onerror=alert(1)>'
    const { text } = await open(await shareFilm({ [hostile]: hostile, rows: [{ [hostile]: hostile }] }, hostile))
    expect(text).not.toContain('<img src=x')
    expect(text).toContain('&lt;img')
  })

  it('shows the report without the player when playback is off', async () => {
    const film = await shareFilm({ summary: 'Short.' })
    await film.caller.answer('PATCH', `/api/videos/${film.jobId}`, { playback: 'off' })
    const { status, text } = await open(film)
    expect(status).toBe(200)
    expect(text).not.toContain('<video')
    expect(text).toContain('Short.')
  })

  it('tells nobody whose film it is', async () => {
    const film = await shareFilm({ summary: 'Short.' })
    const { text } = await open(film)
    expect(text).not.toContain(film.caller.folder.split('/')[1])
    expect(text).not.toContain('film.mp4')
  })

  it.each(['none', 'x'.repeat(23), '%00'])('is a page with a way home for the hash %s', async (hash) => {
    const { service } = await knownCaller()
    const response = await service.request(`/r/${hash}`)
    expect(response.status).toBe(404)
    expect(response.headers.get('Content-Type')).toContain('text/html')
    expect(await response.text()).toContain('href="/"')
  })
})
