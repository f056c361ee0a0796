// The videos: searched, filtered, sorted, as grid or list; the address says how, so that it can be kept and sent.
import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso/router'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { Problem } from '../parts/problem.tsx'
import { rooms } from '../rooms.ts'
import { useClient } from '../session.ts'
import { useCommands } from '../shell/commands.ts'
import { useTitle } from '../shell/title.ts'
import { texts } from '../texts/texts.ts'
import { forgetList, listOf, selected } from './current-list.ts'
import { NoVideos } from './no-videos.tsx'
import { ProjectBar } from './project-bar.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { Toolbar } from './toolbar.tsx'
import { SORTS, STATUSES, type VideoQuery } from './video-list.ts'
import { VideoPage } from './video-pages.tsx'

/** The next page is asked for so long before the end comes into view. */
const AHEAD = '1200px 0px'
const PLACEHOLDERS = 12

export function VideosRoom() {
  const t = texts.value
  useTitle(t.rooms.videos)
  const client = useClient()
  const { query, route } = useLocation()
  const view = query['view'] === 'list' ? 'list' : 'grid'
  const wanted = readQuery(query)
  const turn = useSignal(0)
  const list = useMemo(() => listOf(client, wanted), [client, JSON.stringify(wanted), turn.value])
  const lastPicked = useRef<string>(undefined)

  const change = (fields: Readonly<Record<string, string>>): void => {
    const next = new URLSearchParams(Object.entries({ ...query, ...fields }).filter(([, value]) => value !== ''))
    const text = next.toString()
    route(rooms[0].path + (text === '' ? '' : `?${text}`), true)
  }
  const reload = (): void => {
    forgetList()
    turn.value++
  }
  const onPick = useCallback(
    (jobId: string, isRange: boolean) => {
      const ids = list.videos.value.map((video) => video.job_id)
      const [from, to] = [ids.indexOf(lastPicked.current ?? jobId), ids.indexOf(jobId)]
      const isOn = !selected.value.has(jobId)
      const next = new Set(selected.value)
      const range = isRange && from !== -1 ? ids.slice(Math.min(from, to), Math.max(from, to) + 1) : [jobId]
      for (const id of range)
        if (isOn) next.add(id)
        else next.delete(id)
      selected.value = next
      lastPicked.current = jobId
    },
    [list],
  )

  useCommands('videos', view + wanted.sort, [
    {
      id: 'view',
      title: view === 'grid' ? t.videos.asList : t.videos.asGrid,
      run: () => change({ view: view === 'grid' ? 'list' : '' }),
    },
    { id: 'reload', title: t.videos.reload, run: reload },
    {
      id: 'select-all',
      title: t.videos.selectAll,
      run: () => (selected.value = new Set(list.videos.value.map((one) => one.job_id))),
    },
    ...SORTS.map((sort) => ({
      id: `sort ${sort}`,
      title: t.videos.sortBy(t.videos.sorts[sort]),
      run: () => change({ sort: sort === SORTS[0] ? '' : sort }),
    })),
  ])

  useLayoutEffect(() => {
    window.scrollTo(0, list.scrollTop)
    return () => {
      list.scrollTop = window.scrollY
    }
  }, [list])

  const isEmpty = list.state.value === 'complete' && list.videos.value.length === 0
  return (
    <div class="room">
      <h1 class="visually-hidden">{t.rooms.videos}</h1>
      <Toolbar query={wanted} view={view} onChange={change} onReload={reload} />
      {wanted.projectId !== undefined && (
        <ProjectBar projectId={wanted.projectId} onGone={() => change({ project: '' })} />
      )}
      {selected.value.size > 0 && <SelectionBar list={list} />}
      <div class={`videos ${view}`} aria-busy={list.state.value === 'loading'}>
        {list.pages.value.map((videos, index) => (
          <VideoPage key={index} videos={videos} isFirst={index === 0} onPick={onPick} />
        ))}
        {list.state.value === 'loading' && list.videos.value.length === 0 && <Placeholders />}
      </div>
      {isEmpty && (
        <NoVideos
          isSearch={wanted.q !== '' || wanted.status !== undefined || wanted.projectId !== undefined}
          onReset={() => change({ q: '', status: '', project: '' })}
        />
      )}
      {list.state.value === 'failed' && <Problem error={list.error.value} onRetry={() => void list.loadMore()} />}
      {list.state.value !== 'complete' && list.state.value !== 'failed' && (
        <More key={list.videos.value.length} onNear={() => void list.loadMore()} />
      )}
    </div>
  )
}

function readQuery(query: Readonly<Record<string, string>>): VideoQuery {
  return {
    q: (query['q'] ?? '').trim().slice(0, 255),
    status: STATUSES.find((status) => status === query['status']),
    projectId: /^[\da-f-]{36}$/.test(query['project'] ?? '') ? query['project'] : undefined,
    sort: SORTS.find((sort) => sort === query['sort']) ?? SORTS[0],
  }
}

/** The end of what is there: coming near it asks for more. */
function More({ onNear }: { onNear: () => void }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (place.current === null) return undefined
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting === true && onNear(), {
      rootMargin: AHEAD,
    })
    observer.observe(place.current)
    return () => observer.disconnect()
  }, [])
  return <div ref={place} class="more" />
}

function Placeholders() {
  return (
    <ul class="video-page" aria-hidden="true">
      {Array.from({ length: PLACEHOLDERS }, (_, index) => (
        <li key={index} class="video placeholder">
          <span class="cover" />
          <span class="name" />
          <span class="states" />
        </li>
      ))}
    </ul>
  )
}
