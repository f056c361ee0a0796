// Makes the uploaded objects a video of the service: registered, named, completed, shared. Each step may be repeated.
import { stepsTo } from '../../../core/videos/status.ts'
import { ApiRefusal, takeField, type Api } from './api.ts'
import { UploadProblem } from '../problem.ts'

/** How long the printed links begin a viewing. */
const TOKEN_SECONDS = 86_400

export interface Particulars {
  readonly name: string | undefined
  readonly description: string | undefined
  readonly isPrivate: boolean
}

export interface Registration {
  readonly jobId: string
  readonly filePath: string
  readonly fileName: string
  readonly durationSeconds: number
  readonly isPrivate: boolean
}

export async function registerVideo(api: Api, registration: Registration): Promise<void> {
  const { jobId, filePath, fileName, durationSeconds, isPrivate } = registration
  const body = {
    file_path: filePath,
    file_name: fileName,
    duration: durationSeconds,
    job_id: jobId,
    // Before anything else is known of it: it is never public for a moment.
    ...(isPrivate && { playback: 'private' as const }),
  }
  const answer = await api.ask((client) => client.registerUpload(body))
  if (takeField(answer, 'job_id') === jobId) return
  throw new UploadProblem('The service has another video of the same file path: delete that one first.')
}

/** Changes what was said, then goes step by step to `completed`; false when the service knows no such video. */
export async function completeVideo(
  api: Api,
  jobId: string,
  durationSeconds: number,
  { name, description, isPrivate }: Particulars,
): Promise<boolean> {
  const change = {
    duration: durationSeconds,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(isPrivate && { playback: 'private' as const }),
  }
  try {
    const video = await api.ask((client) => client.updateVideo({ job_id: jobId, ...change }))
    for (const status of stepsTo(video.status, 'completed')) {
      await api.ask((client) => client.updateVideo({ job_id: jobId, status }))
    }
    return true
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 404) return false
    throw error
  }
}

/** Where a private film is watched, with a token in the addresses. */
export async function openPrivately(api: Api, jobId: string): Promise<{ watch: string; stream: string }> {
  const body = { job_id: jobId, exp: Math.floor(Date.now() / 1000) + TOKEN_SECONDS }
  const token = await api.ask((client) => client.createPlaybackToken(body))
  return { watch: token.watch_url, stream: token.stream_url }
}

/** The hash of a new shared report. */
export async function shareVideo(api: Api, jobId: string): Promise<string> {
  return takeField(await api.ask((client) => client.createSharedReport({ video_id: jobId })), 'share_hash')
}
