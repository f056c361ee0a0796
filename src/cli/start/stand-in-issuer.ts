// The local stand-in issuer: a small server on this machine that signs session tokens as Clerk does, for every caller. It
// exists so that the console can be signed in to without an account, and so that the gate verifies what it always does.
import { createPublicKey } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, importPKCS8, importSPKI, SignJWT } from 'jose'
import { readClerkUserId } from '../../core/auth/session-token.ts'
import { LOCAL_ISSUER, LOCAL_KEY_ID } from '../local-state.ts'

export interface StandInIssuer {
  /** `http://127.0.0.1:port` */
  readonly url: string
  close(): Promise<void>
}

/** As long as Clerk's live. */
const TOKEN_SECONDS = 60
const MAX_BODY_BYTES = 1024

interface Reply {
  readonly status: number
  readonly body: unknown
}

/** `issuerKeyPem` signs; pages of these origins may ask for a token, and no other page may. */
export async function startStandInIssuer(issuerKeyPem: string, origins: readonly string[]): Promise<StandInIssuer> {
  const key = await importPKCS8(issuerKeyPem, 'RS256')
  const publicPem = createPublicKey(issuerKeyPem).export({ type: 'spki', format: 'pem' }).toString()
  const jwk = await exportJWK(await importSPKI(publicPem, 'RS256', { extractable: true }))
  const keySet = { keys: [{ ...jwk, kid: LOCAL_KEY_ID, use: 'sig', alg: 'RS256' }] }

  const askingOrigin = ({ headers: { origin } }: IncomingMessage): string | undefined =>
    origins.find((one) => one === origin)

  async function issue(request: IncomingMessage): Promise<Reply> {
    const origin = askingOrigin(request)
    if (origin === undefined) return refuse(403, 'Only the console may ask')
    const sub = readClerkUserId(await readSubject(request))
    if (sub === undefined) return refuse(422, 'sub must be a Clerk user id, such as user_demo')
    const now = Math.floor(Date.now() / 1000)
    const token = await new SignJWT({ sid: 'sess_console', azp: origin, v: 2, sts: 'active' })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: LOCAL_KEY_ID })
      .setIssuer(LOCAL_ISSUER)
      .setSubject(sub)
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + TOKEN_SECONDS)
      .sign(key)
    return { status: 200, body: { token, expires_at: now + TOKEN_SECONDS } }
  }

  async function reply(request: IncomingMessage): Promise<Reply> {
    // A name that someone else's DNS points at this machine is not ours.
    if (!/^127\.0\.0\.1:\d+$/.test(request.headers.host ?? '')) return refuse(421, 'Not my name')
    const call = `${request.method} ${request.url}`
    if (call === 'GET /.well-known/jwks.json') return { status: 200, body: keySet }
    if (call === 'OPTIONS /tokens') return { status: 204, body: undefined }
    if (call === 'POST /tokens') return await issue(request)
    return refuse(404, 'The local stand-in issuer has /tokens and /.well-known/jwks.json')
  }

  const server = createServer((request, response) => {
    void reply(request)
      .catch(() => refuse(400, 'Unreadable request'))
      .then(({ status, body }) => {
        response.writeHead(status, {
          'Content-Type': 'application/json',
          'Cache-Control': 'no-store',
          'Access-Control-Allow-Origin': askingOrigin(request) ?? origins[0] ?? 'null',
          'Access-Control-Allow-Headers': 'Content-Type',
          Server: 'lynxgate-stand-in-issuer',
          Vary: 'Origin',
        })
        response.end(body === undefined ? undefined : JSON.stringify(body))
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function readSubject(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request as AsyncIterable<Buffer>) {
    text += chunk.toString()
    if (text.length > MAX_BODY_BYTES) return undefined
  }
  const body: unknown = JSON.parse(text)
  return typeof body === 'object' && body !== null && 'sub' in body ? body.sub : undefined
}

function refuse(status: number, detail: string): Reply {
  return { status, body: { detail } }
}
