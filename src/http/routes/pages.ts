// Pages for people: the start page, the watch page and shared reports.
import { formatTimestamp } from '../../core/timestamp.ts'
import { filmState, findFilm, type PlaybackDeps } from '../../domain/playback/playback.ts'
import { outlineAnalysis, viewSharedReport, type SharedReportDeps } from '../../domain/videos/shared-reports.ts'
import type { HttpContext } from '../context.ts'
import { homePage } from '../pages/home-page.ts'
import { pageHeaders, type Html } from '../pages/layout.ts'
import { reportPage } from '../pages/report-page.ts'
import { watchPage } from '../pages/watch-page.ts'
import type { Router } from '../router.ts'

const TAG = 'Pages'
/** People pass links on through mail and social media, which add to them. */
const OTHER_PARAMETERS = 'Parameters that a link picked up on its way, such as `utm_source`, are ignored.'
const page = { description: 'HTML', contentType: 'text/html' }

interface PageDeps extends Pick<PlaybackDeps, 'videos' | 'media' | 'delivery'>, Omit<SharedReportDeps, 'media'> {
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

  router.add(
    {
      method: 'GET',
      path: '/',
      tag: TAG,
      summary: 'What this is',
      access: 'public',
      openQuery: OTHER_PARAMETERS,
      answers: { 200: page },
    },
    ({ c }) => sendPage(c, homePage({ version: deps.config.version, demoJobId: deps.config.demoJobId })),
  )

  router.add(
    {
      method: 'GET',
      path: '/watch/{job_id}',
      tag: TAG,
      summary: 'The watch page of a film',
      access: 'public',
      openQuery: OTHER_PARAMETERS,
      answers: { 200: page },
    },
    async ({ c, param }) => sendPage(c, watchPage(await findFilm(deps, param('job_id')))),
  )

  router.add(
    {
      method: 'GET',
      path: '/r/{share_hash}',
      tag: TAG,
      summary: 'A shared report as a page; opening it counts as one view',
      access: 'public',
      openQuery: OTHER_PARAMETERS,
      answers: { 200: page },
    },
    async ({ c, param, defer }) => {
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
    },
  )
}
