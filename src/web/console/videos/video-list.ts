// The videos that match a search, page after page as one scrolls. Kept while other rooms are open, so that one comes back
// to where one was.
import { batch, computed, signal, type ReadonlySignal } from '@preact/signals'
import type { Client, Result } from '../../../client/client.ts'

export type Video = Result<'listVideos'>[number]

export const STATUSES = ['uploaded', 'queued', 'processing', 'completed', 'failed'] as const
export const SORTS = ['-created_at', 'created_at', 'name', '-name', '-duration', 'duration'] as const

export interface VideoQuery {
  readonly q: string
  readonly status: Video['status'] | undefined
  readonly projectId: string | undefined
  readonly sort: (typeof SORTS)[number]
}

/** As many as the service gives at once. */
const FETCHED = 100

/** Divides by every number of columns, so that no row of a grid has a gap between two pages. */
const PAGE_SIZE = 60

export interface VideoList {
  readonly query: VideoQuery
  readonly videos: ReadonlySignal<readonly Video[]>
  readonly pages: ReadonlySignal<readonly (readonly Video[])[]>
  readonly state: ReadonlySignal<'loading' | 'more' | 'complete' | 'failed'>
  readonly error: ReadonlySignal<unknown>
  /** Where the list stood when its room was left. */
  scrollTop: number
  /** Does nothing while a page is on its way, and after the last. */
  loadMore(): Promise<void>
  /** Puts in what a change answered; a video that is not in the list stays out. */
  replace(video: Video): void
  putFirst(video: Video): void
  remove(jobId: string): void
}

export function createVideoList(client: Client, query: VideoQuery): VideoList {
  const videos = signal<readonly Video[]>([])
  const state = signal<'loading' | 'more' | 'complete' | 'failed'>('more')
  const error = signal<unknown>(undefined)
  let cursor: string | undefined

  return {
    query,
    videos,
    pages: computed(() => inPages(videos.value)),
    state,
    error,
    scrollTop: 0,
    async loadMore() {
      if (state.value === 'loading' || state.value === 'complete') return
      state.value = 'loading'
      try {
        const page = await client.videoPage({
          limit: FETCHED,
          sort: query.sort,
          ...(query.q !== '' && { q: query.q }),
          ...(query.status !== undefined && { status: query.status }),
          ...(query.projectId !== undefined && { project_id: query.projectId }),
          ...(cursor !== undefined && { cursor }),
        })
        cursor = page.cursor
        batch(() => {
          const known = new Set(videos.value.map((video) => video.job_id))
          videos.value = [...videos.value, ...page.videos.filter((video) => !known.has(video.job_id))]
          state.value = cursor === undefined ? 'complete' : 'more'
        })
      } catch (cause) {
        batch(() => {
          error.value = cause
          state.value = 'failed'
        })
      }
    },
    replace(video) {
      videos.value = videos.value.map((one) => (one.job_id === video.job_id ? video : one))
    },
    putFirst(video) {
      videos.value = [video, ...videos.value]
    },
    remove(jobId) {
      videos.value = videos.value.filter((one) => one.job_id !== jobId)
    },
  }
}

function inPages(videos: readonly Video[]): readonly (readonly Video[])[] {
  return Array.from({ length: Math.ceil(videos.length / PAGE_SIZE) }, (_, index) =>
    videos.slice(index * PAGE_SIZE, (index + 1) * PAGE_SIZE),
  )
}
