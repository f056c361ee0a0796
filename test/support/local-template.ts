// Global set-up of tests that start services: the first `npm start`, done once, for all others to start from.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { freePort, startProcess } from './local-service.ts'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const template = await mkdtemp(join(tmpdir(), 'lynxgate-template-'))
  const args = ['src/cli/run.mjs', 'start', `--port=${await freePort()}`, `--state=${template}`]
  await (await startProcess(args)).end()
  // Every service has secrets of its own.
  for (const name of ['local.env', 'issuer-key.pem']) await rm(join(template, name))
  project.provide('localTemplate', template)
  return async () => await rm(template, { recursive: true, force: true })
}
