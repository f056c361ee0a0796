// A Clerk instance of a test's own: its key, its tokens, and what it answers over the network.
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'
import type { RecordedCall, ScriptedAnswer } from './fake-clerk.ts'

export const KID = 'ins_test'
export const JWKS_PATH = '/.well-known/jwks.json'

/** A value of undefined takes a claim or parameter out. */
export type Json = Readonly<Record<string, unknown>>

export interface KeyPair {
  readonly publicKey: CryptoKey
  readonly privateKey: CryptoKey
}

/** Extractable, so that attacks can be signed with every form of the public key. */
export async function makeKeyPair(): Promise<KeyPair> {
  return await generateKeyPair('RS256', { extractable: true })
}

let shared: KeyPair | undefined

/** Making a key takes a while; most tests need some key and not one of their own. */
export async function sharedKeyPair(): Promise<KeyPair> {
  return (shared ??= await makeKeyPair())
}

export async function publicPem(pair: KeyPair): Promise<string> {
  return (await exportSPKI(pair.publicKey)).trim()
}

export async function jwkOf(pair: KeyPair, kid: string = KID): Promise<Record<string, unknown>> {
  return { ...(await exportJWK(pair.publicKey)), kid, use: 'sig', alg: 'RS256' }
}

export interface Clerk {
  readonly issuer: string
  readonly keyPair: KeyPair
  /** A minute's session of `user_alice`, unless the claims say otherwise; `undefined` takes a claim out. */
  token(nowMs: number, claims?: Json, header?: Json): Promise<string>
  /** Sets the answer of one path. */
  answer(path: string, answer: ScriptedAnswer): Promise<void>
  publish(...jwks: readonly Record<string, unknown>[]): Promise<void>
  putUser(clerkUserId: string, externalId: string | null): Promise<void>
  /** What was asked of it, in order. */
  calls(): Promise<readonly RecordedCall[]>
}

/** With its key set already published. */
export async function startClerk(keyPair?: KeyPair): Promise<Clerk> {
  const pair = keyPair ?? (await sharedKeyPair())
  const issuer = `https://${crypto.randomUUID()}.clerk.test`
  const tell = async (path: string, key: string, value: unknown): Promise<void> => {
    await fetch(issuer + path, { method: 'POST', body: JSON.stringify([key, value]) })
  }
  const clerk: Clerk = {
    issuer,
    keyPair: pair,
    token: async (nowMs, claims, header) => await signSession(pair.privateKey, issuer, nowMs, claims, header),
    answer: async (path, answer) => await tell('/~answers', path, answer),
    publish: async (...jwks) => await tell('/~answers', JWKS_PATH, { body: JSON.stringify({ keys: jwks }) }),
    putUser: async (clerkUserId, externalId) => await tell('/~users', clerkUserId, externalId),
    calls: async () => await (await fetch(`${issuer}/~calls`)).json(),
  }
  await clerk.publish(await jwkOf(pair))
  return clerk
}

export async function signSession(
  privateKey: CryptoKey,
  issuer: string,
  nowMs: number,
  claims: Json = {},
  header: Json = {},
): Promise<string> {
  return await new SignJWT(sessionClaims(issuer, nowMs, claims))
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: KID, cat: 'cl_B7d4PD111AAA', ...header })
    .sign(privateKey)
}

export function sessionClaims(issuer: string, nowMs: number, claims: Json = {}): Json {
  const iat = Math.floor(nowMs / 1000)
  const base = {
    iss: issuer,
    sub: 'user_alice',
    sid: 'sess_1',
    azp: 'https://app.example.com',
    iat,
    nbf: iat - 5,
    exp: iat + 60,
    v: 2,
    sts: 'active',
  }
  return { ...base, ...claims }
}
