// Two runs for one film at once: one works, the other says who does.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lockHolder, takeLock } from '../../../src/cli/upload/work-files/lock.ts'
import { birthOf } from '../../../src/cli/process-life.ts'

const LOCK = new URL('../../../src/cli/upload/work-files/lock.ts', import.meta.url)
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lynxgate-lock-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A process that tries once, says how it went, and keeps what it got until its input ends. */
function startRival(file: string): { child: ChildProcess; said: Promise<string> } {
  const code = `
    import { takeLock } from ${JSON.stringify(LOCK.href)}
    const answer = await takeLock(${JSON.stringify(file)}).then(() => 'got', (error) => error.message)
    process.stdout.write(answer + '\\n')
    process.stdin.resume()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['pipe', 'pipe', 'inherit'] })
  const said = new Promise<string>((resolve) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()))
  })
  return { child, said }
}

describe('takeLock', () => {
  it.each([
    ['where there was none', undefined],
    ['that a killed process left', '99999999 gone'],
    ['that was left empty', ''],
  ])('is got by one of six that start at once, %s', { timeout: 60_000 }, async (_, left) => {
    const file = join(folder, 'race')
    await rm(file, { force: true })
    if (left !== undefined) await writeFile(file, left)
    const rivals = Array.from({ length: 6 }, () => startRival(file))
    const answers = await Promise.all(rivals.map(({ said }) => said))
    const winner = rivals[answers.indexOf('got')]?.child.pid
    expect(answers.filter((answer) => answer === 'got')).toHaveLength(1)
    for (const answer of answers.filter((text) => text !== 'got')) {
      expect(answer).toBe(`This film is being uploaded already, by process ${winner}: wait for it, or end it.`)
    }
    expect(await lockHolder(file)).toBe(winner)
    const ended = rivals.map(({ child }) => new Promise((resolve) => child.once('close', resolve)))
    for (const { child } of rivals) child.stdin?.end()
    await Promise.all(ended)
    expect(await lockHolder(file)).toBeUndefined()
    expect(await readdir(folder)).toEqual(['race'])
  })

  it('takes over from a process whose id another one has now', async () => {
    const file = join(folder, 'reused')
    await writeFile(file, `${process.ppid} another birth`)
    const release = await takeLock(file)
    expect(await readFile(file, 'utf8')).toBe(`${process.pid} ${birthOf(process.pid)}`)
    await release()
    await writeFile(file, `${process.ppid} ${birthOf(process.ppid)}`)
    await expect(takeLock(file)).rejects.toThrow(`by process ${process.ppid}:`)
    await rm(file)
  })
})
