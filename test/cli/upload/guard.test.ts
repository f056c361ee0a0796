// ffmpeg does not outlive the command, however that one ended.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { isRunning } from '../../../src/cli/process-life.ts'

const TOOL = new URL('../../../src/cli/upload/tools/tool.ts', import.meta.url)

describe.skipIf(process.platform === 'win32')('a tool that works for ever', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lynxgate-guard-'))
    const ffmpeg =
      '#!/bin/sh\necho $$ > "$LYNXGATE_TEST_PID.part"\nmv "$LYNXGATE_TEST_PID.part" "$LYNXGATE_TEST_PID"\nexec sleep 600\n'
    await writeFile(join(folder, 'ffmpeg'), ffmpeg, { mode: 0o755 })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** A process that runs it, and the tool's own id. */
  async function start(name: string): Promise<{ parent: ChildProcess; pid: number }> {
    const pidFile = join(folder, name)
    const code = `import { runFfmpeg } from ${JSON.stringify(TOOL.href)}; await runFfmpeg([], [])`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
      env: { ...process.env, PATH: `${folder}:${process.env['PATH']}`, LYNXGATE_TEST_PID: pidFile },
      stdio: 'ignore',
    })
    await vi.waitFor(() => expect(existsSync(pidFile)).toBe(true), { timeout: 30_000 })
    return { parent, pid: Number(await readFile(pidFile, 'utf8')) }
  }

  it.each(['SIGKILL', 'SIGHUP', 'SIGTERM'] as const)(
    'F38: ends with a command that ends by %s',
    { timeout: 90_000 },
    async (signal) => {
      const { parent, pid } = await start(signal)
      expect(isRunning(pid)).toBe(true)
      parent.kill(signal)
      await once(parent, 'close')
      await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 30_000 })
    },
  )
})
