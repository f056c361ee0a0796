// The objects of a film in the bucket: the stream's folder, the original, the thumbnail and the report.
import { LynxgateError, type Client, type Result } from '../../../client/client.ts'
import type { Video } from '../videos/video-list.ts'

export type StoredFile = Result<'listFiles'>['files'][number]

export interface FilmFiles {
  readonly original: StoredFile | undefined
  readonly thumbnail: StoredFile | undefined
  readonly stream: readonly StoredFile[]
  readonly count: number
  readonly bytes: number
}

/** A film has some thousand segments at most that are worth looking at. */
const MOST = 20_000

/** Where everything of the film's owner lies. */
export function ownFolder(film: Video): string {
  return `users/${film.user_id}/`
}

export async function filesOf(client: Client, film: Video, signal: AbortSignal): Promise<FilmFiles> {
  const folder = ownFolder(film)
  const [original, thumbnail, report, stream] = await Promise.all([
    fileAt(client, film.storage_path, signal),
    fileAt(client, `${folder}thumbnails/${film.job_id}.jpg`, signal),
    fileAt(client, `${folder}reports/${film.job_id}.json`, signal),
    filesBelow(client, `${folder}hls/${film.job_id}/`, signal),
  ])
  const all = [...stream, ...[original, thumbnail, report].filter((file) => file !== undefined)]
  return { original, thumbnail, stream, count: all.length, bytes: all.reduce((sum, { size }) => sum + size, 0) }
}

async function filesBelow(client: Client, prefix: string, signal: AbortSignal): Promise<readonly StoredFile[]> {
  const files: StoredFile[] = []
  for await (const file of client.eachFile({ prefix, limit: 1000 }, { signal })) {
    files.push(file)
    if (files.length === MOST) break
  }
  return files
}

/** Undefined when there is none, or when it is not a place of the caller's. */
async function fileAt(client: Client, key: string, signal: AbortSignal): Promise<StoredFile | undefined> {
  try {
    const { files } = await client.listFiles({ prefix: key, limit: 1 }, { signal })
    return files.find((file) => file.key === key)
  } catch (error) {
    if (error instanceof LynxgateError && error.status === 403) return undefined
    throw error
  }
}
