// Makes the uploaded objects a video of the service: registered, named, completed, shared. Each step may be repeated.
import { stepsTo } from '../../../core/videos/status.ts'
import { ApiRefusal, takeField, type Api } from './api.ts'
import { UploadProblem } from '../problem.ts'

export interface Particulars {
  readonly name: string | undefined
  readonly description: string | undefined
}

export interface Registration {
  readonly jobId: string
  readonly filePath: string
  readonly fileName: string
  readonly durationSeconds: number
}

export async function registerVideo(api: Api, registration: Registration): Promise<void> {
  const { jobId, filePath, fileName, durationSeconds } = registration
  const body = { file_path: filePath, file_name: fileName, duration: durationSeconds, job_id: jobId }
  const answer = await api.ask((client) => client.registerUpload(body))
  if (takeField(answer, 'job_id') === jobId) return
  throw new UploadProblem('The service has another video of the same file path: delete that one first.')
}

/** Changes what was said, then goes step by step to `completed`; false when the service knows no such video. */
export async function completeVideo(
  api: Api,
  jobId: string,
  durationSeconds: number,
  { name, description }: Particulars,
): Promise<boolean> {
  const change = {
    duration: durationSeconds,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
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

/** The hash of a new shared report. */
export async function shareVideo(api: Api, jobId: string): Promise<string> {
  return takeField(await api.ask((client) => client.createSharedReport({ video_id: jobId })), 'share_hash')
}
