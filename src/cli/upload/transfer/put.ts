// PUTs one file to a presigned URL and counts its bytes on the way. Never shows the URL: anyone who has it may write.
import { createReadStream } from 'node:fs'
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { asProblem, CommandProblem } from '../../command.ts'
import type { UploadObject } from './plan.ts'
import { explainFileError, UploadProblem } from '../problem.ts'
import { formatBytes } from '../progress.ts'
import { Transient } from './retry.ts'

const SILENCE_MS = 60_000
const agents = {
  http: new HttpAgent({ keepAlive: true }),
  https: new HttpsAgent({ keepAlive: true }),
}

/** A file, or `sizeBytes` of it from `firstByte` on. */
export interface Sending extends UploadObject {
  readonly firstByte?: number
}

/** The etag that was answered. Throws `Transient` when it may work later or with a new presigned URL. */
export async function putFile(
  url: string,
  object: Sending,
  onBytes: (count: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const isSecure = url.startsWith('https:')
  const request = (isSecure ? httpsRequest : httpRequest)(url, {
    method: 'PUT',
    agent: isSecure ? agents.https : agents.http,
    headers: { 'Content-Type': object.contentType, 'Content-Length': object.sizeBytes },
    timeout: SILENCE_MS,
    signal,
  })
  request.once('timeout', () => request.destroy(new Error('silence')))
  const answered = answerOf(request)
  sendBody(request, object, onBytes)
  const { status, text, etag } = await answered
  if (status >= 200 && status < 300) return etag
  const name = object.key.split('/').at(-1) ?? ''
  if (status === 413) {
    throw new UploadProblem(`${name} (${formatBytes(object.sizeBytes)}) is larger than the service takes (status 413).`)
  }
  const reason = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? `status ${status}`
  const sentence = `The bucket does not take ${name}: ${reason}.`
  // It also says that the URL expired, and the next try brings a new one.
  if (status === 403) throw new Transient(sentence, { patienceMs: 0 })
  if (status === 408 || status === 429 || status >= 500) throw new Transient(sentence)
  throw new UploadProblem(sentence)
}

function sendBody(request: ClientRequest, object: Sending, onBytes: (count: number) => void): void {
  const changed = new UploadProblem(`${object.path} changed while it was being sent.`)
  let sent = 0
  const { firstByte } = object
  const range = firstByte === undefined ? {} : { start: firstByte, end: firstByte + object.sizeBytes - 1 }
  const file = createReadStream(object.path, { highWaterMark: 256 * 1024, ...range })
  file.on('data', (chunk) => {
    sent += chunk.length
    if (sent > object.sizeBytes) file.destroy(changed)
    else onBytes(chunk.length)
  })
  file.once('error', (error) => request.destroy(asProblem(explainFileError(error)) ?? error))
  file.once('end', () => {
    if (sent < object.sizeBytes) request.destroy(changed)
  })
  request.once('close', () => file.destroy())
  file.pipe(request)
}

async function answerOf(request: ClientRequest): Promise<{ status: number; text: string; etag: string }> {
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve)
      request.once('error', reject)
    })
    let text = ''
    for await (const chunk of response) text += String(chunk).slice(0, 4096)
    return { status: response.statusCode ?? 0, text, etag: response.headers.etag ?? '' }
  } catch (error) {
    // Of the file on this disk; what the network says looks alike and passes.
    if (error instanceof CommandProblem) throw error
    throw new Transient('The connection to the bucket breaks off.')
  }
}
