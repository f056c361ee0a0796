import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { watchAssets } from '../../../src/cli/start/asset-watch.ts'

describe('watchAssets', () => {
  it('tells once of a build, however many files it writes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lynxgate-watch-'))
    await mkdir(join(folder, 'assets'))
    let told = 0
    let stop = (): void => undefined
    await new Promise<void>((resolve) => {
      stop = watchAssets(() => {
        told += 1
        resolve()
      }, folder)
      const names = ['a.js', 'b.js', 'c.css']
      void Promise.all(names.map(async (name) => await writeFile(join(folder, 'assets', name), name)))
    })
    stop()
    await rm(folder, { recursive: true })
    expect(told).toBe(1)
  })

  it('says nothing where there is nothing to watch', () => {
    expect(() => watchAssets(() => undefined, '/nowhere/at/all')()).not.toThrow()
  })
})
