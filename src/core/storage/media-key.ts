// Where a video's objects lie in the bucket. Pure: only this file spells these paths.
import { parseUuid } from '../uuid.ts'

/** The folder that holds everything one user owns, with its closing slash. */
export function userFolder(userId: string): string {
  return `users/${userId}/`
}

/** The folder of one stream: nothing outside it is ever signed for its playlists. */
export function streamFolder(userId: string, jobId: string): string {
  return `users/${userId}/hls/${jobId}/`
}

export function thumbnailKey(userId: string, jobId: string): string {
  return `users/${userId}/thumbnails/${jobId}.jpg`
}

/** The analysis that shared reports show. */
export function reportKey(userId: string, jobId: string): string {
  return `users/${userId}/reports/${jobId}.json`
}

/** The stream's entry playlist, relative to its folder. */
export const ENTRY_PLAYLIST = 'index.m3u8'

const OF_JOB = /^(?:hls\/([^/]+)\/.|thumbnails\/([^/]+)\.jpg$|reports\/([^/]+)\.json$)/s

/** The job an object below the user's folder belongs to by its path; undefined for originals and all else. */
export function jobOfObject(userId: string, key: string): string | undefined {
  const [, stream, thumbnail, report] = OF_JOB.exec(key.slice(userFolder(userId).length)) ?? []
  const id = stream ?? thumbnail ?? report
  // Only the one spelling: the service looks nowhere else for a job's objects.
  return id !== undefined && parseUuid(id) === id ? id : undefined
}
