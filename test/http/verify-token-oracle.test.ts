// An oracle: every token this service accepts, Clerk's own verifyToken accepts too. The other way round it need not
// be so, because that function does not look at the issuer, the class of a token, its lifetime or its session.
import { verifyToken } from '@clerk/backend'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import {
  jwkOf,
  makeKeyPair,
  publicPem,
  signSession,
  startClerk,
  type Clerk,
  type Json,
  type KeyPair,
} from '../support/clerk.ts'
import { call, makeUser } from '../support/callers.ts'
import { startService } from '../support/service.ts'

const PARTY = 'https://app.example.com'

let clerk: Clerk
let stranger: KeyPair

beforeAll(async () => {
  clerk = await startClerk()
  stranger = await makeKeyPair()
})

interface Case {
  readonly claims: Json
  readonly header: Json
  readonly isForged: boolean
}

/** Each dimension alone and every pair of them: what two checks let through together is where mistakes hide. */
function matrix(nowSeconds: number, sub: string): Case[] {
  const claims: Json[] = [
    {},
    { sub },
    { sub: 'mch_1' },
    { sub: undefined },
    { azp: 'https://evil.example' },
    { azp: undefined },
    { iss: 'https://evil.example' },
    { sid: undefined },
    { sts: 'pending' },
    { act: { sub: 'user_admin' } },
    { iat: nowSeconds + 4 },
    { iat: nowSeconds + 6 },
    { nbf: nowSeconds + 4 },
    { nbf: nowSeconds + 6 },
    { nbf: undefined },
    { exp: nowSeconds - 4 },
    { exp: nowSeconds - 6 },
    { exp: nowSeconds + 3600 },
    { exp: nowSeconds + 3601 },
    { exp: undefined },
    { uid: crypto.randomUUID() },
  ]
  const headers: Json[] = [
    {},
    { typ: undefined },
    { typ: 'at+jwt' },
    { cat: undefined },
    { cat: 'cl_B7d4PD222AAA' },
    { cat: 'cl_B7d4PD333AAA' },
    { kid: 'ins_other' },
    { kid: undefined },
  ]
  return headers.flatMap((header) =>
    claims.flatMap((claim) => [false, true].map((isForged) => ({ claims: { sub, ...claim }, header, isForged }))),
  )
}

describe('verifyToken of @clerk/backend', () => {
  it('accepts every token that this service accepts, over a matrix of 336', async () => {
    const { clerkUserId } = await makeUser()
    // The test's clock begins at the real time: verifyToken asks the real one.
    const service = startService({ CLERK_ISSUER: clerk.issuer, CLERK_AUTHORIZED_PARTIES: PARTY })
    const nowMs = Math.floor(Date.now() / 1000) * 1000
    service.clock.nowMs = nowMs
    vi.useFakeTimers({ now: nowMs, toFake: ['Date'] })
    await clerk.publish(await jwkOf(clerk.keyPair), await jwkOf(clerk.keyPair, 'ins_other'))
    const jwtKey = await publicPem(clerk.keyPair)
    const counts = { tokens: 0, ours: 0, clerks: 0 }
    try {
      for (const { claims, header, isForged } of matrix(nowMs / 1000, clerkUserId)) {
        const { privateKey } = isForged ? stranger : clerk.keyPair
        const token = await signSession(privateKey, clerk.issuer, nowMs, claims, header)
        const response = await call(service, `Bearer ${token}`, 'GET', '/api/me')
        const isOurs = response.status === 200
        const isClerks = await verifyToken(token, { jwtKey, authorizedParties: [PARTY], clockSkewInMs: 5000 }).then(
          () => true,
          () => false,
        )
        counts.tokens += 1
        counts.ours += Number(isOurs)
        counts.clerks += Number(isClerks)
        if (isOurs) expect({ claims, header, isForged, isClerks }).toEqual({ claims, header, isForged, isClerks: true })
        else expect([401, 403]).toContain(response.status)
      }
    } finally {
      vi.useRealTimers()
    }
    expect(counts.tokens).toBe(336)
    // Neither says no to everything, and we are the stricter.
    expect(counts.ours).toBeGreaterThan(20)
    expect(counts.clerks).toBeGreaterThan(counts.ours)
  })
})
