// Requests as fast as one connection carries them, of several targets in turn. HTTP pipelining keeps the client's own
// time out of the measure: it writes a block at once and counts the bytes that come back.
import { connect, type Socket } from 'node:net'

/** Of a block, unless told. */
const BLOCK_REQUESTS = 50
const WARM_UP_ROUNDS = 60

export interface Target {
  readonly name: string
  /** Milliseconds for one block of requests. */
  readonly runBlock: () => Promise<number>
  readonly close: () => void
  readonly blockRequests: number
}

export interface TargetOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** 200 unless told. */
  readonly status?: number
  /** Path and query of the next request, where they change; as long each time. */
  readonly nextPath?: () => string
  /** How many requests are written at once; large answers want few. */
  readonly block?: number
}

export interface Reading {
  readonly name: string
  readonly microseconds: number
  /** Over the time of the first targets, which are called `bare…`. */
  readonly ratio: number
}

/** Every answer must be as long as the first, and of this status: a target that refuses would be fast for nothing. */
export async function openTarget(name: string, url: URL, options: TargetOptions = {}): Promise<Target> {
  const { headers = {}, status = 200, nextPath = () => url.pathname + url.search } = options
  const { block: blockRequests = BLOCK_REQUESTS } = options
  const socket = connect(Number(url.port), url.hostname)
  socket.setNoDelay(true)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('error', reject)
  })
  const lines = Object.entries({ Host: url.host, ...headers }).map(([field, value]) => `${field}: ${value}\r\n`)
  const request = (): string => `GET ${nextPath()} HTTP/1.1\r\n${lines.join('')}\r\n`
  const first = await readAnswer(socket, request())
  if (!first.startsWith(`HTTP/1.1 ${status} `)) throw new Error(`${name} answers ${first.split('\r\n')[0]}`)
  return {
    name,
    runBlock: async () => {
      const block = Array.from({ length: blockRequests }, request).join('')
      return await timeBlock(socket, block, first.length * blockRequests, name)
    },
    close: () => socket.destroy(),
    blockRequests,
  }
}

/** Runs every target once a round, in an order that turns; the machine's other work slows some rounds, never all. */
export async function takeTurns(
  targets: readonly Target[],
  rounds: number,
  warmUpRounds = WARM_UP_ROUNDS,
): Promise<Reading[]> {
  const times = new Map<string, number[]>(targets.map(({ name }) => [name, []]))
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    for (let step = 0; step < targets.length; step++) {
      const target = targets[(step + round) % targets.length]
      const ms = await target?.runBlock()
      if (target !== undefined && ms !== undefined && round >= warmUpRounds) times.get(target.name)?.push(ms)
    }
  }
  for (const target of targets) target.close()
  const base = undisturbed([...times].filter(([name]) => name.startsWith('bare')).flatMap(([, own]) => own))
  return [...times].map(([name, own]) => ({
    name,
    microseconds: (undisturbed(own) / (targets[0]?.blockRequests ?? BLOCK_REQUESTS)) * 1000,
    ratio: undisturbed(own) / base,
  }))
}

/**
 * What a block takes when nothing else wants the machine: the time that a tenth of the blocks stay under. The
 * rest is other people's work, which is never on one side alone but seldom the same on both.
 */
function undisturbed(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 10)] ?? Number.NaN
}

async function timeBlock(socket: Socket, block: string, expectedBytes: number, name: string): Promise<number> {
  const startedMs = performance.now()
  return await new Promise((resolve, reject) => {
    let byteLength = 0
    const count = (chunk: Buffer): void => {
      byteLength += chunk.length
      if (byteLength < expectedBytes) return
      socket.off('data', count)
      if (byteLength > expectedBytes) reject(new Error(`${name} changed its answer`))
      else resolve(performance.now() - startedMs)
    }
    socket.on('data', count)
    socket.write(block)
  })
}

/** One answer, whole, a character a byte. */
async function readAnswer(socket: Socket, request: string): Promise<string> {
  return await new Promise((resolve) => {
    let text = ''
    const collect = (chunk: Buffer): void => {
      text += chunk.toString('latin1')
      const [head = '', ...body] = text.split('\r\n\r\n')
      if (body.length === 0) return
      const [, length = '0'] = /^content-length: (\d+)$/im.exec(head) ?? []
      const isChunked = /^transfer-encoding: chunked$/im.test(head)
      if (isChunked ? !text.endsWith('0\r\n\r\n') : text.length < head.length + 4 + Number(length)) return
      socket.off('data', collect)
      resolve(text)
    }
    socket.on('data', collect)
    socket.write(request)
  })
}
