// Clerk as seen over the network: a small real HTTP server that tests script by `<tenant>.clerk.test`, each its own.
// It answers no other host. Runs in Node; the tests in workerd reach it with ordinary fetches.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ScriptedAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Before the first byte. */
  readonly delayMs?: number
  /** Spaces after the body, until the whole is this long. */
  readonly padToBytes?: number
}

export interface RecordedCall {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

interface Tenant {
  readonly answers: Map<string, ScriptedAnswer>
  /** Clerk user id → external_id. */
  readonly users: Map<string, string | null>
  readonly calls: RecordedCall[]
}

export interface FakeClerk {
  /** Sends a request for any host to the server, and its answer back, redirects and all. */
  readonly forward: (request: ForwardedRequest) => Promise<Response>
}

/** What miniflare hands over; its own class, which Node's fetch does not take. */
interface ForwardedRequest {
  readonly url: string
  readonly method: string
  readonly headers: Iterable<[string, string]>
  arrayBuffer(): Promise<ArrayBuffer>
}

// The host a request was for is the first segment of its path here.
const TARGET = /^\/([a-z0-9-]+)\.clerk\.test(\/.*)$/

export async function startFakeClerk(): Promise<FakeClerk> {
  const tenants = new Map<string, Tenant>()
  const server = createServer((request, response) => {
    void answer(tenants, request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // The tests decide when the process ends, not this server.
  server.unref()
  const { port } = server.address() as AddressInfo
  return {
    async forward(request) {
      const { host, pathname, search } = new URL(request.url)
      const body = await request.arrayBuffer()
      return await fetch(`http://127.0.0.1:${port}/${host}${pathname}${search}`, {
        method: request.method,
        headers: [...request.headers].filter(([name]) => name !== 'host' && name !== 'content-length'),
        redirect: 'manual',
        ...(body.byteLength > 0 && { body }),
      })
    },
  }
}

async function answer(tenants: Map<string, Tenant>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, name, path] = TARGET.exec(request.url ?? '') ?? []
  if (name === undefined || path === undefined) return void response.writeHead(599).end('no network in tests')
  const tenant: Tenant = tenants.get(name) ?? { answers: new Map(), users: new Map(), calls: [] }
  tenants.set(name, tenant)
  const body = await readText(request)
  if (path.startsWith('/~')) return control(tenant, path, body, response)
  tenant.calls.push({ method: request.method ?? '', path, headers: request.headers, body })
  const scripted = tenant.answers.get(path)
  if (scripted !== undefined) return await play(scripted, response)
  return playUsers(tenant, request.method ?? '', path, body, response)
}

/** `/~answers` and `/~users` take `[key, value]` pairs, `/~calls` tells what came. */
function control(tenant: Tenant, path: string, body: string, response: ServerResponse): void {
  if (path === '/~calls') {
    response.end(JSON.stringify(tenant.calls))
    return
  }
  if (path === '/~answers') tenant.answers.set(...(JSON.parse(body) as [string, ScriptedAnswer]))
  else tenant.users.set(...(JSON.parse(body) as [string, string | null]))
  response.end()
}

async function play(scripted: ScriptedAnswer, response: ServerResponse): Promise<void> {
  if (scripted.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, scripted.delayMs))
  const body = (scripted.body ?? '').padEnd(scripted.padToBytes ?? 0)
  response.writeHead(scripted.status ?? 200, { 'Content-Type': 'application/json', ...scripted.headers })
  response.end(body)
}

/** The Backend API's user, as far as this service asks for it. */
function playUsers(tenant: Tenant, method: string, path: string, body: string, response: ServerResponse): void {
  const [, id = ''] = /^\/v1\/users\/([^/]+)$/.exec(path) ?? []
  const externalId = tenant.users.get(id)
  if (externalId === undefined) return void response.writeHead(404).end('{"errors":[]}')
  if (method === 'PATCH') tenant.users.set(id, (JSON.parse(body) as { external_id: string }).external_id)
  response.writeHead(200, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify({ id, object: 'user', external_id: tenant.users.get(id) }))
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}
