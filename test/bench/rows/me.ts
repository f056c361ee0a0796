// GET /api/me: what authentication costs, against a bare Hono route behind the same log.
import { randomBytes } from 'node:crypto'
import { exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { formatApiKey } from '../../../src/core/auth/api-key.ts'
import { openTarget, takeTurns } from '../load.ts'
import { CLERK_USER_ID, ISSUER, startWorkerdService } from '../../support/workerd-service.ts'
import type { Bench } from '../table.ts'

const ROUNDS = 600

export const meBench: Bench = {
  name: 'me',
  async run() {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
    const rawKey = formatApiKey(randomBytes(32))
    const limitedKey = formatApiKey(randomBytes(32))
    const service = await startWorkerdService({
      bare: './bench/worker/bare-me.ts',
      rawKey,
      limitedKey,
      variables: { CLERK_JWT_KEY: await exportSPKI(publicKey) },
    })
    try {
      const session = { Authorization: `Bearer ${await signToken(privateKey)}` }
      const [bare, gate] = [service.address('bare', '/api/me'), service.address('lynxgate', '/api/me')]
      const readings = await takeTurns(
        [
          // The bare route is sent the same bytes: reading them is not what authentication adds.
          await openTarget('bare', bare, { headers: session }),
          await openTarget('hot session', gate, { headers: session }),
          await openTarget('bare again', bare, { headers: session }),
          await openTarget('hot key', gate, { headers: { Authorization: rawKey } }),
        ],
        ROUNDS,
      )
      return [
        {
          title: 'GET /api/me',
          note: `${ROUNDS} rounds by the clock; "bare" against "bare again" is the noise.`,
          columns: ['request', 'µs', '× bare'],
          rows: readings.map(({ name, microseconds, ratio }) => [name, microseconds, ratio]),
        },
        {
          title: 'GET /api/me, one request after the other',
          note: 'Medians of a whole round trip. What limits cost is one call of a Durable Object, which writes a row or two.',
          columns: ['request', 'µs'],
          rows: await oneByOne(gate, { 'hot key': rawKey, 'hot key with limits': limitedKey }),
        },
      ]
    } finally {
      await service.stop()
    }
  },
}

/** By turns. Answers of keys with limits differ in length, which pipelined targets do not take. */
async function oneByOne(url: URL, keys: Readonly<Record<string, string>>): Promise<[string, string][]> {
  const times = new Map<string, number[]>(Object.keys(keys).map((name) => [name, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, key] of Object.entries(keys)) {
      const startMs = performance.now()
      await (await fetch(url, { headers: { Authorization: key } })).arrayBuffer()
      times.get(name)?.push((performance.now() - startMs) * 1000)
    }
  }
  return [...times].map(([name, all]) => [name, String(Math.round(all.sort((a, b) => a - b)[ROUNDS / 2] ?? 0))])
}

/** As long as Clerk's own: about 900 characters. */
async function signToken(privateKey: CryptoKey): Promise<string> {
  const claims = { azp: 'https://app.example.com', fva: [7, -1], sid: `sess_${'2'.repeat(27)}`, sts: 'active', v: 2 }
  return await new SignJWT({ ...claims, o: { id: `org_${'3'.repeat(27)}`, rol: 'admin', slg: 'example' } })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: `ins_${'1'.repeat(27)}`, cat: 'cl_B7d4PD111AAA' })
    .setIssuer(ISSUER)
    .setSubject(CLERK_USER_ID)
    .setIssuedAt()
    .setNotBefore('0s')
    .setExpirationTime('1h')
    .setJti('4'.repeat(20))
    .sign(privateKey)
}
