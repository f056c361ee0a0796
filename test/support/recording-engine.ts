// An engine that does what a test tells it and remembers everything that reached it. It is bound as ENGINE, so that
// what it sees is what a service binding would.
import { exportPKCS8, generateKeyPair } from 'jose'
import { startService, type Service } from './service.ts'

export interface ReceivedCall {
  readonly method: string
  /** From the path on. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  /** As text, each byte that is no UTF-8 replaced. */
  readonly body: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly redirect: string
}

export type EngineScript = (call: ReceivedCall) => Response | Promise<Response>

export interface RecordingEngine {
  readonly received: ReceivedCall[]
  /** What it answers from now on. */
  script: EngineScript
  readonly binding: Fetcher
}

export function recordingEngine(script: EngineScript = defaultScript()): RecordingEngine {
  const engine: RecordingEngine = {
    received: [],
    script,
    binding: {
      async fetch(input: RequestInfo, init?: RequestInit) {
        const request = new Request(input, init)
        const { pathname, search } = new URL(request.url)
        const bytes = new Uint8Array(await request.arrayBuffer())
        const call = {
          method: request.method,
          target: pathname + search,
          headers: Object.fromEntries(request.headers),
          body: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
          bytes,
          redirect: request.redirect,
        }
        engine.received.push(call)
        return await engine.script(call)
      },
    } as unknown as Fetcher,
  }
  return engine
}

/** Follows the documented calls, with new ids each time. */
export function defaultScript(): EngineScript {
  return ({ method, target, body }) => {
    if (target === '/api/v1/health') return success({ status: 'healthy' })
    if (target === '/api/v1/videos/upload') return success({ video_id: newVideoId(), filename: 'film.mp4' })
    if (target === '/api/v1/jobs' && method === 'POST') {
      const { video_id: videoId } = JSON.parse(body) as { video_id: string }
      return success(jobData(newJobId(), { video_id: videoId }))
    }
    const [, jobId = '', rest] = /^\/api\/v1\/jobs\/([^/]+)(\/result)?$/.exec(target) ?? []
    if (rest !== undefined) return success({ job_id: jobId, output_video_url: 'file:///out.mp4' })
    if (method === 'DELETE') return success(null)
    return success(jobData(jobId, { status: 'processing', progress_percent: 40 }))
  }
}

export function newVideoId(): string {
  return `vid_${crypto.randomUUID().slice(0, 12)}`
}

export function newJobId(): string {
  return `job_${crypto.randomUUID().slice(0, 12)}`
}

export function jobData(jobId: string, options: object = {}): Record<string, unknown> {
  const at = '2026-11-21T12:00:00Z'
  return {
    job_id: jobId,
    video_id: 'vid_1',
    status: 'queued',
    progress_percent: 0,
    current_stage: null,
    created_at: at,
    updated_at: at,
    ...options,
  }
}

export function success(data: unknown, init?: ResponseInit): Response {
  return Response.json({ success: true, message: 'Done', data }, init)
}

export function failure(status: number, code: string): Response {
  return Response.json({ success: false, message: 'No', error: { detail: 'for a reason', code } }, { status })
}

let privateKeyPem: string | undefined

/** A private key for assertions, the same for every test. */
export async function assertionKeyPem(): Promise<string> {
  return (privateKeyPem ??= await newAssertionKeyPem())
}

export async function newAssertionKeyPem(): Promise<string> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  return await exportPKCS8(privateKey)
}

/** The service with an engine behind it. */
export async function startGate(
  engine: RecordingEngine,
  variables: Readonly<Record<string, string>> = {},
  options: { processing?: boolean } = {},
): Promise<Service> {
  const own = { ASSERTION_PRIVATE_KEY: await assertionKeyPem(), ...variables }
  return startService(own, { engine: engine.binding, ...options })
}

/** Where the engine was told to report the end of the job that it was asked for last. */
export function callbackOf({ received }: RecordingEngine): string {
  const { body } = received.findLast(({ target, method }) => target === '/api/v1/jobs' && method === 'POST') ?? {}
  return (JSON.parse(body ?? '{}') as { webhook_url?: string }).webhook_url ?? ''
}
