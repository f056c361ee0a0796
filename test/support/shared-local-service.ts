// Global set-up of the `local` tests: one service for all files.
import type { TestProject } from 'vitest/node'
import { spawnLocalService } from './local-service.ts'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { localTemplate } = project.getProvidedContext()
  const service = await spawnLocalService([], undefined, localTemplate)
  project.provide('localServiceUrl', service.url)
  return () => service.stop()
}
