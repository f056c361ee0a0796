// Receives lynxgate's events, believes only what is signed with its secret, and takes each event once.
import { createServer } from 'node:http'
import { Webhook } from 'standardwebhooks'

const { PORT = '3000', WEBHOOK_SECRET = '' } = process.env
const webhook = new Webhook(WEBHOOK_SECRET)

/** Ids that were dealt with: in a database of yours, since the same event may come twice. */
const seen = new Set()

/**
 * What to answer.
 * @param {import('node:http').IncomingMessage} request
 */
async function receive(request) {
  if (request.method !== 'POST') return 405
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  try {
    // Of the body as it came: parsed and written again it would be another text.
    webhook.verify(body, /** @type {Record<string, string>} */ (request.headers))
  } catch {
    return 401
  }
  const id = request.headers['webhook-id']
  const { type, data } = JSON.parse(body)
  if (!seen.has(id)) console.log(`${type} ${JSON.stringify(data)}`)
  seen.add(id)
  // Within ten seconds: what takes longer is put into a queue of yours first.
  return 204
}

const server = createServer((request, response) => {
  receive(request).then(
    (status) => response.writeHead(status).end(),
    () => response.destroy(),
  )
})
server.listen(Number(PORT), () => console.log(`Receiving on http://localhost:${PORT}`))
