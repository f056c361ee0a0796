// A stand-in for the ML engine, so that the gate can be tried on one machine. It follows the documented calls and
// invents its results: no film is kept, none is looked at. Like the real one it does not authenticate callers.
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StandInEngine {
  /** `http://127.0.0.1:port` */
  readonly url: string
  close(): Promise<void>
}

interface Job {
  readonly id: string
  readonly videoId: string
  readonly insights: readonly string[]
  readonly createdAtMs: number
  cancelledAtMs: number | undefined
}

interface Reply {
  readonly status: number
  readonly body: object
}

/** Everything is in memory and gone with the process. */
interface Memory {
  readonly videos: Set<string>
  readonly jobs: Map<string, Job>
}

/** Each stage's name and the percentage it begins with; a job takes JOB_SECONDS from the first to the end. */
const STAGES = [
  ['video_analysis', 1],
  ['audio_analysis', 21],
  ['motion_analysis', 36],
  ['style_extraction', 56],
  ['style_application', 66],
  ['rendering', 86],
] as const
/** What a job without a choice looks for. */
const INSIGHTS: readonly string[] = ['scenes', 'transcript']
const QUEUED_SECONDS = 1
const JOB_SECONDS = 12

export async function startStandInEngine(): Promise<StandInEngine> {
  const memory: Memory = { videos: new Set(), jobs: new Map() }
  const server = createServer((request, response) => void handle(memory, request, response))
  server.requestTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function handle(memory: Memory, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, body } = await reply(memory, request).catch(() => failed(400, 'BAD_REQUEST', 'Unreadable request'))
  response.writeHead(status, { 'Content-Type': 'application/json', Server: 'lynxgate-stand-in' })
  response.end(JSON.stringify(body))
}

async function reply(memory: Memory, request: IncomingMessage): Promise<Reply> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://engine')
  const call = `${request.method} ${pathname.replace(/^(\/api\/v1\/jobs\/)[^/]+/, '$1{id}')}`
  const [, , , , jobId = ''] = pathname.split('/')
  switch (call) {
    case 'GET /api/v1/health':
      return done('The stand-in engine is well', { status: 'healthy', engine: 'stand-in' })
    case 'POST /api/v1/videos/upload':
      return await upload(memory, request)
    case 'POST /api/v1/jobs':
      return await createJob(memory, request)
    case 'GET /api/v1/jobs':
      return done('Jobs retrieved', page([...memory.jobs.values()].map(describe), searchParams))
    case 'GET /api/v1/jobs/{id}':
      return withJob(memory, jobId, (job) => done('Job retrieved', describe(job)))
    case 'GET /api/v1/jobs/{id}/result':
      return withJob(memory, jobId, result)
    case 'DELETE /api/v1/jobs/{id}':
      return withJob(memory, jobId, cancel)
    default:
      return failed(404, 'NOT_FOUND', 'No such call')
  }
}

async function upload(memory: Memory, request: IncomingMessage): Promise<Reply> {
  const isForm = request.headers['content-type']?.startsWith('multipart/form-data') ?? false
  let head = ''
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (head.length < 4096) head += chunk.toString('latin1', 0, 4096)
  }
  const name = /name="file"; filename="([^"\r\n]{1,200})"/.exec(head)?.[1]
  if (!isForm || name === undefined) return failed(422, 'MISSING_FIELD', 'The form has no field "file"')
  const videoId = `vid_${randomBytes(6).toString('hex')}`
  memory.videos.add(videoId)
  return done('Video uploaded successfully', {
    video_id: videoId,
    filename: name,
    file_size_bytes: length,
    uploaded_at: new Date().toISOString(),
  })
}

