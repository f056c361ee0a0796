// Whole requests against a bare Hono route that returns the same bytes.
import { openTarget, takeTurns, type TargetOptions } from '../load.ts'
import { oneFolder } from '../playlists.ts'
import { send, type Answer } from '../runtime.ts'
import { JOB_ID, startWorkerdService, type WorkerdService } from '../../support/workerd-service.ts'
import type { Bench } from '../table.ts'

const SEGMENTS = 1200
const STREAM = `/api/playback/stream/${JOB_ID}`
const DIRECT = `/api/playback/direct?job_id=${JOB_ID}`
const GZIP = { 'Accept-Encoding': 'gzip' }

interface Row extends TargetOptions {
  readonly name: string
  readonly path: string
  readonly bare: string
  readonly rounds: number
}

export const requestBench: Bench = {
  name: 'requests',
  async run() {
    const service = await startWorkerdService({ bare: './bench/worker/bare.ts', playlist: oneFolder(SEGMENTS) })
    try {
      const playlist = await send(service.address('lynxgate', STREAM), { headers: GZIP })
      await handOver(service, playlist)
      const known = { ...GZIP, 'If-None-Match': String(playlist.headers['etag']) }
      // A variable handed down from a parent playlist is part of the key: each request makes the text anew.
      let count = 1e6
      const cold = (): string => `${STREAM}?_lg_v_n=${count++}`
      const rows: readonly Row[] = [
        { name: 'hot playlist', path: STREAM, bare: '/playlist', headers: GZIP, rounds: 300 },
        { name: '304', path: STREAM, bare: '/unchanged', headers: known, status: 304, rounds: 300 },
        { name: 'redirect', path: DIRECT, bare: '/redirect', status: 302, rounds: 20 },
        { name: 'cold playlist', path: STREAM, bare: '/playlist', headers: GZIP, nextPath: cold, rounds: 10 },
      ]
      const table: (string | number)[][] = []
      for (const row of rows) table.push(await measure(service, row))
      return [
        {
          title: 'Whole requests',
          note: `By the clock, local stores included; a playlist has ${SEGMENTS.toLocaleString('en')} segments, ${Math.round(playlist.body.length / 1000)} kB compressed. "Noise" is the same bare app against itself.`,
          columns: ['request', 'bare Hono, µs', 'ours, µs', '× bare', 'noise'],
          rows: table,
        },
      ]
    } finally {
      await service.stop()
    }
  },
}

async function measure(service: WorkerdService, row: Row): Promise<(string | number)[]> {
  const { nextPath: _, ...fixed } = row
  const bare = service.address('bare', row.bare)
  const [first, again, ours] = await takeTurns(
    [
      await openTarget('bare', bare, fixed),
      await openTarget('bare again', bare, fixed),
      await openTarget('ours', service.address('lynxgate', row.path), row),
    ],
    row.rounds,
  )
  const noise = (again?.microseconds ?? Number.NaN) / (first?.microseconds ?? Number.NaN)
  return [
    row.name,
    first?.microseconds ?? Number.NaN,
    ours?.microseconds ?? Number.NaN,
    ours?.ratio ?? Number.NaN,
    noise,
  ]
}

/** Gives the bare app what it has to return. */
async function handOver(service: WorkerdService, playlist: Answer): Promise<void> {
  const redirect = await send(service.address('lynxgate', DIRECT))
  const names = ['content-type', 'content-encoding', 'cache-control', 'etag', 'vary']
  const headers = Object.fromEntries(names.map((name) => [name, String(playlist.headers[name])]))
  await send(service.address('bare', '/load'), {
    method: 'POST',
    body: playlist.body,
    headers: { 'X-Headers': JSON.stringify(headers), 'X-Location': String(redirect.headers['location']) },
  })
}
