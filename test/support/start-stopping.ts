// `npm start`, ended by signals: whatever ends it, nothing of it is left.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freePort } from './local-service.ts'
import { allGone, familyOf, runStart } from './start-command.ts'

export const READY = 'Ctrl-C'

/** Tests each signal at npm, which hands it on or cannot, and at node itself. `copyState`: a started state of this name. */
export function testStopping(
  copyState: (name: string) => Promise<string>,
  signals: { readonly atNpm: readonly NodeJS.Signals[]; readonly atNode: readonly NodeJS.Signals[] },
): void {
  it.each(signals.atNpm)('F16: ends node and workerd and frees the port when npm gets %s', async (signal) => {
    const own = await copyState(`npm-${signal}`)
    const port = await freePort()
    const run = runStart([`--port=${port}`, `--state=${own}`], { byNpm: true })
    await run.printed(READY)
    const family = familyOf(run.child.pid ?? 0)
    // npm, perhaps a shell, node and workerd.
    expect(family.length).toBeGreaterThanOrEqual(3)
    // As a terminal does: to all at once.
    if (signal === 'SIGINT') for (const pid of family.slice(0, -1)) process.kill(pid, signal)
    else run.child.kill(signal)
    await allGone(family, port)
    expect(existsSync(join(own, 'service.json'))).toBe(false)
  })

  it.each(signals.atNode)('F16: ends with 0 when node itself gets %s', async (signal) => {
    const port = await freePort()
    const run = runStart([`--port=${port}`, `--state=${await copyState(`node-${signal}`)}`])
    await run.printed(READY)
    const family = familyOf(run.child.pid ?? 0)
    expect(family.length).toBeGreaterThanOrEqual(2)
    run.child.kill(signal)
    expect(await run.ended).toBe(0)
    await allGone(family, port)
  })
}
