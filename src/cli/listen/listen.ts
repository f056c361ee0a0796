// npm run listen: shows the events of a user as they happen, and passes them on to a program on this machine that no
// service could reach.
import { setTimeout as pause } from 'node:timers/promises'
import { createClient, type Client } from '../../client/client.ts'
import { LynxgateError } from '../../client/error.ts'
import { parseWebhookSecret, signWebhook, type WebhookSecret } from '../../core/events/webhook-signature.ts'
import { CommandProblem, defineCommand, runCommand, usageProblem, type Values } from '../command.ts'

const COMMAND = defineCommand({
  call: 'npm run listen',
  summary: 'Shows events as they happen, and passes them on with --forward. Ctrl-C ends it.',
  flags: {
    forward: {
      type: 'string',
      value: 'URL',
      help: 'where each event is sent on to, signed with the default secret: http://localhost:3000/hook',
    },
    url: { type: 'string', value: 'URL', help: 'the service; default LYNXGATE_URL, or http://localhost:8787' },
  },
  notes: 'LYNXGATE_KEY is a key with the scope webhooks:read, and webhooks:write for --forward.',
})

const LOOK_EVERY_MS = 1000
const FORWARD_TIMEOUT_MS = 10_000

type Event = Awaited<ReturnType<Client['listEvents']>>['events'][number]

async function main(values: Values<typeof COMMAND.flags>): Promise<void> {
  const forward = values.forward === undefined ? undefined : readUrl(values.forward, '--forward')
  const baseUrl = readUrl(values.url ?? (process.env['LYNXGATE_URL'] || 'http://localhost:8787'), 'LYNXGATE_URL').origin
  const key = process.env['LYNXGATE_KEY'] ?? ''
  if (key === '') throw usageProblem('LYNXGATE_KEY is not set: npm run --silent key makes a key.')
  const client = createClient({ baseUrl, key })
  try {
    const secret = forward === undefined ? undefined : await readSecret(client)
    let { place } = await client.listEvents({ limit: 1 })
    console.log(`Listening to ${baseUrl}.`)
    if (secret !== undefined) console.log(`Passed on to ${forward?.href}, signed with ${secret}`)
    for (;;) {
      const page = await client.listEvents({ after: place })
      for (const event of page.events) await show(event, forward, secret)
      place = page.place
      if (page.events.length === 0) await pause(LOOK_EVERY_MS)
    }
  } catch (error) {
    if (error instanceof LynxgateError) throw new CommandProblem(error.message)
    throw error
  }
}

async function readSecret(client: Client): Promise<WebhookSecret> {
  const { secret } = await client.getDefaultWebhookSecret()
  const parsed = parseWebhookSecret(secret)
  if (parsed === undefined) throw new CommandProblem('The service gave a secret that is none.')
  return parsed
}

/** One line an event, with what the program answered. */
async function show(event: Event, forward: URL | undefined, secret: WebhookSecret | undefined): Promise<void> {
  const answer = forward === undefined || secret === undefined ? '' : `  → ${await pass(event, forward, secret)}`
  console.log(`${event.timestamp}  ${event.type}  ${JSON.stringify(event.data)}${answer}`)
}

/** The very request that an endpoint gets. */
async function pass(event: Event, forward: URL, secret: WebhookSecret): Promise<string> {
  const { id, type, timestamp: happenedAt, data } = event
  const body = JSON.stringify({ type, timestamp: happenedAt, data })
  const timestamp = Math.floor(Date.now() / 1000)
  const headers = {
    'Content-Type': 'application/json',
    'User-Agent': 'lynxgate-webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signWebhook(secret, { id, timestamp, body }),
  }
  try {
    const signal = AbortSignal.timeout(FORWARD_TIMEOUT_MS)
    const response = await fetch(forward, { method: 'POST', headers, body, redirect: 'manual', signal })
    await response.body?.cancel()
    return String(response.status)
  } catch {
    return 'no answer'
  }
}

function readUrl(text: string, what: string): URL {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) throw usageProblem(`${what} must be an http or https URL.`)
  return url
}

await runCommand(COMMAND, main)
