// The soaked process as seen from outside: begun, killed with nothing said before, begun again on the same stores.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { residentBytes } from '../bench/process-info.ts'
import { CRON_PATH, FAULTS_PATH, type Faults } from './faults.ts'
import type { RuntimeOrder } from './runtime.ts'

const RUNTIME = fileURLToPath(new URL('runtime.ts', import.meta.url))
const KEPT_LINES = 200

export interface SoakedProcess {
  readonly url: string
  /** Of workerd, in bytes; undefined while it is away, or where the kernel does not say. */
  memory(): number | undefined
  /** What it logged last. */
  readonly lines: readonly string[]
  tell(faults: Faults): Promise<void>
  /** What Cloudflare fires every five minutes. */
  fireCron(): Promise<void>
  /** As a machine that loses its power: neither node nor workerd hears of it. Begins again at once. */
  killAndStart(): Promise<void>
  stop(): Promise<void>
}

export async function startSoaked(order: RuntimeOrder): Promise<SoakedProcess> {
  const url = `http://127.0.0.1:${order.port}`
  const lines: string[] = []
  let running = await begin(order, lines)
  // However the soak ends, it leaves nothing running.
  process.once('exit', () => void running.child.kill('SIGTERM'))
  return {
    url,
    lines,
    memory() {
      try {
        return residentBytes(running.workerd).now
      } catch {
        return undefined
      }
    },
    async tell(faults) {
      await fetch(url + FAULTS_PATH, { method: 'POST', body: JSON.stringify(faults) })
    },
    async fireCron() {
      await fetch(url + CRON_PATH, { method: 'POST' })
    },
    async killAndStart() {
      const gone = once(running.child, 'close')
      process.kill(running.workerd, 'SIGKILL')
      running.child.kill('SIGKILL')
      await gone
      running = await begin(order, lines)
    },
    async stop() {
      const gone = once(running.child, 'close')
      running.child.kill('SIGTERM')
      await gone
    },
  }
}

async function begin(order: RuntimeOrder, lines: string[]): Promise<{ child: ChildProcess; workerd: number }> {
  const child = spawn(process.execPath, ['--no-warnings', RUNTIME, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line)
    if (lines.length > KEPT_LINES) lines.shift()
  })
  return await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => {
      const { workerd } = JSON.parse(line) as { workerd: number }
      resolve({ child, workerd })
    })
    child.once('close', (code) => reject(new Error(`the soaked process ended with ${code}:\n${lines.join('\n')}`)))
  })
}
