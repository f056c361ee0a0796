// Edge delivery: playlists, segments and beginnings of viewings that go through a session in the path.
import { randomBytes } from 'node:crypto'
import { SignJWT, importJWK, type JWK } from 'jose'
import { formatApiKey } from '../../../src/core/auth/api-key.ts'
import { JOB_ID, startWorkerdService, type WorkerdService } from '../../support/workerd-service.ts'
import { openTarget, takeTurns, type TargetOptions } from '../load.ts'
import { interleave } from '../measure.ts'
import { oneFolder } from '../playlists.ts'
import { bundleCases, send, start } from '../runtime.ts'
import type { Bench, RowGroup } from '../table.ts'

const SEGMENTS = 1200
const SEGMENT_BYTES = 1_000_000
const ENTRY =
  '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000000,RESOLUTION=640x360\nlow/v.m3u8\n' +
  '#EXT-X-STREAM-INF:BANDWIDTH=5000000,RESOLUTION=1920x1080\nhigh/v.m3u8\n'
const STREAM = `/api/playback/stream/${JOB_ID}/index.m3u8`
const GZIP = { 'Accept-Encoding': 'gzip' }

export const sessionBench: Bench = {
  name: 'sessions',
  run: async () => [await coldPlaylist(), await requests()],
}

async function coldPlaylist(): Promise<RowGroup> {
  const ways = ['aws4fetch', 'kept', 'kept']
  // One after another: the newest process is taken for the one just started.
  const runtimes = []
  for (const way of ways) runtimes.push(await start(await bundleCases([way])))
  const bytes: number[] = []
  const cases = runtimes.map((runtime, index) => ({
    name: ['aws4fetch', 'ours, below a session', 'ours again'][index] ?? '',
    clockMs: runtime.clockMs,
    async run(times: number) {
      const answer = await runtime.send(`/${ways[index]}?times=${times}`)
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body.toString()}`)
      bytes[index] = Number(answer.body.toString())
    },
  }))
  for (const runtime of runtimes) await runtime.send('/', { method: 'POST', body: oneFolder(SEGMENTS) })
  const timings = await interleave(cases, 9, 100)
  for (const runtime of runtimes) await runtime.stop()
  return {
    title: `A media playlist of ${SEGMENTS.toLocaleString('en')} segments below a session`,
    note: 'Warm isolates, a text that is not in memory: read, judged and printed; processor time of workerd.',
    columns: ['way', 'µs a segment', 'ms a playlist', 'kB', '× aws4fetch'],
    rows: timings.map(({ name, microseconds, timesFaster }, index) => [
      name,
      microseconds / SEGMENTS,
      microseconds / 1000,
      Math.round((bytes[index] ?? 0) / 1000),
      timesFaster,
    ]),
  }
}

async function requests(): Promise<RowGroup> {
  const rawKey = formatApiKey(randomBytes(32))
  const service = await startWorkerdService({
    bare: './bench/worker/bare.ts',
    rawKey,
    variables: { DELIVERY: 'edge', EDGE_SIGNING_SECRET: 's'.repeat(64) },
    playlist: ENTRY,
  })
  try {
    const segment = randomBytes(SEGMENT_BYTES)
    await service.putStreamFile('low/v.m3u8', oneFolder(SEGMENTS))
    await service.putStreamFile('low/seg-1.ts', new Uint8Array(segment).buffer)
    const publicFolder = await begin(service, STREAM)
    const playlist = await send(service.address('lynxgate', `${publicFolder}v.m3u8`), { headers: GZIP })
    const names = ['content-type', 'content-encoding', 'cache-control', 'etag', 'vary']
    await load(service, '/load', playlist.body, pick(playlist.headers, names))
    // Twice: cold it comes from the bucket, and is kept after the answer.
    await send(service.address('lynxgate', `${publicFolder}seg-1.ts`))
    await new Promise((resolve) => setTimeout(resolve, 500))
    const media = await send(service.address('lynxgate', `${publicFolder}seg-1.ts`))
    await load(service, '/load-segment', segment, pick(media.headers, ['content-type', 'etag']))

    const rows: (string | number)[][] = []
    const row = async (name: string, path: string, bare: string, options: TargetOptions & { rounds?: number } = {}) => {
      const { rounds = 300, ...target } = options
      const [first, again, ours] = await takeTurns(
        [
          await openTarget('bare', service.address('bare', bare), target),
          await openTarget('bare again', service.address('bare', bare), target),
          await openTarget('ours', service.address('lynxgate', path), target),
        ],
        rounds,
        options.block === undefined ? undefined : 10,
      )
      const noise = (again?.microseconds ?? Number.NaN) / (first?.microseconds ?? Number.NaN)
      rows.push([
        name,
        first?.microseconds ?? Number.NaN,
        ours?.microseconds ?? Number.NaN,
        ours?.ratio ?? Number.NaN,
        noise,
      ])
    }
    await row('hot playlist', `${publicFolder}v.m3u8`, '/playlist', { headers: GZIP })
    await row('begin a viewing, public', STREAM, '/playlist', { headers: GZIP })
    await ask(service, rawKey, 'PATCH', `/api/videos/${JOB_ID}`, { playback: 'private' })
    const tokens = await makeTokens(service, rawKey)
    for (const [name, token] of Object.entries(tokens)) {
      await begin(service, `${STREAM}?token=${token}`)
      await row(`begin a viewing, ${name}`, `${STREAM}?token=${token}`, '/playlist', { headers: GZIP })
    }
    const folder = await begin(service, `${STREAM}?token=${tokens['token of the gate']}`)
    await row('warm segment of 1 MB', `${folder}seg-1.ts`, '/segment', { block: 5, rounds: 60 })
    return {
      title: 'Requests through a session',
      note: `By the clock. The playlist has ${SEGMENTS.toLocaleString('en')} segments, ${(playlist.body.length / 1000).toFixed(1)} kB compressed; bare is a Hono route that returns the same bytes, for the segment out of the Cache API.`,
      columns: ['request', 'bare, µs', 'ours, µs', '× bare', 'noise'],
      rows,
    }
  } finally {
    await service.stop()
  }
}

/** The folder of a new viewing's low quality. */
async function begin(service: WorkerdService, path: string): Promise<string> {
  const { body } = await send(service.address('lynxgate', path))
  const prefix = /\/v\/[\w-]{82}\//.exec(body.toString())?.[0]
  if (prefix === undefined) throw new Error(`no viewing: ${body.toString()}`)
  return `${prefix}low/`
}

/** One of each kind. */
async function makeTokens(service: WorkerdService, rawKey: string): Promise<Record<string, string>> {
  const own = await ask(service, rawKey, 'POST', '/api/playback/tokens', { job_id: JOB_ID })
  const key = await ask(service, rawKey, 'POST', '/api/signing-keys', { name: 'bench' })
  const jwk = key['private_jwk'] as JWK
  const signed = await new SignJWT({ sub: JOB_ID })
    .setProtectedHeader({ alg: 'EdDSA', kid: String(key['id']), typ: 'lynxgate-playback+jwt' })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(await importJWK(jwk, 'EdDSA'))
  return { 'token of the gate': String(own['token']), 'token of a customer (Ed25519)': signed }
}

async function ask(
  service: WorkerdService,
  rawKey: string,
  method: string,
  path: string,
  body: object,
): Promise<Record<string, unknown>> {
  const headers = { Authorization: rawKey, 'Content-Type': 'application/json' }
  const answer = await send(service.address('lynxgate', path), { method, headers, body: JSON.stringify(body) })
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.body.toString()}`)
  return JSON.parse(answer.body.toString()) as Record<string, unknown>
}

/** Gives the bare app what it has to return. */
async function load(
  service: WorkerdService,
  path: string,
  body: Buffer,
  headers: Record<string, string>,
): Promise<void> {
  await send(service.address('bare', path), {
    method: 'POST',
    body,
    headers: { 'X-Headers': JSON.stringify(headers) },
  })
}

function pick(headers: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.filter((name) => headers[name] !== undefined).map((name) => [name, String(headers[name])]),
  )
}
