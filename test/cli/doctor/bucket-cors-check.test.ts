// What the doctor says of a bucket's CORS policy, asked of small servers that answer a preflight as buckets do.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { checkBucketCors, POLICY } from '../../../src/cli/doctor/bucket-cors-check.ts'
import type { Patient } from '../../../src/cli/doctor/patient.ts'

const CMCD = ['cmcd-request', 'cmcd-object', 'cmcd-session', 'cmcd-status']
const patient: Patient = {
  url: 'http://localhost:1',
  isRemote: true,
  dataFolder: '',
  environment: undefined,
  bucket: 'lynxgate-media',
  variables: new Map(),
}

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A bucket whose policy allows these headers: it refuses a preflight for any other, as R2 does. */
async function startBucket(headers: readonly string[], origin = '*'): Promise<string> {
  const server = createServer((request, response) => {
    const asked = (request.headers['access-control-request-headers'] ?? '').split(',')
    const isAllowed = asked.every((name) => headers.includes(name))
    response
      .writeHead(isAllowed ? 204 : 403, {
        ...(isAllowed && {
          'Access-Control-Allow-Origin': origin,
          'Access-Control-Allow-Headers': headers.join(', '),
        }),
      })
      .end()
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket/a.mp4`
}

describe('checkBucketCors', () => {
  it('F27: is content with the policy that --fix sets', async () => {
    const headers = POLICY.rules.flatMap(({ allowed }) => allowed.headers)
    expect(headers).toEqual(expect.arrayContaining([...CMCD, 'cache-control', 'x-playback-session-id', 'range']))
    expect(await checkBucketCors(patient, await startBucket(headers))).toMatchObject({ state: 'ok' })
  })

  it.each([
    ['CMCD', ['range', 'if-none-match', 'if-range', 'content-type']],
    ['CMCD', ['range', 'cache-control', 'x-playback-session-id', ...CMCD.slice(1)]],
    ['fetch ranges', []],
  ])('F27: says that a player may not send %s where the policy has %j', async (words, headers) => {
    const finding = await checkBucketCors(patient, await startBucket(headers))
    expect(finding.state).toBe('problem')
    expect(finding.sentence).toContain(words)
    expect(finding.advice).toContain('--fix')
  })

  it('says so of a bucket that knows another origin, and of none', async () => {
    const other = await startBucket(['range'], 'https://other.example')
    expect((await checkBucketCors(patient, other)).state).toBe('problem')
    expect((await checkBucketCors(patient, 'http://127.0.0.1:1/none')).state).toBe('problem')
    expect((await checkBucketCors(patient, undefined)).state).toBe('skipped')
  })
})
