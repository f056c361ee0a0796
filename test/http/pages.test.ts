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

describe('a sender’s brand', () => {
  const BRAND = { BRAND_NAME: 'Nordlicht & Sohn', BRAND_LOGO_URL: 'https://cdn.nordlicht.example/logo.svg' }

  it('is on every page, with nothing of ours', async () => {
    const service = startService({ ...BRAND, BRAND_COLOR: '#0af' })
    const { jobId } = await makeVideo()
    for (const path of ['/', `/watch/${jobId}`, `/embed/${jobId}`, '/watch/none', '/embed/none', '/r/none', '/none']) {
      const response = await service.request(path, { headers: { Accept: 'text/html' } })
      const text = await response.text()
      expect(text, path).not.toMatch(/lynxgate|lynx/i)
      expect(text, path).not.toContain('favicon.svg')
      expect(text, path).toContain('<style>:root{--brand:#00aaff}</style>')
      expect(text, path).toContain('data-brand')
      if (!path.startsWith('/embed')) {
        expect(text, path).toContain('<img src="https://cdn.nordlicht.example/logo.svg" alt="" height="32" />')
        expect(text, path).toMatch(/<title>(?:.* · )?Nordlicht &amp; Sohn<\/title>/)
      }
    }
  })

  it('lets images come from the logo’s origin and from no other, and one style by its hash', async () => {
    const response = await startService({ ...BRAND, BRAND_COLOR: '#00AAFF' }).request('/')
    const policy = response.headers.get('Content-Security-Policy') ?? ''
    const [, css = ''] = /<style>(.*)<\/style>/.exec(await response.text()) ?? []
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(css))
    const hash = btoa(String.fromCharCode(...new Uint8Array(digest)))
    expect(policy).toContain(`style-src 'self' 'sha256-${hash}';`)
    expect(policy).toMatch(/img-src 'self' https:\/\/storage\.example\.com https:\/\/cdn\.nordlicht\.example data:;/)
    expect(policy).not.toContain('unsafe')
  })

  it('may be a name alone, a logo of this host, or a colour under our name', async () => {
    const name = await (await startService({ BRAND_NAME: 'Nordlicht' }).request('/')).text()
    expect(name).toMatch(/<a class="mark" href="\/">\s*Nordlicht/)
    const hosted = startService({ BRAND_NAME: 'N', BRAND_LOGO_URL: '/logo.png' })
    expect(await (await hosted.request('/')).text()).toContain('src="/logo.png"')
    const colour = await (await startService({ BRAND_COLOR: '#0af' }).request('/')).text()
    expect(colour).toContain('data-brand')
    expect(colour).toContain('lynxgate')
  })
})

describe('the language of a page', () => {
  const open = async (path: string, language: string): Promise<Response> =>
    await startService().request(path, { headers: { 'Accept-Language': language } })

  it.each([
    ['de-AT,de;q=0.9,en;q=0.8', 'de', 'Hier ist nichts'],
    ['fr', 'fr', 'Il n’y a rien ici'],
    ['ES-mx', 'es', 'Aquí no hay nada'],
    ['nl, es;q=0.3, de;q=0.7', 'de', 'Hier ist nichts'],
    ['de;q=0, fr;q=0.1', 'fr', 'Il n’y a rien ici'],
    ['ja', 'en', 'There is nothing here'],
    ['*', 'en', 'There is nothing here'],
    ['constructor, ;;,,q=', 'en', 'There is nothing here'],
  ])('is what the browser prefers: %s', async (accepted, language, words) => {
    const response = await open('/watch/none', accepted)
    const text = await response.text()
    expect(text).toContain(`<html lang="${language}"`)
    expect(text).toContain(words)
    expect(response.headers.get('Vary')).toContain('Accept-Language')
  })

  it('can be asked for by a link or a frame', async () => {
    expect(await (await open('/embed/none?lang=de', 'fr')).text()).toContain('Dieser Film ist nicht verfügbar')
    expect(await (await open('/embed/none?lang=xx', 'fr')).text()).toContain('<html lang="fr"')
  })

  it('leaves the owner’s words as they are', async () => {
    const { jobId } = await makeVideo({ name: 'Our film', status: 'queued' })
    const text = await (await open(`/watch/${jobId}`, 'de')).text()
    expect(text).toContain('<h1>Our film</h1>')
    expect(text).toContain('Dieser Film wird noch vorbereitet.')
  })
})

describe('a page that cannot be shown', () => {
  it('tells a person why, and a program in JSON', async () => {
    const { jobId } = await makeVideo({ playback: 'private', name: 'Our secret' })
    const service = startService(EDGE_VARIABLES)
    const response = await service.request(`/watch/${jobId}`, { headers: { Accept: 'text/html,*/*' } })
    expect(response.status).toBe(403)
    const text = await response.text()
    expect(text).toContain('It is private.')
    expect(text).toContain('href="/"')
    expect(text).not.toContain('Our secret')
    expect(await (await service.request(`/watch/${jobId}`)).json()).toEqual({ detail: 'Playback token is required' })
    service.failing.add('DB')
    const away = await service.request(`/watch/${crypto.randomUUID()}`, { headers: { Accept: 'text/html' } })
    expect(away.status).toBe(503)
    expect(away.headers.get('Retry-After')).not.toBeNull()
    expect(await away.text()).toContain('The problem is on our side.')
  })
})