async function createJob(memory: Memory, request: IncomingMessage): Promise<Reply> {
  let text = ''
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString()
  const {
    video_id: videoId,
    webhook_url: webhookUrl,
    config,
  } = JSON.parse(text) as { video_id?: unknown; webhook_url?: unknown; config?: { insights?: unknown } }
  if (typeof videoId !== 'string') return failed(422, 'MISSING_FIELD', 'video_id is required')
  if (!memory.videos.has(videoId)) return failed(404, 'VIDEO_NOT_FOUND', 'No such video was uploaded')
  const id = `job_${randomBytes(6).toString('hex')}`
  const insights = Array.isArray(config?.insights) ? config.insights.map(String) : INSIGHTS
  const job: Job = { id, videoId, insights, createdAtMs: Date.now(), cancelledAtMs: undefined }
  memory.jobs.set(id, job)
  if (typeof webhookUrl === 'string') callWhenEnded(job, webhookUrl)
  return done('Job created', describe(job))
}

const LOOK_MS = 1000
const MAX_CALLS = 10

/** Calls the address when the job has ended; again while it does not answer 2xx. */
function callWhenEnded(job: Job, url: string): void {
  let calls = 0
  const timer = setInterval(() => {
    const ended = describe(job)
    if (!['completed', 'cancelled'].includes(ended.status)) return
    calls += 1
    if (calls === MAX_CALLS) clearInterval(timer)
    const body = JSON.stringify(ended)
    fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }).then(
      (response) => response.ok && clearInterval(timer),
      () => undefined,
    )
  }, LOOK_MS)
  timer.unref()
}

function withJob(memory: Memory, jobId: string, then: (job: Job) => Reply): Reply {
  const job = memory.jobs.get(jobId)
  return job === undefined ? failed(404, 'JOB_NOT_FOUND', 'No such job') : then(job)
}

function result(job: Job): Reply {
  const { status, updated_at: completedAt } = describe(job)
  if (status !== 'completed') return failed(409, 'RESULT_NOT_READY', `The job is ${status}`)
  return done('Result of a stand-in: nothing was analysed', {
    job_id: job.id,
    video_id: job.videoId,
    status,
    output_video_url: null,
    completed_at: completedAt,
    processing_time_seconds: JOB_SECONDS,
    ...Object.fromEntries(job.insights.map((insight) => [insight, moments(insight)])),
  })
}

/** Three moments that say that they are invented. */
function moments(insight: string): object[] {
  return [0, 8, 16].map((start) => ({
    start_time: start,
    end_time: start + 8,
    content: `A stand-in's ${insight} of seconds ${start} to ${start + 8}`,
  }))
}

function cancel(job: Job): Reply {
  if (describe(job).status === 'completed') return failed(409, 'JOB_COMPLETED', 'The job is over')
  job.cancelledAtMs ??= Date.now()
  return done('Job cancelled', describe(job))
}

/** A job as it is now: its state is a matter of time. */
function describe(job: Job) {
  const untilMs = job.cancelledAtMs ?? Date.now()
  const seconds = Math.floor((untilMs - job.createdAtMs) / 1000)
  const worked = Math.max(0, seconds - QUEUED_SECONDS) / (JOB_SECONDS - QUEUED_SECONDS)
  const percent = Math.min(100, Math.floor(worked * 100))
  const isWorking = job.cancelledAtMs === undefined && seconds >= QUEUED_SECONDS && percent < 100
  const status =
    job.cancelledAtMs !== undefined ? 'cancelled' : isWorking ? 'processing' : percent === 100 ? 'completed' : 'queued'
  const stage = STAGES.findLast(([, begins]) => Math.max(1, percent) >= begins)?.[0]
  return {
    job_id: job.id,
    video_id: job.videoId,
    status,
    progress_percent: percent,
    current_stage: isWorking ? stage : null,
    created_at: new Date(job.createdAtMs).toISOString(),
    updated_at: new Date(job.createdAtMs + Math.min(seconds, JOB_SECONDS) * 1000).toISOString(),
  }
}

function page(jobs: readonly object[], query: URLSearchParams): object {
  const number = Math.max(1, Number(query.get('page') ?? 1))
  const size = Math.max(1, Number(query.get('page_size') ?? 10))
  const start = (number - 1) * size
  return { jobs: jobs.slice(start, start + size), total: jobs.length, page: number, page_size: size }
}

function done(message: string, data: object): Reply {
  return { status: 200, body: { success: true, message, data } }
}

function failed(status: number, code: string, detail: string): Reply {
  return { status, body: { success: false, message: detail, error: { detail, code } } }
}
