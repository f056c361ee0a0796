// A customer's system that events are sent to: it verifies each, keeps its id, and can be away.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

export interface Received {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  /** How often it came. */
  times: number
}

export interface Receiver {
  readonly url: string
  /** By their ids. */
  readonly events: ReadonlyMap<string, Received>
  /** Of deliveries whose signature was not the endpoint's. */
  readonly forged: number
  /** Known once the endpoint is made. */
  secret: string
  isAway: boolean
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const events = new Map<string, Received>()
  let forged = 0
  const take = (headers: Readonly<Record<string, string>>, body: string): boolean => {
    const { 'webhook-id': id = '', 'webhook-timestamp': seconds = '', 'webhook-signature': signatures = '' } = headers
    // Not `verify`, which refuses what is five minutes old: the clock of the soaked service jumps.
    const signed = new Webhook(receiver.secret).sign(id, new Date(Number(seconds) * 1000), body)
    if (!signatures.split(' ').includes(signed)) {
      forged += 1
      return false
    }
    const known = events.get(id)
    if (known === undefined) events.set(id, { ...(JSON.parse(body) as Pick<Received, 'type' | 'data'>), times: 1 })
    else known.times += 1
    return true
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('error', () => undefined)
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
      const isTaken = !receiver.isAway && take(headers, Buffer.concat(chunks).toString())
      response.writeHead(isTaken ? 204 : 503).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    events,
    get forged() {
      return forged
    },
    secret: '',
    isAway: false,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  return receiver
}
