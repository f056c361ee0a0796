// Where a video's objects lie in the bucket. Pure: only this file spells these paths.
import type { UserId } from '../auth/principal.ts'
import { parseUuid } from '../uuid.ts'
import type { ObjectKey } from './object-key.ts'

/** The folder that holds everything one user owns, with its closing slash. */
export function userFolder(userId: UserId): ObjectKey {
  return keyBelow(userId, '')
}

/** The folder of one stream: nothing outside it is ever signed for its playlists. */
export function streamFolder(userId: UserId, jobId: string): ObjectKey {
  return keyBelow(userId, `hls/${jobId}/`)
}

/** A file of the stream; `path` is relative to its folder and does not leave it. */
export function streamKey(userId: UserId, jobId: string, path: string): ObjectKey {
  return keyBelow(userId, `hls/${jobId}/${path}`)
}

export function thumbnailKey(userId: UserId, jobId: string): ObjectKey {
  return keyBelow(userId, `thumbnails/${jobId}.jpg`)
}

/** The analysis that shared reports show. */
export function reportKey(userId: UserId, jobId: string): ObjectKey {
  return keyBelow(userId, `reports/${jobId}.json`)
}

/** The stream's entry playlist, relative to its folder. */
export const ENTRY_PLAYLIST = 'index.m3u8'

const OF_JOB = /^(?:hls\/([^/]+)\/.|thumbnails\/([^/]+)\.jpg$|reports\/([^/]+)\.json$)/s

/** The job an object below the user's folder belongs to by its path; undefined for originals and all else. */
export function jobOfObject(userId: UserId, key: string): string | undefined {
  const [, stream, thumbnail, report] = OF_JOB.exec(key.slice(userFolder(userId).length)) ?? []
  const id = stream ?? thumbnail ?? report
  // Only the one spelling: the service looks nowhere else for a job's objects.
  return id !== undefined && parseUuid(id) === id ? id : undefined
}

function keyBelow(userId: UserId, path: string): ObjectKey {
  return `users/${userId}/${path}` as ObjectKey
}
