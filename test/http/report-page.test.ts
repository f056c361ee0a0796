import { describe, expect, it } from 'vitest'
import { env } from '../support/env.ts'
import { knownCaller, type KnownCaller } from '../support/known-caller.ts'
import { EDGE_VARIABLES } from '../support/media.ts'
import { ORIGIN, startService } from '../support/service.ts'

interface SharedFilm {
  readonly caller: KnownCaller
  readonly jobId: string
  readonly hash: string
}

/** A registered film, its analysis in the bucket, and a link to both. */
async function shareFilm(analysis?: unknown, name = 'A film', service = startService()): Promise<SharedFilm> {
  const caller = await knownCaller({ service })
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
    expect(text).toContain('<h2 id="report">Report</h2>')
    expect(text).toContain('<h3>Scenes</h3>')
    expect(text).toMatch(/<button type="button" class="moment" data-seconds="61.5"[^>]*>\s*1:01\s*<\/button>/)
    expect(film.caller.service.counts).toMatchObject({ d1Reads: 1, r2Reads: 2 })
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

  it('is the film’s page where there is no report, and does not speak of one', async () => {
    const film = await shareFilm()
    const { text } = await open(film)
    expect(text).toContain('<title>A film · lynxgate</title>')
    expect(text).toContain('<dd>1:35</dd>')
    expect(text).toContain('<time datetime="2026-11-21T12:07:00.000Z">21 November 2026</time>')
    expect(text).not.toMatch(/>\s*(?:Report|Status)/)
    expect(text).not.toContain('There is no report')
  })

  it('is private to those who show links, unless the film is public', async () => {
    const film = await shareFilm()
    const { text } = await open(film)
    expect(text).toContain(`<meta property="og:url" content="${ORIGIN}/r/${film.hash}" />`)
    expect(text).toContain(`<meta property="og:image" content="${ORIGIN}/api/playback/thumbnail/${film.jobId}" />`)
    expect(text).toContain('<meta name="twitter:card" content="summary_large_image" />')
    // A frame would outlive the link.
    expect(text).not.toContain('/embed/')
    await film.caller.answer('PATCH', `/api/videos/${film.jobId}`, { playback: 'off' })
    expect((await open(film)).text).not.toMatch(/og:|twitter:|thumbnail/)
  })

  describe('of a private film', () => {
    async function sharePrivate(facts: { hasStream: boolean }): Promise<SharedFilm> {
      const film = await shareFilm(undefined, 'A film', startService(EDGE_VARIABLES))
      if (facts.hasStream) await env.MEDIA.put(`${film.caller.folder}hls/${film.jobId}/index.m3u8`, '#EXTM3U\n')
      await film.caller.answer('PATCH', `/api/videos/${film.jobId}`, { playback: 'private' })
      return film
    }
    const hrefs = (text: string, pattern: RegExp): string => (pattern.exec(text)?.[1] ?? '').replaceAll('&amp;', '&')

    it('opens it: the owner made the link, and ends with it what it began', async () => {
      const film = await sharePrivate({ hasStream: true })
      const { text } = await open(film)
      expect(text).not.toMatch(/og:|twitter:/)
      const stream = hrefs(text, /data-stream="([^"]+)"/)
      const { service } = film.caller
      expect((await service.request(hrefs(text, /poster="([^"]+)"/))).status).toBe(302)
      const location = (await service.request(stream)).headers.get('Location') ?? ''
      const original = hrefs(text, /href="([^"]+)"/)
      expect((await service.request(original)).status).not.toBe(302)
      await film.caller.ask('GET', `/api/videos/${film.jobId}/shared-reports`)
      const [, reports] = await film.caller.answer('GET', `/api/videos/${film.jobId}/shared-reports`)
      const [report] = reports as { id: string }[]
      expect((await service.request(location)).status).toBe(200)
      await film.caller.ask('DELETE', `/api/shared-reports/${report?.id}`)
      expect((await open(film)).status).toBe(404)
      expect((await service.request(location)).status).toBe(403)
    })

    it('gives the file itself only where there is nothing else to watch', async () => {
      const film = await sharePrivate({ hasStream: false })
      const original = hrefs((await open(film)).text, /data-original="([^"]+)"/)
      expect((await film.caller.service.request(original)).status).toBe(302)
    })

    it('gives programs its addresses too', async () => {
      const film = await sharePrivate({ hasStream: true })
      const response = await film.caller.service.request(`/api/shared-reports/${film.hash}`)
      const { video } = await response.json<{ video: { stream_url: string; thumbnail_url: string } }>()
      expect((await film.caller.service.request(video.stream_url)).status).toBeLessThan(303)
      expect((await film.caller.service.request(video.thumbnail_url)).status).toBe(302)
    })

    it('lasts twelve hours at most, and never past the link', async () => {
      const film = await sharePrivate({ hasStream: true })
      const stream = hrefs((await open(film)).text, /data-stream="([^"]+)"/)
      film.caller.service.clock.nowMs += 12 * 3600_000 + 6000
      expect((await film.caller.service.request(stream)).status).toBe(403)
    })

    it('says so where private films cannot be played', async () => {
      const film = await shareFilm()
      await env.DB.prepare(`UPDATE videos SET playback = 'private' WHERE job_id = ?`).bind(film.jobId).run()
      const { status, text } = await open(film)
      expect(status).toBe(200)
      expect(text).toContain('This film is private and cannot be shown here.')
      expect(text).not.toContain('<video')
    })
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

  it('does not reveal the owner of the film', async () => {
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
