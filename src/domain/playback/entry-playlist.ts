// The entry playlist of a film as it is kept for all viewings: with a placeholder where the session of each will stand.
import { ENTRY_PLAYLIST } from '../../core/storage/media-key.ts'
import type { PlayableVideo } from './playback.ts'
import { readStreamFile, type StreamDeps, type StreamRequest } from './stream.ts'
import type { StreamFile } from './stream-file.ts'

/** Stands for the session in the text that is kept of an entry playlist: no reference can hold it. */
export const PLACEHOLDER_PREFIX = '/v/{session}/'

export type OpenRequest = Omit<StreamRequest, 'links' | 'base' | 'rawPath'>

/**
 * The entry playlist with a placeholder for the session: one text for all viewers, whatever token brought them. Its own
 * variables may come from the rest of the query (RFC 8216bis §4.4.2.3).
 */
export async function readEntry(deps: StreamDeps, request: OpenRequest, video: PlayableVideo): Promise<StreamFile> {
  const query = new Map([...request.query].filter(([name]) => name !== 'token'))
  return await readStreamFile(
    deps,
    {
      ...request,
      jobId: video.jobId,
      address: `${request.origin}${PLACEHOLDER_PREFIX}${video.jobId}/${ENTRY_PLAYLIST}${query.size === 0 ? '' : '?'}`,
      query,
      rawPath: undefined,
      links: 'based',
      base: PLACEHOLDER_PREFIX,
      acceptsGzip: () => false,
      has: () => false,
    },
    async () => video,
  )
}

/** With its `?`; '' without one. */
export function queryOf(address: string): string {
  const start = address.indexOf('?')
  return start === -1 ? '' : address.slice(start)
}
