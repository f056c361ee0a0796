// The conformance table over HTTP: /media of the started service, and the same objects through the local S3
// endpoint. Where the two differ the table says how, and docs/delivery.md why.
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPresigner } from '../../src/core/sigv4/presigner.ts'
import { spawnLocalService, type OwnLocalService } from '../support/local-service.ts'
import {
  CONFORMANCE,
  SIZES,
  describeCase,
  expectAnswer,
  expectSize,
  headersFor,
  type ConformanceCase,
  type Known,
  type Size,
} from '../support/media-conformance.ts'
import { numberedBytes, signMedia } from '../support/media.ts'

const now = Math.floor(Date.now() / 1000)
const keyOf = (size: Size): string => `users/conformance/${size}.mp4`
const s3 = createPresigner({
  accessKeyId: 'lynxgate-local',
  secretAccessKey: 'lynxgate-local-secret',
  region: 'auto',
})

let service: OwnLocalService
let secret = ''
const known = new Map<Size, Known>()

beforeAll(async () => {
  service = await spawnLocalService(['--delivery', 'edge'])
  secret = await service.variable('EDGE_SIGNING_SECRET')
  for (const size of SIZES) {
    const url = signMedia({ key: keyOf(size), origin: service.url, signedAtSeconds: now, secret, method: 'PUT' })
    const put = await fetch(url, { method: 'PUT', body: numberedBytes(size), headers: { 'Content-Type': 'video/mp4' } })
    expect(put.status).toBe(200)
    const head = await fetch(urlOf.edge('GET', size), { method: 'HEAD' })
    known.set(size, { etag: head.headers.get('ETag') ?? '', lastModified: head.headers.get('Last-Modified') ?? '' })
  }
})
afterAll(() => service.stop())

const urlOf = {
  edge: (_method: 'GET' | 'HEAD', size: Size): string =>
    signMedia({ key: keyOf(size), origin: service.url, signedAtSeconds: now, secret }),
  s3: (method: 'GET' | 'HEAD', size: Size): string =>
    s3.presign({
      method,
      origin: service.url,
      path: `/cdn-cgi/local/r2/s3/lynxgate-media/${keyOf(size)}`,
      signedAtSeconds: now,
      expiresSeconds: 3600,
    }),
}

const named = CONFORMANCE.map((row) => [describeCase(row), row] as const)

async function ask(server: 'edge' | 's3', row: ConformanceCase): Promise<[Response, Known]> {
  const object = known.get(row.size) ?? { etag: '', lastModified: '' }
  const headers = headersFor(row, object)
  return [await fetch(urlOf[server](row.method, row.size), { method: row.method, headers }), object]
}

describe('/media over HTTP', () => {
  it.each(named)('%s', async (_name, row) => {
    const [response, object] = await ask('edge', row)
    await expectAnswer(response, row, row.expected, object)
    expectSize(response, row)
    expect(response.headers.get('Content-Type')).toBe(
      row.expected.bytes === undefined ? (row.expected.status === 304 ? null : 'application/json') : 'video/mp4',
    )
  })
})

describe('the local S3 endpoint', () => {
  it.each(named)('%s', async (_name, row) => {
    const [response, object] = await ask('s3', row)
    await expectAnswer(response, row, row.difference?.s3 ?? row.expected, object)
    // The one difference in a header: it does not say how much there is.
    if (response.status === 416) expect(response.headers.get('Content-Range')).toBeNull()
  })

  it('differs in no way that docs/delivery.md does not name', async () => {
    const page = await readFile('docs/delivery.md', 'utf8')
    for (const { difference } of CONFORMANCE) if (difference !== undefined) expect(page).toContain(difference.kind)
  })
})
