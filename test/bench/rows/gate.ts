// What the gate costs a small GET: the stand-in engine asked directly and through the gate, in turns in one run.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { startStandInEngine } from '../../../src/cli/start/stand-in-engine.ts'
import { formatApiKey } from '../../../src/core/auth/api-key.ts'
import { startWorkerdService } from '../../support/workerd-service.ts'
import { median } from '../measure.ts'

const ROUNDS = 15
const CALLS_A_ROUND = 100

/** Asks one server over one kept-alive connection. */
type Ask = (
  path: string,
  init?: { method?: string; headers?: Record<string, string>; body?: string },
) => Promise<string>

export const gateBench = {
  name: 'gate',
  async run() {
    const engine = await startStandInEngine()
    const rawKey = formatApiKey(randomBytes(32))
    const { privateKey } = generateKeyPairSync('ed25519')
    const ASSERTION_PRIVATE_KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const gate = await startWorkerdService({ rawKey, variables: { CLIPZY_ORIGIN: engine.url, ASSERTION_PRIVATE_KEY } })
    const direct = asker(engine.url)
    const through = asker(gate.address('lynxgate', '/').origin)
    const headers = { Authorization: rawKey }
    const form = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\nfilm\r\n--b--\r\n'
    const formHeaders = { ...headers, 'Content-Type': 'multipart/form-data; boundary=b' }
    const videoId = readId(
      await through('/api/v1/videos/upload', { method: 'POST', headers: formHeaders, body: form }),
      'video_id',
    )
    const body = JSON.stringify({ video_id: videoId })
    const jsonHeaders = { ...headers, 'Content-Type': 'application/json' }
    const jobId = readId(await through('/api/v1/jobs', { method: 'POST', headers: jsonHeaders, body }), 'job_id')
    // A job that is over does not move: what is measured is a look at it and not a change.
    await through(`/api/v1/jobs/${jobId}`, { method: 'DELETE', headers })

    const job = `/api/v1/jobs/${jobId}`
    const timings = await takeTurns({
      'the engine directly': async () => void (await direct(job)),
      'through the gate: health (public)': async () => void (await through('/api/v1/health')),
      'through the gate: one’s own job': async () => void (await through(job, { headers })),
      'the gate’s own list': async () => void (await through('/api/v1/jobs', { headers })),
      'the engine directly, again': async () => void (await direct(job)),
    })
    await gate.stop()
    await engine.close()
    return [
      {
        title: 'A small GET through the gate',
        note: 'One connection, one call at a time; each ratio is the median of rounds against the first row of the same round. A job costs its key (cached), one database read, an Ed25519 signature and the call.',
        columns: ['way', 'µs a call', '× directly'],
        rows: timings,
      },
    ]
  },
}

function asker(url: string): Ask {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return async (path, { method = 'GET', headers = {}, body = '' } = {}) =>
    await new Promise((resolve, reject) => {
      const outgoing = request(url + path, { agent, method, headers }, (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('end', () => {
          if (response.statusCode === 200) resolve(text)
          else reject(new Error(`${path}: ${response.statusCode} ${text}`))
        })
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
}

function readId(text: string, name: 'video_id' | 'job_id'): string {
  const { data } = JSON.parse(text) as { data: Record<string, string> }
  return data[name] ?? ''
}

/** [way, median microseconds, median ratio to the first way of the same round]. */
async function takeTurns(ways: Readonly<Record<string, () => Promise<void>>>): Promise<[string, number, number][]> {
  const entries = Object.entries(ways)
  const samples: number[][] = entries.map(() => [])
  for (let round = -1; round < ROUNDS; round++) {
    const order = entries.map((_, index) => (round % 2 === 0 ? index : entries.length - 1 - index))
    for (const index of order) {
      const startMs = performance.now()
      for (let call = 0; call < CALLS_A_ROUND; call++) await entries[index]?.[1]()
      // The first round only warms everything.
      if (round >= 0) samples[index]?.push(((performance.now() - startMs) * 1000) / CALLS_A_ROUND)
    }
  }
  const first = samples[0] ?? []
  return entries.map(([name], index) => {
    const own = samples[index] ?? []
    return [name, median(own), median(own.map((sample, round) => sample / (first[round] ?? Number.NaN)))]
  })
}
