// Pages for people: the start page, the API reference, the watch page and shared reports.
import { pagesApi } from '../../api/pages.ts'
import { formatTimestamp } from '../../core/timestamp.ts'
import { filmState, findFilm } from '../../domain/playback/film-links.ts'
import type { PlaybackDeps } from '../../domain/playback/playback.ts'
import type { ViewingDeps } from '../../domain/playback/viewing.ts'
import type { ClientInfo } from '../../core/playback/policy.ts'
import { viewerOf } from '../viewer.ts'
import { outlineAnalysis, viewSharedReport, type SharedReportDeps } from '../../domain/videos/shared-reports.ts'
import type { HttpContext } from '../context.ts'
import { homePage } from '../pages/home-page.ts'
import { pageHeaders, type Html } from '../pages/layout.ts'
import { referencePage } from '../pages/reference-page.ts'
import { reportPage } from '../pages/report-page.ts'
import { watchPage } from '../pages/watch-page.ts'
import type { Router } from '../router.ts'

interface PageDeps
  extends
    Pick<PlaybackDeps, 'videos' | 'media' | 'delivery'>,
    Omit<SharedReportDeps, 'media'>,
    Pick<ViewingDeps, 'films' | 'playbackTokens'> {
  readonly readClientInfo: (request: Request) => ClientInfo
  /** `demoJobId`: a film the start page offers; undefined without one. */
  readonly config: { readonly version: string; readonly demoJobId: string | undefined }
}

export function pageRoutes(router: Router, deps: PageDeps): void {
  const mediaOrigins = deps.delivery.mediaOrigin === undefined ? [] : [deps.delivery.mediaOrigin]
  const headers = Object.entries(pageHeaders(mediaOrigins))
  const sendPage = (c: HttpContext, content: Html): Response | Promise<Response> => {
    for (const [name, value] of headers) c.header(name, value)
    return c.html(content)
  }

  router.public(pagesApi.showHome, ({ c }) =>
    sendPage(c, homePage({ version: deps.config.version, demoJobId: deps.config.demoJobId })),
  )

  router.public(pagesApi.showReference, ({ c }) => sendPage(c, referencePage()))

  router.public(pagesApi.showFilm, async ({ c, param }) => {
    const token = c.req.query('token')
    const film = await findFilm(deps, param('job_id'), viewerOf(c, token, deps.readClientInfo))
    return sendPage(c, watchPage({ ...film, token }))
  })

  router.public(pagesApi.showSharedReport, async ({ c, param, defer }) => {
    const isCounted = c.req.method !== 'HEAD'
    const { video, analysis, createdAtMs } = await viewSharedReport(deps, {
      shareHash: param('share_hash'),
      isCounted,
      defer,
    })
    return sendPage(
      c,
      reportPage({
        ...video,
        film: await filmState(deps, video.jobId),
        sharedAt: formatTimestamp(createdAtMs),
        outline: outlineAnalysis(analysis),
      }),
    )
  })
}
