// The bare service as CI starts it, by wrangler alone: what `npm start` does not use must keep working.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localFolders, openLocalState } from '../../src/cli/local-state.ts'
import { runWrangler, startWrangler } from '../../src/cli/wrangler.ts'
import { freePort } from '../support/local-service.ts'
import { until } from '../support/until.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lynxgate-bare-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('wrangler dev', () => {
  it('runs the service on a migrated database, and ends at SIGTERM', async () => {
    const { dataFolder, envFile } = localFolders(folder)
    openLocalState(folder)
    const apply = ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', dataFolder]
    expect(await runWrangler(apply)).toMatchObject({ code: 0 })
    const port = await freePort()
    const service = startWrangler(['dev', '--port', String(port), '--persist-to', dataFolder, '--env-file', envFile])
    const ended = new Promise((resolve) => service.once('close', resolve))
    const url = `http://localhost:${port}`
    try {
      await until(async () => (await fetch(`${url}/api/health`).catch(() => undefined))?.ok === true)
      expect(await (await fetch(`${url}/api/health`)).json()).toMatchObject({ status: 'ok' })
      expect((await fetch(`${url}/api/me`)).status).toBe(401)
      expect((await fetch(`${url}/assets/watch.js`)).status).toBe(200)
    } finally {
      service.kill('SIGTERM')
      await ended
    }
  })
})
