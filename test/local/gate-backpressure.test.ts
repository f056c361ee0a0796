// An engine that stops taking an upload: the client is held back, and told in time.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { formatApiKey } from '../../src/core/auth/api-key.ts'
import { startEngineServer, type EngineServer } from '../support/engine-server.ts'
import { filmPart, FORM_TYPE } from '../support/forms.ts'
import { openRaw } from '../support/raw-connection.ts'
import { startWorkerdService, type WorkerdService } from '../support/workerd-service.ts'

const BODY_BYTES = 500_000_000
/** What the sockets of three processes and the kernel between them may hold. */
const BUFFERS_BYTES = 60_000_000

const rawKey = formatApiKey(randomBytes(32))
let engine: EngineServer
let gate: WorkerdService

beforeAll(async () => {
  engine = await startEngineServer((incoming) => void incoming.pause())
  const { privateKey } = generateKeyPairSync('ed25519')
  gate = await startWorkerdService({
    rawKey,
    variables: {
      CLIPZY_ORIGIN: engine.url,
      CLIPZY_TIMEOUT_SECONDS: '2',
      ASSERTION_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  })
})

afterAll(async () => {
  await gate.stop()
  await engine.close()
})

it('holds the client back while the engine takes nothing, and answers 504', async () => {
  const { port } = gate.address('lynxgate', '/')
  const head = [
    'POST /api/v1/videos/upload HTTP/1.1',
    'Host: gate.example',
    `Authorization: ${rawKey}`,
    `Content-Length: ${BODY_BYTES}`,
    `Content-Type: ${FORM_TYPE}`,
  ]
  const begun = `--b\r\n${filmPart('')}`
  const { socket, readUntil } = openRaw(Number(port), `${head.join('\r\n')}\r\n\r\n${begun}`)
  const chunk = Buffer.alloc(65_536)
  const push = (): void => {
    while (!socket.destroyed && socket.write(chunk)) continue
  }
  socket.on('drain', push)
  push()
  const answer = await readUntil(/GATEWAY_TIMEOUT/)
  socket.off('drain', push)
  const sentBytes = socket.bytesWritten - socket.writableLength
  socket.destroy()
  expect(answer).toMatch(/^HTTP\/1\.1 504/)
  expect(sentBytes).toBeGreaterThan(0)
  expect(sentBytes).toBeLessThan(BUFFERS_BYTES)
})
