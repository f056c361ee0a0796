// Whole requests against a bare Hono route that returns the same bytes.
import { interleave, type Case } from '../measure.ts'
import { oneFolder } from '../playlists.ts'
import { bundle, start, type Answer, type Runtime } from '../runtime.ts'
import { JOB_ID, startService } from '../service.ts'
import type { Bench } from '../table.ts'

const ROUNDS = 15
const BLOCK_MS = 100
const SEGMENTS = 1200
const STREAM = `/api/playback/stream/${JOB_ID}`
const GZIP = { 'Accept-Encoding': 'gzip' }

export const requestBench: Bench = {
  name: 'requests',
  async run() {
    const service = await startService(oneFolder(SEGMENTS))
    const bareScript = await bundle(`import { fetch } from './worker/bare.ts'\nexport default { fetch }`)
    const bare = await start(bareScript)
    const bareAgain = await start(bareScript)
    const playlist = await service.send(STREAM, { headers: GZIP })
    const redirect = await service.send(`/api/playback/direct?job_id=${JOB_ID}`)
    for (const runtime of [bare, bareAgain]) await load(runtime, playlist, redirect)

    const known = { ...GZIP, 'If-None-Match': String(playlist.headers['etag']) }
    const rows = [
      { name: 'hot playlist', path: STREAM, bare: '/playlist', status: 200, headers: GZIP },
      { name: '304', path: STREAM, bare: '/unchanged', status: 304, headers: known },
      { name: 'redirect', path: `/api/playback/direct?job_id=${JOB_ID}`, bare: '/redirect', status: 302, headers: {} },
    ]
    const table: (string | number)[][] = []
    for (const row of rows) {
      const [first, again, ours] = await interleave(
        [
          toCase('bare', bare, () => row.bare, row.status, {}),
          toCase('bare again', bareAgain, () => row.bare, row.status, {}),
          toCase('ours', service, () => row.path, row.status, row.headers),
        ],
        ROUNDS,
        BLOCK_MS,
      )
      table.push([row.name, first?.microseconds ?? 0, ours?.microseconds ?? 0, 1 / (ours?.timesFaster ?? 1), 1 / (again?.timesFaster ?? 1)])
    }
    // A variable handed down from a parent playlist is part of the key: each request makes the text anew.
    let count = 0
    const cold = (): string => `${STREAM}?_lg_v_n=${count++}`
    const [first, ours] = await interleave(
      [toCase('bare', bare, () => '/playlist', 200, {}), toCase('ours', service, cold, 200, GZIP)],
      ROUNDS,
      BLOCK_MS,
    )
    table.push(['cold playlist', first?.microseconds ?? 0, ours?.microseconds ?? 0, 1 / (ours?.timesFaster ?? 1), '–'])
    for (const runtime of [service, bare, bareAgain]) await runtime.stop()
    return [
      {
        title: 'Whole requests',
        note: `Processor time of workerd, local stores included; a playlist has ${SEGMENTS.toLocaleString('en')} segments, ${Math.round(playlist.body.length / 1000)} kB compressed. "Noise" is the same bare app against itself.`,
        columns: ['request', 'bare Hono, µs', 'ours, µs', 'ratio', 'noise'],
        rows: table,
      },
    ]
  },
}

/** Gives the bare app what it has to return. */
async function load(bare: Runtime, playlist: Answer, redirect: Answer): Promise<void> {
  const names = ['content-type', 'content-encoding', 'cache-control', 'etag', 'vary']
  const headers = Object.fromEntries(names.map((name) => [name, String(playlist.headers[name])]))
  await bare.send('/load', {
    method: 'POST',
    body: playlist.body,
    headers: { 'X-Headers': JSON.stringify(headers), 'X-Location': String(redirect.headers['location']) },
  })
}

function toCase(
  name: string,
  runtime: Runtime,
  path: () => string,
  status: number,
  headers: Record<string, string>,
): Case {
  return {
    name,
    clockMs: runtime.clockMs,
    async run(times) {
      for (let left = times; left > 0; left--) {
        const answer = await runtime.send(path(), { headers })
        if (answer.status !== status) throw new Error(`${name} ${path()}: ${answer.status} ${answer.body.toString()}`)
      }
    },
  }
}
