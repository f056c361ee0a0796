import { describe, expect, it } from 'vitest'
import { knownCaller } from '../support/known-caller.ts'
import { EDGE_VARIABLES } from '../support/media.ts'
import { registerSigner } from '../support/playback-tokens.ts'
import { ORIGIN, startService } from '../support/service.ts'
import { makeVideo } from '../support/videos.ts'

const ANYONE = '<title>A film</title>'

async function publicFilm(): Promise<string> {
  const video = await makeVideo({ durationSeconds: 90 })
  await video.putStreamFile('index.m3u8', '#EXTM3U\n')
  return video.jobId
}

/** `frame-ancestors` of the answer; undefined: every page may. */
function ancestorsOf(response: Response): string | undefined {
  return /frame-ancestors ([^;]*)/.exec(response.headers.get('Content-Security-Policy') ?? '')?.[1]
}

const parentsIn = (text: string): unknown =>
  JSON.parse((/data-parents="([^"]*)"/.exec(text)?.[1] ?? 'null').replaceAll('&quot;', '"'))

describe('/embed/{job_id}', () => {
  it('is the player and nothing beside it, for any site, with one read each of database and storage', async () => {
    const service = startService()
    const response = await service.request(`/embed/${await publicFilm()}`)
    const text = await response.text()
    expect(response.status).toBe(200)
    expect(text).toContain(ANYONE)
    expect(text).toContain('data-stream="/api/playback/stream/')
    expect(text).toContain('data-title="A film"')
    expect(text).toContain('data-duration="90"')
    expect(text).toContain('src="/assets/embed.js"')
    expect(text).toContain('href="/assets/watch.css"')
    expect(text).not.toContain('<header')
    expect(text).not.toContain('lynxgate')
    expect(parentsIn(text)).toBe('*')
    expect(ancestorsOf(response)).toBeUndefined()
    expect(response.headers.get('X-Frame-Options')).toBeNull()
    expect(response.headers.get('Set-Cookie')).toBeNull()
    expect(response.headers.get('X-Robots-Tag')).toBe('noindex')
    expect(service.counts).toMatchObject({ d1Reads: 1, r2Reads: 1 })
  })

  it.each([
    ['https://shop.example', 'https://shop.example'],
    ['https://shop.example, https://*.shop.example:8443', 'https://shop.example https://*.shop.example:8443'],
    ['none', "'none'"],
    ['http://[::1]:3000', "'none'"],
  ])('may be framed by EMBED_ORIGINS alone: %s', async (origins, ancestors) => {
    const response = await startService({ EMBED_ORIGINS: origins }).request(`/embed/${await publicFilm()}`)
    expect(ancestorsOf(response)).toBe(ancestors)
    const parents = parentsIn(await response.text())
    expect(parents).toEqual(origins === 'none' ? [] : origins.split(', '))
  })

  it('leaves every other page unframed', async () => {
    const jobId = await publicFilm()
    for (const path of ['/', '/docs', `/watch/${jobId}`, '/watch/none']) {
      expect(ancestorsOf(await startService().request(path)), path).toBe("'none'")
    }
  })

  it.each(['unknown', 'off', 'malformed'])('is a clean page in the frame for a film that is %s', async (kind) => {
    const ids = { unknown: crypto.randomUUID(), off: (await makeVideo({ playback: 'off' })).jobId, malformed: 'x' }
    const response = await startService().request(`/embed/${ids[kind as keyof typeof ids]}`, {
      headers: { 'Accept-Language': 'fr-CA, en;q=0.5' },
    })
    expect(response.status).toBe(404)
    const text = await response.text()
    expect(text).toContain('<html lang="fr"')
    expect(text).toContain('Ce film n’est pas disponible')
    expect(text).not.toContain('<a ')
    expect(text).not.toContain('A film')
    expect(ancestorsOf(response)).toBeUndefined()
  })
})

describe('the frame of a private film', () => {
  async function scene(variables: Readonly<Record<string, string>> = {}) {
    const service = startService({ ...EDGE_VARIABLES, ...variables })
    const caller = await knownCaller({ service })
    const signer = await registerSigner(caller)
    const film = await makeVideo({ userId: caller.key.userId, playback: 'private', name: 'Our secret' })
    await film.putStreamFile('index.m3u8', '#EXTM3U\n#EXTINF:4,\na.ts\n#EXT-X-ENDLIST\n')
    const open = async (claims: Record<string, unknown> | undefined, headers: Record<string, string> = {}) => {
      const token = claims === undefined ? '' : `?token=${await signer.sign({ sub: film.jobId, ...claims })}`
      return await service.request(`/embed/${film.jobId}${token}`, { headers: { Accept: 'text/html', ...headers } })
    }
    return { service, film, open }
  }

  it('says why it shows nothing, and not what it does not show', async () => {
    const { open } = await scene()
    const response = await open(undefined, { 'Accept-Language': 'de' })
    expect(response.status).toBe(403)
    const text = await response.text()
    expect(text).toContain('Er ist privat.')
    expect(text).not.toContain('Our secret')
    expect(text).not.toContain('thumbnail')
  })

  it('follows the token’s origin, and its player’s requests pass as that page’s', async () => {
    const { service, open } = await scene()
    const pages = { origin: ['https://*.shop.example', 'https://shop.example'] }
    const response = await open(pages, { Referer: 'https://shop.example/a/b' })
    expect(response.status).toBe(200)
    const text = await response.text()
    expect(ancestorsOf(response)).toBe('https://shop.example https://*.shop.example')
    expect(parentsIn(text)).toEqual(['https://shop.example', 'https://*.shop.example'])
    expect(text).not.toMatch(/og:|twitter:|oembed|data-embed/)
    // The browser sends the origin of the frame itself, and no token.
    expect(response.headers.get('Referrer-Policy')).toBe('strict-origin')
    const stream = (/data-stream="([^"]+)"/.exec(text)?.[1] ?? '').replaceAll('&amp;', '&')
    expect((await service.request(stream, { headers: { Referer: `${ORIGIN}/` } })).status).toBe(302)
    expect((await service.request(stream, { headers: { Referer: 'https://evil.example/' } })).status).toBe(403)
    expect((await service.request(stream)).status).toBe(403)
    expect((await open(pages, { Referer: 'https://evil.example/' })).status).toBe(403)
    expect((await open(pages)).status).toBe(403)
  })

  it('may be framed by the sites that both the token and EMBED_ORIGINS allow', async () => {
    const { open } = await scene({ EMBED_ORIGINS: 'https://*.shop.example,https://blog.example' })
    const ancestors = async (...origin: string[]) =>
      ancestorsOf(await open({ origin, origin_none: true }, { Referer: '' }))
    expect(await ancestors('https://de.shop.example', 'https://other.example')).toBe('https://de.shop.example')
    expect(await ancestors('https://*.de.shop.example', 'https://*.blog.example')).toBe('https://*.de.shop.example')
    expect(await ancestors('https://blog.example')).toBe('https://blog.example')
    expect(await ancestors('https://other.example')).toBe("'none'")
    expect(ancestorsOf(await open({}))).toBe('https://blog.example https://*.shop.example')
  })
})
