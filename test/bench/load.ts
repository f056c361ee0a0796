// Requests as fast as one connection carries them. HTTP pipelining keeps the client's own time out of the measure:
// it writes a block at once and counts the bytes that come back.
import { connect, type Socket } from 'node:net'

export interface Target {
  readonly name: string
  /** Milliseconds for one block of requests. */
  readonly runBlock: () => Promise<number>
  readonly close: () => void
}

/** Every answer must be as long as the first, and a 200: a target that refuses would be fast for nothing. */
export async function openTarget(
  name: string,
  url: URL,
  headers: Readonly<Record<string, string>>,
  blockRequests: number,
): Promise<Target> {
  const socket = connect(Number(url.port), url.hostname)
  socket.setNoDelay(true)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('error', reject)
  })
  const lines = Object.entries({ Host: url.host, ...headers }).map(([field, value]) => `${field}: ${value}\r\n`)
  const request = `GET ${url.pathname} HTTP/1.1\r\n${lines.join('')}\r\n`
  const first = await readAnswer(socket, request)
  if (!first.startsWith('HTTP/1.1 200 ')) throw new Error(`${name} answers ${first.split('\r\n')[0]}`)
  const block = Buffer.from(request.repeat(blockRequests))
  const expectedBytes = Buffer.byteLength(first) * blockRequests
  return {
    name,
    runBlock: async () => await timeBlock(socket, block, expectedBytes, name),
    close: () => socket.destroy(),
  }
}

async function timeBlock(socket: Socket, block: Buffer, expectedBytes: number, name: string): Promise<number> {
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

/** One answer, whole: nothing follows it for a moment. */
async function readAnswer(socket: Socket, request: string): Promise<string> {
  let text = ''
  const collect = (chunk: Buffer): void => {
    text += chunk.toString()
  }
  socket.on('data', collect)
  socket.write(request)
  const isWhole = (): boolean => {
    const [head = '', body] = text.split('\r\n\r\n')
    const [, length] = /^content-length: (\d+)$/im.exec(head) ?? []
    return body !== undefined && length !== undefined && Buffer.byteLength(body) === Number(length)
  }
  while (!isWhole()) await new Promise((resolve) => setTimeout(resolve, 5))
  socket.off('data', collect)
  return text
}
