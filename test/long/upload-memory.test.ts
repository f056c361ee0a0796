// A gigabyte through the gate: the memory of the runtime stays where it was. Linux only, by /proc.
import { readdir, readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { json, startEngineServer, success, type EngineServer } from '../support/engine-server.ts'
import { startLocalGate, type LocalGate } from '../support/local-gate.ts'

const MIB = 1024 * 1024
const BODY_BYTES = 1024 * MIB
/** Heaps breathe; a body that is kept would be sixteen times this. */
const ALLOWANCE_BYTES = 64 * MIB

let engine: EngineServer
let gate: LocalGate
let arrivedBytes = 0

beforeAll(async () => {
  engine = await startEngineServer((incoming, response) => {
    arrivedBytes = 0
    incoming.on('data', (chunk: Buffer) => (arrivedBytes += chunk.length))
    incoming.on('end', () => json(200, success({ video_id: 'vid_big' }))(incoming, response))
  })
  gate = await startLocalGate({ CLIPZY_ORIGIN: engine.url, CLIPZY_MAX_BODY_BYTES: String(2 * BODY_BYTES) })
}, 120_000)

afterAll(async () => {
  await gate.stop()
  await engine.close()
})

/** Resident bytes of every runtime process below the gate's. */
async function residentBytes(): Promise<number> {
  const parents = new Map<number, number>()
  const resident = new Map<number, number>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '')
    parents.set(Number(name), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]))
    if (!/^Name:\s+workerd/m.test(status)) continue
    resident.set(Number(name), Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024)
  }
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid)
    return parent !== undefined && parent > 1 && (parent === gate.pid || isOurs(parent))
  }
  return [...resident].reduce((sum, [pid, bytes]) => (isOurs(pid) ? sum + bytes : sum), 0)
}

interface Upload {
  readonly contentType: string
  readonly isChunked: boolean
  /** What stands before and behind the gigabyte. */
  readonly before: string
  readonly after: string
}

const FORM: Upload = {
  contentType: 'multipart/form-data; boundary=b',
  isChunked: false,
  before: '--b\r\nContent-Disposition: form-data; name="file"; filename="film.mp4"\r\n\r\n',
  after: '\r\n--b--\r\n',
}

function lengthOf({ before, after }: Upload): number {
  return before.length + BODY_BYTES + after.length
}

/** Sends as fast as it is taken; gives the status and the most memory seen meanwhile. */
async function send(upload: Upload): Promise<{ status: number; peakBytes: number }> {
  const authorization = await gate.authorization('user_big')
  const chunk = Buffer.alloc(MIB, 'x')
  const outgoing = request(`${gate.url}/api/v1/videos/upload`, {
    method: 'POST',
    headers: {
      Authorization: authorization,
      'Content-Type': upload.contentType,
      ...(upload.isChunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': lengthOf(upload) }),
    },
  })
  const status = new Promise<number>((resolve, reject) => {
    outgoing.once('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    outgoing.once('error', reject)
  })
  let peakBytes = 0
  outgoing.write(upload.before)
  for (let sent = 0; sent < BODY_BYTES; sent += MIB) {
    if (!outgoing.write(chunk)) await new Promise((resolve) => outgoing.once('drain', resolve))
    if ((sent / MIB) % 16 === 0) peakBytes = Math.max(peakBytes, await residentBytes())
  }
  outgoing.end(upload.after)
  return { status: await status, peakBytes }
}

describe('a gigabyte', () => {
  it.each([
    ['with a length', FORM],
    ['in chunks', { ...FORM, isChunked: true }],
  ])('%s passes in constant memory', async (_case, upload) => {
    // The first fills the heaps of a young runtime to where they stay; what a body adds shows in the second.
    const first = await send(upload)
    const second = await send(upload)
    console.log(
      `resident at most: ${Math.round(first.peakBytes / MIB)} MiB, then ${Math.round(second.peakBytes / MIB)}`,
    )
    expect([first.status, second.status]).toEqual([200, 200])
    expect(arrivedBytes).toBe(lengthOf(upload))
    expect(first.peakBytes).toBeGreaterThan(0)
    expect(first.peakBytes).toBeLessThan(BODY_BYTES / 2)
    expect(second.peakBytes - first.peakBytes).toBeLessThan(ALLOWANCE_BYTES)
  })
})
