// An engine that creates jobs for whom the gate's assertion names, and shows a job to its owner only.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'

const { LYNXGATE_URL = 'http://localhost:8787', PORT = '9090' } = process.env
const { ENGINE_ORIGIN = `http://127.0.0.1:${PORT}` } = process.env

// Asked for once and kept; a key that is not among them yet is looked up again, at most every thirty seconds.
const gateKeys = createRemoteJWKSet(new URL('/api/v1/.well-known/jwks.json', LYNXGATE_URL))

/** @type {Map<string, { owner: string | undefined, data: object }>} */
const jobs = new Map()

/**
 * The user whom the gate has proven.
 * @param {import('node:http').IncomingMessage} request
 */
async function userOf({ headers }) {
  const { payload } = await jwtVerify(String(headers['x-lynxgate-assertion'] ?? ''), gateKeys, {
    issuer: 'lynxgate',
    audience: ENGINE_ORIGIN,
    algorithms: ['EdDSA'],
    requiredClaims: ['sub', 'exp', 'request_id'],
  })
  return payload.sub
}

/**
 * Status, and the body's `data` or an error's code.
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<[number, object | string]>}
 */
async function answer(request) {
  const { method, url = '' } = request
  if (url === '/api/v1/health') return [200, { status: 'healthy' }]
  const owner = await userOf(request)
  if (method === 'POST' && url === '/api/v1/jobs') {
    const { video_id } = /** @type {{ video_id: string }} */ (await json(request))
    const data = { job_id: `job_${randomUUID()}`, video_id, status: 'queued', created_at: new Date().toISOString() }
    jobs.set(data.job_id, { owner, data })
    return [201, data]
  }
  const job = method === 'GET' ? jobs.get(url.replace('/api/v1/jobs/', '')) : undefined
  return job?.owner === owner && job !== undefined ? [200, job.data] : [404, 'JOB_NOT_FOUND']
}

/**
 * In an envelope, as the gate expects every answer.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function respond(request, response) {
  const [status, result] = await answer(request).catch((error) => {
    if (error instanceof errors.JOSEError) return /** @type {const} */ ([401, 'UNAUTHORIZED'])
    console.error(error)
    return /** @type {const} */ ([500, 'INTERNAL_ERROR'])
  })
  const body =
    typeof result === 'string'
      ? { success: false, message: result, error: { code: result, detail: result } }
      : { success: true, message: 'OK', data: result }
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

const server = createServer((request, response) => void respond(request, response))
server.listen(Number(PORT), '127.0.0.1', () => console.log(`The engine listens at http://127.0.0.1:${PORT}`))
