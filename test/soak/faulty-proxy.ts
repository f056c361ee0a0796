// A small HTTP server before a stand-in of somebody else's, that can be away in the ways servers are.
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Mood =
  /** Passes everything on. */
  | 'well'
  /** Answers 503, and passes nothing on. */
  | 'busy'
  /** Ends the connection, and passes nothing on. */
  | 'away'
  /** Passes on, and ends the connection instead of answering. */
  | 'loses answers'
  /** Passes on, and answers a quarter of a minute later. */
  | 'slow'

export interface FaultyProxy {
  /** `http://127.0.0.1:port` */
  readonly url: string
  mood: Mood
  close(): Promise<void>
}

const SLOW_MS = 15_000

export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const { host, hostname, port } = new URL(target)
  const server = createServer((request, response) => {
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    if (proxy.mood === 'away') return void request.socket.destroy()
    if (proxy.mood === 'busy') return busy(request, response)
    const { mood } = proxy
    const outgoing = ask(
      { hostname, port, path: request.url, method: request.method, headers: { ...request.headers, host } },
      (answer) => {
        if (mood === 'loses answers') {
          request.socket.destroy()
          return
        }
        const pass = (): void => {
          response.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(response)
        }
        if (mood === 'slow') setTimeout(pass, SLOW_MS).unref()
        else pass()
      },
    )
    outgoing.on('error', () => request.socket.destroy())
    request.pipe(outgoing)
  })
  server.requestTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mood: 'well',
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  return proxy
}

function busy(request: IncomingMessage, response: ServerResponse): void {
  request.resume()
  const detail = { success: false, message: 'Busy', error: { detail: 'Busy', code: 'BUSY' } }
  response.writeHead(503, { 'Content-Type': 'application/json' }).end(JSON.stringify(detail))
}
