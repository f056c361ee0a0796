// Cloudflare as wrangler and the deployment see it: its REST API on loopback, and the Worker that was deployed there,
// which answers health by the configuration it really holds. Every call is recorded, and any of them can be made to fail.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readConfig } from '../../../src/config/config.ts'
import { edgeCredentials } from '../../../src/core/sigv4/edge-credentials.ts'
import { CloudflareAccount, Refusal } from './account.ts'
import { answerApi, type ApiRequest, type Page } from './routes.ts'

export interface ApiCall {
  readonly method: string
  /** Path and query; the account's id is `ACCOUNT`. */
  readonly target: string
  status: number
}

/** How a call fails. `lost`: it is done, and its answer never arrives. `cut`: the connection ends before it is done. */
export type Failure = 'lost' | 'cut' | number

export interface Fault {
  readonly matches: (call: ApiCall, index: number) => boolean
  readonly failure: Failure
  readonly code?: number
  readonly message?: string
  /** How often; once, if it is not given. */
  times?: number
}

export interface Cloudflare {
  /** Of the API, and of the deployed Worker. */
  readonly url: string
  account: CloudflareAccount
  /** Since the last reset. */
  readonly calls: ApiCall[]
  /** Calls that met no route: a gap of the stand-in. */
  readonly unknown: string[]
  readonly faults: Fault[]
  /** Instead of what the deployed Worker would say of itself. */
  health: { readonly status: number; readonly body: unknown } | undefined
  /** What the next calls do when they arrive. */
  onCall: ((call: ApiCall) => void) | undefined
  /** A new, empty account. */
  reset(): void
  stop(): Promise<void>
}

export async function startCloudflare(): Promise<Cloudflare> {
  const server = createServer((request, response) => void answer(cloudflare, request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const cloudflare: Cloudflare = {
    url: `http://127.0.0.1:${port}`,
    account: new CloudflareAccount(),
    calls: [],
    unknown: [],
    faults: [],
    health: undefined,
    onCall: undefined,
    reset() {
      cloudflare.account = new CloudflareAccount()
      cloudflare.calls.length = 0
      cloudflare.unknown.length = 0
      cloudflare.faults.length = 0
      cloudflare.health = undefined
      cloudflare.onCall = undefined
    },
    async stop() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  return cloudflare
}

async function answer(cloudflare: Cloudflare, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const request = await readRequest(cloudflare, message)
  if (/^\/(?:api|media)\//.test(request.url.pathname)) return playWorker(cloudflare, request, response)
  const target = (request.url.pathname + request.url.search).replace(cloudflare.account.id, 'ACCOUNT')
  const call: ApiCall = { method: request.method, target, status: 0 }
  cloudflare.calls.push(call)
  cloudflare.onCall?.(call)
  const fault = takeFault(cloudflare, call)
  if (fault?.failure === 'cut') return void message.socket.destroy()
  if (typeof fault?.failure === 'number') {
    const { failure, code = 10_013, message: words = 'An unknown error has occurred.' } = fault
    return refuse(response, call, new Refusal(failure, code, words))
  }
  try {
    const found = await answerApi(cloudflare.account, request)
    if (fault?.failure === 'lost') return void message.socket.destroy()
    if (found !== undefined) return succeed(response, call, found.result, request)
    cloudflare.unknown.push(`${call.method} ${call.target}`)
    refuse(response, call, new Refusal(404, 7003, `no route ${call.method} ${call.target}`))
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal(500, 1, String(error))
    refuse(response, call, refusal)
  }
}

function takeFault({ faults, calls }: Cloudflare, call: ApiCall): Fault | undefined {
  const fault = faults.find((one) => (one.times ?? 1) > 0 && one.matches(call, calls.length - 1))
  if (fault !== undefined) fault.times = (fault.times ?? 1) - 1
  return fault
}

async function readRequest({ url }: Cloudflare, message: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return {
    method: message.method ?? '',
    url: new URL(message.url ?? '', url),
    contentType: message.headers['content-type'] ?? '',
    body: Buffer.concat(chunks),
  }
}

function succeed(response: ServerResponse, call: ApiCall, result: unknown, { url }: ApiRequest): void {
  call.status = 200
  const envelope = { success: true, errors: [], messages: [] }
  const page = isPage(result) ? cut(result, url) : { result }
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ ...envelope, ...page }))
}

function isPage(result: unknown): result is Page {
  return typeof result === 'object' && result !== null && 'isPage' in result
}

function cut({ all }: Page, { searchParams }: URL): object {
  const size = Number(searchParams.get('per_page') ?? 20)
  const page = Number(searchParams.get('page') ?? 1)
  const result = all.slice((page - 1) * size, page * size)
  const info = { page, per_page: size, count: result.length, total_count: all.length }
  return { result, result_info: { ...info, total_pages: Math.ceil(all.length / size) } }
}

function refuse(response: ServerResponse, call: ApiCall, { status, code, message }: Refusal): void {
  call.status = status
  const body = { success: false, errors: [{ code, message }], messages: [], result: null }
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

/** The newest Worker that is deployed, as far as a deployment asks it: its health, and whether it takes a signature. */
function playWorker({ account, health }: Cloudflare, { url }: ApiRequest, response: ServerResponse): void {
  const worker = [...account.workers.values()].findLast(({ live }) => live.length > 0)
  if (worker === undefined) return void response.writeHead(404).end('<!doctype html><title>Nothing here yet</title>')
  const answered = url.pathname === '/api/health' ? (health ?? healthOf(worker.secrets)) : media(url, worker.secrets)
  response.writeHead(answered.status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answered.body))
}

function healthOf(secrets: Record<string, string>): { status: number; body: unknown } {
  const result = readConfig(secrets)
  const checks = { configuration: 'ok', database: 'ok', cache: 'ok', storage: 'ok' }
  if (result.ok) return { status: 200, body: { status: 'ok', version: '0.0.0', checks } }
  const body = {
    status: 'down',
    version: '0.0.0',
    checks: { ...checks, configuration: 'down' },
    problems: result.problems,
  }
  return { status: 503, body }
}

/** No object is there: what a URL of this Worker's own secret gets is 404, and any other 403. */
function media({ searchParams }: URL, secrets: Record<string, string>): { status: number; body: unknown } {
  const { accessKeyId } = edgeCredentials(secrets['EDGE_SIGNING_SECRET'] ?? '')
  const isOurs = searchParams.get('X-Amz-Credential')?.startsWith(`${accessKeyId}/`) ?? false
  return isOurs
    ? { status: 404, body: { detail: 'Not Found' } }
    : { status: 403, body: { detail: 'Presigned URL is invalid' } }
}
