// An engine on a real socket: it remembers what arrived and whether it arrived whole, and can fail in every way that a
// server can. Node only.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface Arrival {
  readonly method: string
  /** The request target as it stood in the request line. */
  readonly target: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
  /** False when the connection ended before the body did. */
  readonly isWhole: boolean
}

/** Answers a request whose body may still be coming. */
export type EngineBehaviour = (request: IncomingMessage, response: ServerResponse) => void

export interface EngineServer {
  /** `http://127.0.0.1:port` */
  readonly url: string
  /** Requests begun, in order of arrival. */
  readonly begun: string[]
  /** Requests over, whole or not. */
  readonly arrived: Arrival[]
  behave: EngineBehaviour
  /** Refuses connections until `open`. */
  close(): Promise<void>
  open(): Promise<void>
}

export async function startEngineServer(
  behave: EngineBehaviour = readAll(json(200, success({}))),
): Promise<EngineServer> {
  const begun: string[] = []
  const arrived: Arrival[] = []
  const server = createServer((request, response) => {
    begun.push(`${request.method} ${request.url}`)
    record(request, arrived)
    engine.behave(request, response)
  })
  server.requestTimeout = 0
  await listen(server, 0)
  const { port } = server.address() as AddressInfo
  const engine: EngineServer = {
    url: `http://127.0.0.1:${port}`,
    begun,
    arrived,
    behave,
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
    open: async () => await listen(server, port),
  }
  return engine
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

/** What was taken of each body; to take it is the behaviour's decision. */
const taken = new WeakMap<IncomingMessage, Buffer[]>()

function record(request: IncomingMessage, arrived: Arrival[]): void {
  request.once('close', () => {
    const { method = '', url = '', headers, complete } = request
    const body = Buffer.concat(taken.get(request) ?? [])
    arrived.push({ method, target: url, headers, body, isWhole: complete })
  })
}

/** Takes the whole body, then goes on. */
export function readAll(then: EngineBehaviour): EngineBehaviour {
  return (request, response) => {
    const chunks: Buffer[] = []
    taken.set(request, chunks)
    request.on('error', () => undefined)
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => then(request, response))
  }
}

export function json(status: number, body: unknown): EngineBehaviour {
  return (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
  }
}

/** Bytes on the socket, past every rule of HTTP; then the end that is asked for. */
export function rawAnswer(text: string, end: 'close' | 'reset' | 'hang'): EngineBehaviour {
  return ({ socket }) => {
    socket.on('error', () => undefined)
    if (end === 'reset') resetAfter(socket, text)
    else if (text !== '') socket.write(text, 'latin1')
    if (end === 'close') socket.end()
  }
}

/** What was written is with the kernel then; whether the other side ever reads it is the kernel's affair. */
function resetAfter(socket: Socket, text: string): void {
  socket.write(text, 'latin1', () => socket.resetAndDestroy())
}

/** Answers at once and ends as RFC 9112 §9.6 asks: closes its own side, and takes what still comes. */
export function answerEarly(status: number, body: object): EngineBehaviour {
  return (request) => {
    request.resume()
    request.on('error', () => undefined)
    request.socket.end(earlyText(status, body), 'latin1')
  }
}

/** Takes so much of the body, answers or says nothing, and resets the connection. */
export function takeThenReset(bytes: number, answer?: readonly [status: number, body: object]): EngineBehaviour {
  return (request) => {
    let takenBytes = 0
    request.on('error', () => undefined)
    request.on('data', (chunk: Buffer) => {
      const isFirst = takenBytes < bytes
      takenBytes += chunk.length
      if (isFirst && takenBytes >= bytes) resetAfter(request.socket, answer === undefined ? '' : earlyText(...answer))
    })
  }
}

function earlyText(status: number, body: object): string {
  const text = JSON.stringify(body)
  const headers = ['Content-Type: application/json', `Content-Length: ${text.length}`, 'Connection: close']
  return `HTTP/1.1 ${status} Early\r\n${headers.join('\r\n')}\r\n\r\n${text}`
}

/** The text, one byte every so often, until the other side has had enough. */
export function dribble(text: string, intervalMs: number): EngineBehaviour {
  return ({ socket }) => {
    let index = 0
    const timer = setInterval(() => socket.write(text.charAt(index++ % text.length), 'latin1'), intervalMs)
    socket.on('error', () => undefined)
    socket.once('close', () => clearInterval(timer))
  }
}

export function success(data: unknown): object {
  return { success: true, message: 'Done', data }
}
