// Stands before a service, hands everything on byte for byte, and remembers which PUTs were answered with what.
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'

export interface CountingProxy {
  /** `http://localhost:port` */
  readonly url: string
  /** Path without its query → the statuses it was answered with. */
  readonly puts: ReadonlyMap<string, readonly number[]>
  /** Called after each answered PUT with how many there were. */
  onPut: (count: number) => void
  /** When nothing is under way any more. */
  idle(): Promise<void>
  /** Answers the next so many PUTs itself, with 503. */
  failPuts(count: number): void
  close(): Promise<void>
}

export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const { hostname, port: targetPort } = new URL(target)
  const puts = new Map<string, number[]>()
  let answered = 0
  const underWay = new Set<Promise<void>>()
  let toFail = 0

  const count = (method: string, path: string, status: number): void => {
    if (method !== 'PUT') return
    const key = path.split('?')[0] ?? ''
    puts.set(key, [...(puts.get(key) ?? []), status])
    proxy.onPut(++answered)
  }
  const handle = (inbound: IncomingMessage, outbound: ServerResponse): void => {
    const { method = 'GET', url: path = '/', headers } = inbound
    if (method === 'PUT' && toFail > 0) {
      toFail--
      inbound.resume()
      inbound.once('end', () => {
        outbound.writeHead(503).end()
        count(method, path, 503)
      })
      return
    }
    // The Host header goes along unchanged: addresses are signed for it.
    const onward = httpRequest({ hostname, port: targetPort, path, method, headers, agent: false }, (answer) => {
      outbound.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outbound)
      answer.once('end', () => count(method, path, answer.statusCode ?? 502))
    })
    const ended = new Promise<void>((resolve) => onward.once('close', () => resolve()))
    underWay.add(ended)
    void ended.then(() => underWay.delete(ended))
    onward.once('error', () => outbound.destroy())
    inbound.once('close', () => {
      if (!inbound.complete) onward.destroy()
    })
    inbound.pipe(onward)
  }

  const server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const proxy: CountingProxy = {
    url: `http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}`,
    puts,
    onPut: () => undefined,
    async idle() {
      await Promise.all(underWay)
    },
    failPuts: (number) => void (toFail = number),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}
