// An engine that analyses: videos, jobs that are over after some looks, results, cancelling; and it can lose its answers, or
// have none, by a chance that repeats.
import {
  failure,
  jobData,
  newJobId,
  newVideoId,
  recordingEngine,
  success,
  type RecordingEngine,
} from './recording-engine.ts'

interface AnalysedJob {
  readonly videoId: string
  readonly config: unknown
  looks: number
  status: 'processing' | 'completed' | 'failed' | 'cancelled'
}

export interface AnalysingEngine extends RecordingEngine {
  readonly videos: Map<string, number>
  readonly jobs: Map<string, AnalysedJob>
  /** Before the work (`refuse`) or after it (`lose`), of a call such as `POST /api/v1/jobs`. */
  fault: (call: string) => 'refuse' | 'lose' | undefined
  /** What becomes of a job after its second look. */
  outcome: 'completed' | 'failed' | 'never'
}

export function analysingEngine(): AnalysingEngine {
  const videos = new Map<string, number>()
  const jobs = new Map<string, AnalysedJob>()
  const engine: AnalysingEngine = Object.assign(recordingEngine(), {
    videos,
    jobs,
    fault: () => undefined,
    outcome: 'completed' as const,
  })
  engine.script = ({ method, target, body, bytes }) => {
    const fault = engine.fault(`${method} ${target.replace(/\?.*|(?<=jobs\/)[^/]+/g, '')}`)
    if (fault === 'refuse') return failure(503, 'BUSY')
    const answer = work(engine, { method, target, body, length: bytes.byteLength })
    return fault === 'lose' ? new Response('<h1>Bad Gateway</h1>', { status: 502 }) : answer
  }
  return engine
}

function work(
  { videos, jobs, outcome }: AnalysingEngine,
  { method, target, body, length }: { method: string; target: string; body: string; length: number },
): Response {
  if (target === '/api/v1/videos/upload') {
    const id = newVideoId()
    videos.set(id, length)
    return success({ video_id: id })
  }
  if (target === '/api/v1/jobs') {
    const { video_id: videoId, config } = JSON.parse(body) as { video_id: string; config?: unknown }
    const id = newJobId()
    jobs.set(id, { videoId, config, looks: 0, status: 'processing' })
    return success(jobData(id, { video_id: videoId }))
  }
  if (target.startsWith('/api/v1/jobs?')) {
    const page = Number(new URL(target, 'http://engine').searchParams.get('page'))
    const all = [...jobs].map(([id, job]) => jobData(id, { video_id: job.videoId, status: job.status }))
    return success({ jobs: all.slice((page - 1) * 100, page * 100), total: all.length })
  }
  const [, , , , id = '', rest] = target.split('/')
  const job = jobs.get(id)
  if (job === undefined) return failure(404, 'JOB_NOT_FOUND')
  if (rest === 'result') {
    const moment = { start_time: 1, end_time: 2, content: 'a moment' }
    return success({ job_id: id, output_video_url: 'file:///srv/out.mp4', scenes: [moment] })
  }
  if (method === 'DELETE') {
    if (job.status === 'completed') return failure(409, 'JOB_COMPLETED')
    job.status = 'cancelled'
    return success(null)
  }
  job.looks += 1
  if (job.looks >= 2 && job.status === 'processing' && outcome !== 'never') job.status = outcome
  const error = job.status === 'failed' ? { error: 'No picture in the film' } : {}
  return success(
    jobData(id, { video_id: job.videoId, status: job.status, progress_percent: 40, current_stage: 'audio', ...error }),
  )
}
