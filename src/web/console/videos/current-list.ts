// The list that the videos room shows, and what is selected in it.
import { signal } from '@preact/signals'
import type { Client } from '../../../client/client.ts'
import { createVideoList, type Video, type VideoList, type VideoQuery } from './video-list.ts'

let current: { readonly client: Client; readonly key: string; readonly list: VideoList } | undefined

export const selected = signal<ReadonlySet<string>>(new Set())

/** The list of this search: the one there is, or a new one that has begun to load. */
export function listOf(client: Client, query: VideoQuery): VideoList {
  const key = JSON.stringify(query)
  if (current?.client !== client || current.key !== key) {
    current = { client, key, list: createVideoList(client, query) }
    selected.value = new Set()
    void current.list.loadMore()
  }
  return current.list
}

/** The next visit of the room asks anew. */
export function forgetList(): void {
  current = undefined
}

/** A video that has just been uploaded: first in a list of all, where the newest are first. */
export function noteArrival(video: Video): void {
  const list = current?.list
  if (list === undefined) return
  const { q, status, sort, projectId } = list.query
  if (list.videos.value.some((one) => one.job_id === video.job_id)) list.replace(video)
  else if (q === '' && status === undefined && projectId === undefined && sort === '-created_at') list.putFirst(video)
}

/** Another room changed a video, or deleted it. */
export function noteChange(video: Video): void {
  current?.list.replace(video)
}

export function noteDeletion(jobId: string): void {
  current?.list.remove(jobId)
  selected.value = new Set([...selected.value].filter((one) => one !== jobId))
}
