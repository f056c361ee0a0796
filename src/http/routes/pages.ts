// Pages for people: the start page, the API reference, films to watch, to embed and shared.
import { pagesApi } from '../../api/pages.ts'
import { bothPageRules, pagePatterns, type PageRule } from '../../core/playback/page-origin.ts'
import type { ClientInfo } from '../../core/playback/policy.ts'
import { findFilm, type ShownFilm } from '../../domain/playback/film-links.ts'
import type { PlaybackDeps } from '../../domain/playback/playback.ts'
import type { TokenSigner } from '../../domain/playback/token-issue.ts'
import type { ViewingDeps } from '../../domain/playback/viewing.ts'
import { outlineAnalysis, viewSharedFilm, type SharedViewDeps } from '../../domain/videos/shared-view.ts'
import type { HttpContext } from '../context.ts'
import { embedPage } from '../pages/embed-page.ts'
import { homePage } from '../pages/home-page.ts'
import { pageHeaders, type Html, type PagePolicy } from '../pages/layout.ts'
import type { PageLook } from '../pages/look.ts'
import { referencePage } from '../pages/reference-page.ts'
import { sharePage } from '../pages/share-page.ts'
import { pageView } from '../page-view.ts'
import { watchPage } from '../pages/watch-page.ts'
import type { Router } from '../router.ts'
import { viewerOf } from '../viewer.ts'

interface PageDeps
  extends
    Pick<PlaybackDeps, 'media' | 'delivery'>,
    Omit<SharedViewDeps, 'media' | 'playbackTokens'>,
    Pick<ViewingDeps, 'films'> {
  readonly playbackTokens: (NonNullable<ViewingDeps['playbackTokens']> & TokenSigner) | undefined
  readonly readClientInfo: (request: Request) => ClientInfo
  /** `demoJobId`: a film the start page offers; undefined without one. */
  readonly config: {
    readonly version: string
    readonly demoJobId: string | undefined
    readonly embedOrigins: PageRule
  }
}

export function pageRoutes(router: Router, deps: PageDeps, look: PageLook): void {
  const { embedOrigins } = deps.config
  const mediaOrigins = deps.delivery.mediaOrigin === undefined ? [] : [deps.delivery.mediaOrigin]
  const sendPage = (c: HttpContext, content: Html, policy: PagePolicy = {}): Response | Promise<Response> => {
    const headers = pageHeaders(look, { mediaOrigins, ...policy })
    for (const [name, value] of Object.entries(headers)) c.header(name, value)
    return c.html(content)
  }
  /** For embed codes and cards: where a film plays on other sites, if it does. */
  const embedPath = ({ jobId, isPublic, film }: ShownFilm): string | undefined =>
    isPublic && film !== 'failed' && film !== 'unplayable' && pagePatterns(embedOrigins).length > 0
      ? `/embed/${jobId}`
      : undefined

  router.public(pagesApi.showHome, ({ c }) =>
    sendPage(c, homePage(pageView(c, look), { version: deps.config.version, demoJobId: deps.config.demoJobId })),
  )

  router.public(pagesApi.showReference, ({ c }) => sendPage(c, referencePage(pageView(c, look))))

  router.public(pagesApi.showFilm, async ({ c, param }) => {
    const token = c.req.query('token')
    const film = await findFilm(deps, param('job_id'), viewerOf(c, token, deps.readClientInfo))
    const content = { ...film, token, embedPath: embedPath(film) }
    return sendPage(c, watchPage(pageView(c, look), content), { saysOrigin: true })
  })

  router.public(pagesApi.showEmbeddedFilm, async ({ c, param }) => {
    const token = c.req.query('token')
    const film = await findFilm(deps, param('job_id'), viewerOf(c, token, deps.readClientInfo))
    const parents = bothPageRules(embedOrigins, film.pages)
    const content = { ...film, token, parents: pagePatterns(parents) }
    return sendPage(c, embedPage(pageView(c, look), content), { parents, saysOrigin: true })
  })

  router.public(pagesApi.showSharedReport, async ({ c, param, defer }) => {
    const isCounted = c.req.method !== 'HEAD'
    const shared = await viewSharedFilm(deps, { shareHash: param('share_hash'), isCounted, defer })
    const { video, film, token, shareHash, createdAtMs, analysis } = shared
    return sendPage(
      c,
      sharePage(pageView(c, look), {
        ...video,
        isPublic: video.playback === 'public',
        isOriginalAllowed: video.playback === 'public',
        film,
        token,
        shareHash,
        sharedAtMs: createdAtMs,
        outline: outlineAnalysis(analysis),
      }),
    )
  })
}
