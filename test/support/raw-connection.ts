// A connection that writes what no HTTP client would. Node only.
import { connect, type Socket } from 'node:net'

export interface RawConnection {
  readonly socket: Socket
  /** Everything that came until the other side closed, or until the pattern was in it. */
  readonly readUntil: (pattern: RegExp) => Promise<string>
}

/** Connects to a port of this machine and writes the text as it is. */
export function openRaw(port: number, text: string): RawConnection {
  const socket = connect(port, '127.0.0.1')
  let received = ''
  let isClosed = false
  const look = new Set<() => void>()
  const tell = (): void => look.forEach((notice) => notice())
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    received += chunk
    tell()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    isClosed = true
    tell()
  })
  socket.write(text, 'latin1')
  return {
    socket,
    readUntil: async (pattern) =>
      await new Promise((resolve) => {
        const notice = (): void => {
          if (!isClosed && !pattern.test(received)) return
          look.delete(notice)
          resolve(received)
        }
        look.add(notice)
        notice()
      }),
  }
}
